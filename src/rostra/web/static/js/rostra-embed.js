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
