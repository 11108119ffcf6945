// Everything by keyboard. A button or link with data-key="r" answers to r; the key is printed on it with <kbd>.
// data-key="ctrl+enter" also works while typing in the same form. "/" goes to the search, j and k walk a list.
const typing = (e) => e.closest?.("input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]), textarea, select, [contenteditable]");

let pressed = null; // what a key has just pressed
let awaited = false; // its answer is on the way

function press(event) {
  if (event.defaultPrevented || event.isComposing || event.altKey || event.metaKey) return; // isComposing: a Telex word
  const key = (event.ctrlKey ? "ctrl+" : "") + (event.key === " " ? "space" : event.key.toLowerCase());
  const field = typing(event.target);
  const dialog = document.querySelector("dialog[open]");
  if (field) {
    if (key === "escape") return field.blur();
    if (event.ctrlKey) act(event, (field.form ?? document).querySelector(wanted(key)));
    return;
  }
  if (!dialog && key === "/") return act(event, document.querySelector("[data-search]"));
  if (!dialog && (key === "j" || key === "k")) return walk(event, key === "j" ? 1 : -1);
  const native = (key === "enter" || key === "space") && event.target.closest?.("a, button, summary, label");
  if (!native) act(event, (dialog ?? document).querySelector(wanted(key)));
}

const wanted = (key) => `[data-key="${CSS.escape(key)}"]:not([disabled]):not([hidden])`;

function act(event, element) {
  if (!element || !element.getClientRects().length) return;
  event.preventDefault();
  if (awaited || event.repeat) return; // nobody answers a question that they have not read yet
  if (element.matches("input, textarea")) {
    element.focus();
    element.select();
  } else {
    pressed = element;
    element.click();
    pressed = null;
  }
  // What a key opens, the next key writes into.
  if (element.matches("summary") && element.parentElement.open) element.parentElement.querySelector("input, select, textarea")?.focus();
}

function walk(event, step) {
  const list = event.target.closest?.("[data-walk]") ?? document.querySelector("[data-walk]");
  const stops = [...(list?.querySelectorAll("[data-row]") ?? [])].map((row) => row.querySelector("a[href], button") ?? row);
  if (!stops.length) return;
  event.preventDefault();
  const here = stops.findIndex((stop) => stop === document.activeElement);
  const start = here < 0 ? stops.findIndex((stop) => stop.getAttribute("aria-current")) : here;
  const next = stops[Math.max(0, Math.min(stops.length - 1, start + step))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

export function keys() {
  document.addEventListener("keydown", press);
  document.addEventListener("htmx:beforeSend", (event) => {
    if (!pressed || (event.detail.elt !== pressed && event.detail.elt !== pressed.form)) return;
    awaited = true;
    event.detail.xhr.addEventListener("loadend", () => (awaited = false));
  });
}
