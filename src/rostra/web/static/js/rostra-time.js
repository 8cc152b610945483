// <rostra-time><time datetime="…">20 Nov 2026, 07:31</time></rostra-time>
// Shows the reader's own time zone, and how long ago it was while that is recent.
customElements.define("rostra-time", class extends HTMLElement {
  // A formatter costs many times what it does: one of a kind serves all the times of the page.
  static #made = new Map();
  static #formatter(kind, wish) {
    const made = this.#made;
    if (!made.has(kind)) {
      const page = document.documentElement.lang;
      const zone = document.documentElement.dataset.zone; // what its reader chose, else the browser's
      const language = navigator.languages.find((code) => code.split("-")[0] === page) || page;
      made.set(kind, wish.numeric ? new Intl.RelativeTimeFormat(language, wish) : new Intl.DateTimeFormat(language, { ...wish, timeZone: zone }));
    }
    return made.get(kind);
  }
  // Some at a time: whoever touches the page meanwhile need not wait for all of them.
  static #waiting = [];
  static #work() {
    const until = performance.now() + 5;
    while (this.#waiting.length && performance.now() < until) this.#waiting.shift().show();
    if (this.#waiting.length) setTimeout(() => this.#work());
  }
  connectedCallback() {
    if (this.constructor.#waiting.push(this) === 1) setTimeout(() => this.constructor.#work());
  }
  show() {
    const time = this.querySelector("time");
    const at = time && new Date(time.dateTime);
    if (!at || Number.isNaN(at.getTime())) return;
    const formatter = (kind, wish) => this.constructor.#formatter(kind, wish);
    const tell = () => { time.title = formatter("full", { dateStyle: "full", timeStyle: "short" }).format(at); };
    this.addEventListener("pointerenter", tell, { once: true });
    const seconds = (at.getTime() - Date.now()) / 1000;
    const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
    const isEnd = seconds > 60 && this.hasAttribute("precise"); // "until" that day, not "until in 3 days"
    if (Math.abs(seconds) < 7 * 86400 && !isEnd) {
      const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) || ["minute", 60];
      time.textContent = formatter("ago", { numeric: "auto" }).format(Math.round(seconds / size), unit);
    } else if (this.hasAttribute("precise")) {
      time.textContent = formatter("precise", { dateStyle: "medium", timeStyle: "short" }).format(at);
    } else {
      time.textContent = formatter("day", { dateStyle: "medium" }).format(at);
    }
  }
});
