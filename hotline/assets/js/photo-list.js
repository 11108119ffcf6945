// <photo-list max="5" max-mb="10"><input type="file" multiple …></photo-list>
// Shows what was chosen and lets each be taken out before sending; the server checks everything again.
import { say } from "./words.js";

class PhotoList extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    if (!this.input || this.list) return;
    this.list = Object.assign(document.createElement("ul"), { className: "photos" });
    this.status = Object.assign(document.createElement("p"), { className: "field-help" });
    this.status.setAttribute("role", "status");
    this.append(this.list, this.status);
    this.files = [];
    this.input.addEventListener("change", () => this.add([...this.input.files]));
  }

  add(chosen) {
    const max = Number(this.getAttribute("max") ?? 5);
    const mb = Number(this.getAttribute("max-mb") ?? 10);
    const said = [];
    for (const file of chosen) {
      const name = file.name;
      if (!file.type.startsWith("image/") && !/\.hei[cf]$/i.test(name)) said.push(say("notPhoto", { name }));
      else if (file.size > mb * 1024 * 1024) said.push(say("tooBig", { name, n: mb }));
      else if (!this.files.some((f) => f.name === name && f.size === file.size)) this.files.push(file);
    }
    if (this.files.length > max) {
      this.files.length = max;
      said.push(say("tooMany", { n: max }));
    }
    this.show(said);
  }

  show(said = []) {
    const carrier = new DataTransfer();
    this.files.forEach((file) => carrier.items.add(file));
    this.input.files = carrier.files;
    this.list.replaceChildren(...this.files.map((file) => this.item(file)));
    this.status.className = said.length ? "field-error" : "field-help";
    this.status.textContent = said.join(" ") || (this.files.length ? say("photos", { n: this.files.length }) : "");
  }

  item(file) {
    const item = document.createElement("li");
    const image = Object.assign(document.createElement("img"), { alt: file.name, src: URL.createObjectURL(file) });
    image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "remove", textContent: "×" });
    remove.setAttribute("aria-label", say("remove", { name: file.name }));
    remove.addEventListener("click", () => {
      this.files = this.files.filter((f) => f !== file);
      this.show();
      this.input.focus();
    });
    item.append(image, remove);
    return item;
  }
}

customElements.define("photo-list", PhotoList);
