// <rostra-similar><a href="/threads/12/similar">Similar threads</a></rostra-similar>
// Takes the list of that page in here, once a reader has come down to it; else it stays a link.
customElements.define("rostra-similar", class extends HTMLElement {
  connectedCallback() {
    const link = this.querySelector("a");
    if (!link || !("IntersectionObserver" in window)) return;
    this.watching = new IntersectionObserver((seen) => {
      if (!seen.some((entry) => entry.isIntersecting)) return;
      this.watching.disconnect();
      this.take(link);
    });
    this.watching.observe(this);
  }
  disconnectedCallback() {
    this.watching?.disconnect();
  }
  async take(link) {
    let list = null;
    try {
      const answer = await fetch(link.href);
      if (!answer.ok) return;
      list = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".similar");
    } catch {
      return; // the link is still there
    }
    if (!list || list.querySelector(".nothing")) return;
    const head = document.createElement("h2");
    head.append(link);
    this.replaceChildren(head, document.importNode(list, true));
  }
});
