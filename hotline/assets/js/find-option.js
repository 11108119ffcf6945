// <find-option label="…" ><select>…</select></find-option>: a field above a long list that leaves only what matches what
// is typed, with marks or without. Without JavaScript the list is an ordinary one.
const bare = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase().trim();

class FindOption extends HTMLElement {
  connectedCallback() {
    this.select = this.querySelector("select");
    if (!this.select || this.input) return;
    this.options = [...this.select.options];
    this.input = Object.assign(document.createElement("input"), { type: "search", className: "form-control", autocomplete: "off", placeholder: this.getAttribute("label") ?? "" });
    this.input.setAttribute("aria-label", this.getAttribute("label") ?? "");
    this.input.setAttribute("aria-controls", this.select.id);
    this.select.before(this.input);
    this.input.addEventListener("input", () => this.show());
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // the form is not sent while a commune is looked for
      this.select.focus();
    });
  }

  show() {
    const wanted = bare(this.input.value);
    const chosen = this.select.value;
    const found = this.options.filter((o) => !o.value || !wanted || bare(`${o.text} ${o.dataset.also ?? ""}`).includes(wanted));
    this.select.replaceChildren(...found);
    const kept = found.find((o) => o.value && o.value === chosen);
    const only = wanted ? found.filter((o) => o.value) : [];
    this.select.value = kept?.value ?? (only.length === 1 ? only[0].value : "");
  }
}

customElements.define("find-option", FindOption);
