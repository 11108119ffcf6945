// <form data-passkey="create|get">: pressing [data-passkey-go] asks the device for its key and sends the answer as `credential`.
// The options stand in <script type="application/json" id=…> named by data-options, or are fetched from data-options-url.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const binary = (key) => ({ ...key, id: bytes(key.id) });

/** The options as the browser wants them: what is text in JSON is bytes here. */
function options({ publicKey }) {
  const ready = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (publicKey.user) ready.user = binary(publicKey.user);
  for (const list of ["excludeCredentials", "allowCredentials"]) if (publicKey[list]) ready[list] = publicKey[list].map(binary);
  return ready;
}

/** The device's answer as JSON, for browsers old and new. */
function answer(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: credential.getClientExtensionResults() };
}

async function wanted(form) {
  if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
  const reply = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  if (!reply.ok) throw new Error(`passkey options: ${reply.status}`);
  return (await reply.json()).request_options;
}

async function ask(form) {
  const publicKey = options(await wanted(form));
  if (form.dataset.passkey === "get") return navigator.credentials.get({ publicKey });
  const passwordless = form.elements.passwordless?.checked ?? false;
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: passwordless ? "required" : "discouraged",
    requireResidentKey: passwordless,
    ...(passwordless ? { userVerification: "required" } : {}),
  };
  return navigator.credentials.create({ publicKey });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue; // a form that could do nothing stays hidden, or says so on pressing
  form.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-passkey-go]");
  if (!button) return;
  const form = button.form;
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  button.disabled = true;
  try {
    form.elements.credential.value = JSON.stringify(answer(await ask(form)));
    form.submit();
  } catch (error) {
    console.warn(error); // the person pressed "cancel", or the device knows no key: the sentence says what to do
    failed.hidden = false;
    button.disabled = false;
  }
});
