// A−/A/A+ and contrast at once, without waiting for the server. Without JavaScript the same buttons post the form.
const YEAR = 31536000;

function keep(name, value) {
  document.cookie = `${name}=${value};path=/;max-age=${YEAR};samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
}

function paint(name, value) {
  document.documentElement.dataset[name] = value;
  for (const button of document.querySelectorAll(`.prefs button[name="${name}"]`)) {
    if (name === "text") button.setAttribute("aria-pressed", String(button.value === value));
    else {
      button.setAttribute("aria-pressed", String(value === "high"));
      button.value = value === "high" ? "normal" : "high";
    }
  }
}

export function preferences() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".prefs button[name=text], .prefs button[name=contrast]");
    if (!button) return;
    event.preventDefault();
    const { name, value } = button;
    keep(name, value);
    paint(name, value);
  });
}
