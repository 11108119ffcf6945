// Nothing typed is lost: <form data-guard="case-17-answer"> keeps a draft in this browser until it is sent, brings it
// back after a closed tab, and the browser warns before the page is left with unsent text.
// Forms with personal data on shared machines say data-guard-memory="off": warned about, never stored;
// a single field says data-guard-off.
import { note } from "./notes.js";
import { say } from "./words.js";

const PREFIX = "draft:";
const KEPT = "textarea, input[type=text], input:not([type])";
const DAYS = 3 * 24 * 3600 * 1000;
const changed = new WeakSet();

const fields = (form) => [...form.querySelectorAll(KEPT)].filter((f) => f.name && f.dataset.guardOff === undefined && !f.name.startsWith("csrf"));
const remembers = (form) => form.dataset.guard && form.dataset.guardMemory !== "off";

function store(form) {
  const values = Object.fromEntries(fields(form).filter((f) => f.value !== f.defaultValue).map((f) => [f.name, f.value]));
  try {
    localStorage.setItem(PREFIX + form.dataset.guard, JSON.stringify({ at: Date.now(), values }));
  } catch {
    form.dataset.guardMemory = "off"; // private window or full store: the warning before leaving still works
  }
}

function restore(form) {
  const kept = JSON.parse(localStorage.getItem(PREFIX + form.dataset.guard) ?? "null");
  if (!kept || Date.now() - kept.at > DAYS) return forget(form);
  let any = false;
  for (const field of fields(form)) {
    if (kept.values[field.name] && !field.value) {
      field.value = kept.values[field.name];
      any = true;
    }
  }
  if (!any) return;
  changed.add(form);
  const line = Object.assign(document.createElement("p"), { className: "muted small", textContent: `${say("draft")} ` });
  line.setAttribute("role", "status");
  const button = Object.assign(document.createElement("button"), { className: "btn btn-quiet btn-small", type: "button", textContent: say("discard") });
  button.addEventListener("click", () => {
    fields(form).forEach((f) => (f.value = f.defaultValue));
    changed.delete(form);
    forget(form);
    line.remove();
  });
  line.append(button);
  form.prepend(line);
}

function forget(form) {
  localStorage.removeItem(PREFIX + form.dataset.guard);
}

/** Called after each swap: new forms get their drafts back. */
export function guardForms(root = document) {
  for (const form of root.querySelectorAll("form[data-guard]")) {
    if (form.dataset.guarded) continue;
    form.dataset.guarded = "yes";
    if (remembers(form)) restore(form);
  }
}

export function guard() {
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (!form) return;
    changed.add(form);
    if (remembers(form)) store(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) changed.delete(form);
  });
  // The draft goes only when the server has taken the text: htmx says so, a full page does it by data-guard-done.
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest?.("form[data-guard]");
    if (!form) return;
    if (event.detail.successful) forget(form);
    else {
      changed.add(form);
      if (!event.detail.xhr?.status) note(say("unsent"), "error");
    }
  });
  for (const done of document.querySelectorAll("[data-guard-done]")) localStorage.removeItem(PREFIX + done.dataset.guardDone);
  window.addEventListener("beforeunload", (event) => {
    if ([...document.querySelectorAll("form[data-guard]")].some((form) => changed.has(form))) event.preventDefault();
  });
  guardForms();
}
