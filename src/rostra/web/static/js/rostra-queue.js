// <rostra-queue><ol><li tabindex="-1">…</li></ol></rostra-queue>
// In the list, and nowhere else: j and k go from one to the next; a, r and g press or open what in
// the one with the focus has that data-key. After a decision the focus comes back to the list.
customElements.define("rostra-queue", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => this.press(event));
    // The browser goes to the place in the address at the end of loading, and takes the focus away.
    if (document.readyState === "complete") this.begin();
    else addEventListener("load", () => setTimeout(() => this.begin()), { once: true });
  }
  begin() {
    const wrong = this.querySelector("[aria-invalid=true]");
    if (wrong) wrong.focus();
    else if (location.hash === "#queue") this.items()[0]?.focus();
  }
  items() {
    return [...this.querySelectorAll("li[tabindex]")];
  }
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
    const items = this.items();
    const at = items.findIndex((item) => item.contains(event.target));
    const step = { j: 1, k: -1 }[event.key];
    if (step) {
      items[Math.min(Math.max(at + step, 0), items.length - 1)]?.focus();
    } else if (at >= 0 && ["a", "r", "g"].includes(event.key)) {
      this.act(items[at].querySelector(`[data-key="${event.key}"]`));
    } else {
      return;
    }
    event.preventDefault();
  }
  act(found) {
    if (!found) return;
    if (!found.matches("details")) { found.click(); return; }
    found.open = true;
    found.querySelector("select, textarea").focus();
  }
});
