// <details is in <rostra-menu>>: closes on Escape, on a click elsewhere and when the focus leaves.
customElements.define("rostra-menu", class extends HTMLElement {
  connectedCallback() {
    const menu = this.querySelector("details");
    if (!menu) return;
    document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
    this.addEventListener("focusout", (event) => { if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false; });
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
});
