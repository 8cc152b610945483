// <rostra-claim><a href="/posts/12/claim">Claim</a></rostra-claim>
// Takes the words that are selected in the post along to the form that makes a claim of them.
customElements.define("rostra-claim", class extends HTMLElement {
  connectedCallback() {
    const link = this.querySelector("a");
    // The selection is gone once the link is pressed: it is read before that.
    const take = () => {
      const words = this.selected();
      link.search = words ? `?words=${encodeURIComponent(words)}` : "";
    };
    this.addEventListener("pointerdown", take);
    this.addEventListener("focusin", take);
  }
  selected() {
    const selection = getSelection();
    const prose = this.closest("article")?.querySelector(".prose");
    if (!selection || selection.isCollapsed || !prose) return "";
    const isInside = prose.contains(selection.anchorNode) && prose.contains(selection.focusNode);
    return isInside ? selection.toString().replace(/\s+/g, " ").trim().slice(0, 500) : "";
  }
});
