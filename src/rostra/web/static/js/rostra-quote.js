// <rostra-quote><a href="/posts/12/reply">Quote</a></rostra-quote>
// Puts what is selected in the post, or else the whole of it, into the composer of this page.
customElements.define("rostra-quote", class extends HTMLElement {
  connectedCallback() {
    // The selection is gone once the link is pressed: it is read before that.
    this.addEventListener("pointerdown", () => { this.words = this.selected(); });
    this.addEventListener("click", (event) => this.press(event));
  }
  async press(event) {
    const composer = document.querySelector("rostra-composer");
    if (!composer || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const words = this.words || this.selected();
    const id = this.querySelector("a").pathname.split("/")[2];
    if (words) {
      const name = this.closest("article").querySelector(".by h2").textContent.trim().replace(/["[\]\n]/g, "");
      return composer.quote(`[quote="${name}, post: ${id}"]\n${words}\n[/quote]\n\n`);
    }
    const answer = await fetch(`/posts/${id}/quotation`).catch(() => null);
    if (answer?.ok) composer.quote((await answer.json()).source);
    else location.assign(this.querySelector("a").href);
  }
  selected() {
    const selection = getSelection();
    const prose = this.closest("article")?.querySelector(".prose");
    if (!selection || selection.isCollapsed || !prose) return "";
    return prose.contains(selection.anchorNode) && prose.contains(selection.focusNode) ? selection.toString().trim() : "";
  }
});
