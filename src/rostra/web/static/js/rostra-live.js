// <rostra-live data-every="15" [data-thread="12" data-after="57" data-to="/threads/12/unread"]><a hidden>New posts</a></rostra-live>
// Asks now and then what is new, while somebody looks: sets the bell and the envelope, and shows the link to new posts.
customElements.define("rostra-live", class extends HTMLElement {
  connectedCallback() {
    const first = document.querySelector("rostra-live[data-thread]") ?? document.querySelector("rostra-live");
    if (first !== this) return; // one on a page asks for all
    this.seen = () => { if (!document.hidden) this.ask(); };
    document.addEventListener("visibilitychange", this.seen);
    this.clock = setInterval(this.seen, Number(this.dataset.every) * 1000);
  }
  disconnectedCallback() {
    clearInterval(this.clock);
    document.removeEventListener("visibilitychange", this.seen);
  }
  async ask() {
    const { thread, after } = this.dataset;
    let news;
    try {
      const answer = await fetch(thread ? `/live?thread=${thread}&after=${after}` : "/live");
      if (!answer.ok) return;
      news = await answer.json();
    } catch {
      return; // offline for now: the next time will tell
    }
    this.count("bell", news.bell);
    this.count("envelope", news.envelope);
    const link = this.querySelector("a");
    if (!link || !news.last) return;
    link.href = this.dataset.to;
    link.hidden = false;
  }
  count(name, number) {
    const shown = document.querySelector(`[data-${name}]`);
    if (!shown || number === undefined || shown.dataset[name] === String(number)) return;
    shown.dataset[name] = number;
    shown.hidden = !number;
    shown.textContent = number > 99 ? "99+" : number.toLocaleString(document.documentElement.lang);
  }
});
