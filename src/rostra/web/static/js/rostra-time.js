// <rostra-time><time datetime="…">20 Nov 2026, 07:31</time></rostra-time>
// Shows the reader's own time zone, and how long ago it was while that is recent.
customElements.define("rostra-time", class extends HTMLElement {
  connectedCallback() {
    const time = this.querySelector("time");
    const at = time && new Date(time.dateTime);
    if (!at || Number.isNaN(at.getTime())) return;
    const page = document.documentElement.lang;
    const language = navigator.languages.find((code) => code.split("-")[0] === page) || page;
    time.title = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" }).format(at);
    const seconds = (at.getTime() - Date.now()) / 1000;
    const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
    if (Math.abs(seconds) < 7 * 86400) {
      const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) || ["minute", 60];
      time.textContent = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.round(seconds / size), unit);
    } else {
      time.textContent = new Intl.DateTimeFormat(language, { dateStyle: "medium", ...(this.hasAttribute("precise") && { timeStyle: "short" }) }).format(at);
    }
  }
});
