// <rostra-embed data-provider="youtube" data-video="…" data-start="90"><a href="…">…</a></rostra-embed>
// Loads a player after a click and not before: until then nothing leaves this site.
customElements.define("rostra-embed", class extends HTMLElement {
  static players = {
    youtube: (id, start) => `https://www.youtube-nocookie.com/embed/${id}?autoplay=1&start=${start}`,
    vimeo: (id, start) => `https://player.vimeo.com/video/${id}?autoplay=1&dnt=1#t=${start}s`,
  };
  connectedCallback() {
    const link = this.querySelector("a");
    const player = this.constructor.players[this.dataset.provider];
    if (!link || !player || !/^[A-Za-z0-9_-]{6,20}$/.test(this.dataset.video || "")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = `▶ ${link.hostname.replace(/^www\./, "")}`;
    button.addEventListener("click", () => {
      const frame = document.createElement("iframe");
      frame.src = player(this.dataset.video, Number.parseInt(this.dataset.start, 10) || 0);
      frame.title = link.hostname;
      frame.allow = "autoplay; fullscreen; picture-in-picture";
      frame.referrerPolicy = "strict-origin-when-cross-origin";
      frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-presentation allow-popups");
      this.classList.add("playing");
      this.replaceChildren(frame);
      frame.focus();
    });
    this.prepend(button, " ");
  }
});

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
