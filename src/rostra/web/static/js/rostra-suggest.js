// <rostra-suggest data-boards="Boards" data-members="Members" data-threads="Threads"><input name="q"></rostra-suggest>
// Offers boards, members and threads while somebody types (ARIA: combobox with a listbox in groups).
// With data-put the field holds names, with commas between, and takes what is chosen; only kinds with a label are offered.
// Without it the field works as any: Enter searches, and so it does while nothing is chosen.
customElements.define("rostra-suggest", class extends HTMLElement {
  static wait = 160; // milliseconds of rest before asking
  static count = 0;
  connectedCallback() {
    this.input = this.querySelector("input");
    if (!this.input) return;
    this.list = document.createElement("ul");
    this.list.id = `suggest-${++this.constructor.count}`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.input.placeholder);
    this.append(this.list);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
    })) this.input.setAttribute(name, value);
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("focusout", (event) => { if (!this.contains(event.relatedTarget)) this.close(); });
    // Pressed, not clicked: the field keeps the focus, so that the list is still there when the finger lifts.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.go(event.target.closest("[role=option]")));
  }
  disconnectedCallback() {
    clearTimeout(this.timer);
    this.asking?.abort();
  }
  get takes() { return this.dataset.put !== undefined; }
  // What is being typed: all of it, or the last of several names.
  get typed() { return this.takes ? this.input.value.split(/[,،]/).at(-1) : this.input.value; }
  get options() { return [...this.list.querySelectorAll("[role=option]")]; }
  get chosen() { return this.list.querySelector("[aria-selected=true]"); }
  later() {
    clearTimeout(this.timer);
    this.asking?.abort();
    const text = this.typed.trim();
    if (text.length < 2 && !/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(text)) return this.close();
    this.timer = setTimeout(() => this.ask(text), this.constructor.wait);
  }
  async ask(text) {
    this.asking = new AbortController();
    try {
      const answer = await fetch(`/search/suggest?q=${encodeURIComponent(text)}`, { signal: this.asking.signal });
      if (answer.ok) this.show(await answer.json());
      else this.close();
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }
  show(found) {
    this.list.replaceChildren();
    for (const kind of ["boards", "members", "threads"]) if (this.dataset[kind] && found[kind].length) this.list.append(this.group(kind, found[kind]));
    this.input.removeAttribute("aria-activedescendant");
    const isOpen = this.options.length > 0 && this.contains(document.activeElement);
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
  }
  group(kind, rows) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    const inner = document.createElement("ul");
    name.id = `${this.list.id}-${kind}`;
    name.textContent = this.dataset[kind];
    item.setAttribute("role", "group");
    item.setAttribute("aria-labelledby", name.id);
    inner.setAttribute("role", "presentation");
    rows.forEach(([text, address], number) => {
      const option = document.createElement("li");
      option.id = `${name.id}-${number}`;
      option.dir = "auto";
      option.dataset.address = address;
      option.textContent = text;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      inner.append(option);
    });
    item.append(name, inner);
    return item;
  }
  key(event) {
    if (event.isComposing) return;
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && !this.list.hidden && this.chosen) {
      event.preventDefault();
      this.go(this.chosen);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !this.list.hidden) {
      event.preventDefault();
      this.move(event.key === "ArrowDown" ? 1 : -1);
    }
  }
  move(step) {
    const options = this.options;
    // One place more than options: nothing chosen, which is to search for what is typed.
    const places = options.length + 1;
    const next = (options.indexOf(this.chosen) + 1 + step + places) % places - 1;
    this.chosen?.setAttribute("aria-selected", "false");
    if (next < 0) return this.input.removeAttribute("aria-activedescendant");
    options[next].setAttribute("aria-selected", "true");
    options[next].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", options[next].id);
  }
  go(option) {
    if (!option) return;
    if (!this.takes) return location.assign(option.dataset.address);
    const before = this.input.value.slice(0, this.input.value.length - this.typed.length).trimEnd();
    this.input.value = `${before}${before && " "}${option.textContent}, `;
    this.close();
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.list.replaceChildren();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
});
