// <rostra-alike data-field="id_title" data-head="Similar threads"></rostra-alike>
// Shows the threads whose titles are like the one in the field, once it was typed; none, nothing.
customElements.define("rostra-alike", class extends HTMLElement {
  connectedCallback() {
    const field = document.getElementById(this.dataset.field);
    field?.addEventListener("change", () => this.ask(field.value.trim()));
  }
  async ask(title) {
    this.asked = title;
    let list = null;
    if (title.length >= 10) {
      try {
        const answer = await fetch(`/search/alike?title=${encodeURIComponent(title)}`);
        const page = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
        list = page?.querySelector(".similar") ?? null;
      } catch {
        return; // it is a help, no more
      }
    }
    if (this.asked !== title) return; // another was typed meanwhile
    if (!list || list.querySelector(".nothing")) return this.replaceChildren();
    const head = document.createElement("p");
    head.textContent = this.dataset.head;
    list = document.importNode(list, true);
    list.classList.remove("panel");
    for (const link of list.querySelectorAll("a")) link.target = "_blank"; // what was typed stays
    this.replaceChildren(head, list);
  }
});
