// <rostra-live data-every="15" [data-thread="12" data-after="57" data-to="/threads/12/unread"]><a hidden>New posts</a></rostra-live>
// Asks now and then what is new, while somebody looks: sets the bell, and shows the link to new posts.
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
    const bell = document.querySelector("[data-bell]");
    if (bell && news.bell !== undefined && (bell.dataset.bell !== String(news.bell))) {
      bell.dataset.bell = news.bell;
      bell.hidden = !news.bell;
      bell.textContent = news.bell > 99 ? "99+" : news.bell.toLocaleString(document.documentElement.lang);
    }
    const link = this.querySelector("a");
    if (!link || !news.last) return;
    link.href = this.dataset.to;
    link.hidden = false;
  }
});
