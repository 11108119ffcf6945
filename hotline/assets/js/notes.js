// Short notes at the corner of the page, read out by screen readers; the same look as the server's messages.
const LIFE = 8000;

/** Shows `text`; `tone` is "info", "success", "warning" or "error". Errors stay until closed. */
export function note(text, tone = "info") {
  let box = document.querySelector(".toasts");
  if (!box) {
    box = Object.assign(document.createElement("div"), { className: "toasts" });
    box.setAttribute("role", "status");
    document.body.append(box);
  }
  const item = Object.assign(document.createElement("button"), { className: `note ${tone}`, type: "button", textContent: text });
  item.addEventListener("click", () => item.remove());
  box.append(item);
  if (tone !== "error") setTimeout(() => item.remove(), LIFE);
}
