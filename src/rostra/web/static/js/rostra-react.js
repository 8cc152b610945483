// <rostra-react><a href="/posts/12/reactions">React</a></rostra-react>
// Offers the reactions in place. Without it, or without a form's token on the page, the link leads to them.
customElements.define("rostra-react", class extends HTMLElement {
  connectedCallback() {
    this.link = this.querySelector("a");
    this.link?.addEventListener("click", (event) => this.open(event));
    this.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
    this.addEventListener("focusout", (event) => { if (!this.contains(event.relatedTarget)) this.close(); });
  }
  get token() { return document.querySelector("input[name=csrfmiddlewaretoken]")?.value; }
  async open(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !this.token) return;
    event.preventDefault();
    if (this.list) return this.close();
    const answer = await fetch(this.link.href).catch(() => null);
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const buttons = page?.querySelectorAll(".reacting button") ?? [];
    if (!buttons.length) return location.assign(this.link.href);
    this.list = document.createElement("span");
    this.list.className = "choices";
    this.list.setAttribute("role", "group");
    this.list.setAttribute("aria-label", this.link.textContent);
    for (const one of buttons) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = one.firstElementChild.textContent;
      button.setAttribute("aria-label", one.textContent.replace(button.textContent, "").trim());
      button.setAttribute("aria-pressed", one.getAttribute("aria-pressed"));
      button.addEventListener("click", () => this.send(one.value));
      this.list.append(button);
    }
    this.append(this.list);
    this.link.setAttribute("aria-expanded", "true");
    this.list.firstElementChild.focus();
  }
  async send(kind) {
    const body = new URLSearchParams({ csrfmiddlewaretoken: this.token, kind });
    const headers = { Accept: "application/json" };
    const answer = await fetch(this.link.href, { method: "POST", body, headers }).catch(() => null);
    if (!answer?.ok) return location.assign(this.link.href); // the page there says why
    const id = this.closest("article").id;
    // The row below the post is the server's: it knows every count and every word.
    const page = await fetch(location.href).then((one) => one.text()).catch(() => "");
    const row = new DOMParser().parseFromString(page, "text/html").querySelector(`#${CSS.escape(id)} .acts`);
    if (!row) return location.reload();
    const mine = this.closest(".acts");
    mine.replaceWith(document.adoptNode(row));
    row.querySelector("rostra-react a")?.focus();
  }
  close() {
    this.list?.remove();
    this.list = null;
    this.link.removeAttribute("aria-expanded");
  }
});
