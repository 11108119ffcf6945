// <button data-confirm="Chuyển trả phiếu này?"> asks once in a <dialog> before its form is sent or its link followed.
import { say } from "./words.js";

/** Asks `question`; resolves to true when the person agreed. */
export function ask(question, { yes = say("yes"), danger = false } = {}) {
  const dialog = document.createElement("dialog");
  const title = Object.assign(document.createElement("h2"), { textContent: question, id: "confirm-title" });
  const row = Object.assign(document.createElement("form"), { method: "dialog", className: "row" });
  const no = Object.assign(document.createElement("button"), { className: "btn", value: "", textContent: say("no") });
  const go = Object.assign(document.createElement("button"), { className: `btn ${danger ? "btn-danger" : "btn-primary"}`, value: "yes", textContent: yes });
  row.append(no, go);
  dialog.append(title, row);
  dialog.setAttribute("aria-labelledby", title.id);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

export function confirm() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-confirm]");
    if (!button || button.dataset.agreed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!(await ask(button.dataset.confirm, { yes: button.dataset.confirmYes || button.textContent.trim(), danger: button.matches(".btn-danger") }))) return;
    button.dataset.agreed = "yes";
    button.click();
    delete button.dataset.agreed;
  }, true);
  // <button data-open="dialog-id"> opens a dialog that the page already holds; [data-close] shuts it.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.open);
      if (dialog?.showModal) {
        event.preventDefault();
        dialog.showModal();
      }
    }
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  });
}
