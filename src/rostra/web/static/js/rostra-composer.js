// <rostra-composer data-place="t12"><form>…<textarea name="source">…</form></rostra-composer>
// Toolbar, shortcuts, preview and drafts around a form that works without any of them.
customElements.define("rostra-composer", class extends HTMLElement {
  static rest = 2500; // milliseconds without a key before the draft is kept
  static marks = {
    bold: ["**", "**"], italic: ["*", "*"], code: ["`", "`"], link: ["[", "](https://)"],
    quote: ["[quote]\n", "\n[/quote]\n"], spoiler: ["[spoiler]", "[/spoiler]"], list: ["- ", ""],
  };
  static keys = { b: "bold", i: "italic", k: "link", e: "code" };
  connectedCallback() {
    this.form = this.querySelector("form");
    this.area = this.querySelector("textarea[name=source]");
    if (!this.form || !this.area) return;
    this.saved = this.querySelector(".saved");
    this.shown = this.querySelector(".preview");
    this.querySelector(".tb").hidden = false;
    this.kept = this.area.value;
    this.addEventListener("click", (event) => this.press(event));
    this.area.addEventListener("keydown", (event) => this.key(event));
    this.area.addEventListener("input", () => this.name());
    this.area.addEventListener("blur", () => this.hideNames());
    this.form.addEventListener("input", () => this.later());
    this.form.addEventListener("submit", (event) => this.send(event));
    this.area.addEventListener("focus", () => this.restore(), { once: true });
    this.area.addEventListener("paste", (event) => this.paste(event));
    // Somebody who leaves loses nothing of the last seconds.
    this.leave = () => { if (document.visibilityState === "hidden") this.save(true); };
    document.addEventListener("visibilitychange", this.leave);
  }
  disconnectedCallback() {
    clearTimeout(this.timer);
    clearTimeout(this.naming);
    document.removeEventListener("visibilitychange", this.leave);
  }
  get token() { return this.form.elements.csrfmiddlewaretoken.value; }
  press(event) {
    const button = event.target.closest("button[data-does]");
    if (button) this.mark(button.dataset.does);
    else if (event.target.closest("button[value=preview]")) {
      event.preventDefault();
      this.preview();
    }
  }
  key(event) {
    if (!event.isComposing && this.names && this.choose(event)) return;
    if (event.isComposing || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (event.key === "Enter") {
      event.preventDefault();
      this.form.requestSubmit(this.form.querySelector("button.primary"));
    } else if (!event.shiftKey && this.constructor.keys[event.key.toLowerCase()]) {
      event.preventDefault();
      this.mark(this.constructor.keys[event.key.toLowerCase()]);
    }
  }
  mark(does) {
    const [before, after] = this.constructor.marks[does];
    const { selectionStart: start, selectionEnd: end, value } = this.area;
    const words = value.slice(start, end);
    const text = does === "list" ? words.split("\n").map((line) => `- ${line}`).join("\n") : before + words + after;
    this.put(text, start, end);
    const at = does === "list" ? start + text.length : start + before.length;
    this.area.setSelectionRange(at, does === "list" ? at : at + words.length);
  }
  // As if typed: the browser's own undo knows of it.
  put(text, start = this.area.selectionStart, end = this.area.selectionEnd) {
    this.area.focus();
    this.area.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, text)) {
      this.area.setRangeText(text, start, end, "end");
      this.area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  // "@Jo F", ":smi", "#flood bar": members, smilies and threads that begin so are offered below the
  // words (ARIA: a textbox with a listbox).
  static offers = [
    { begins: /(?:^|[\s(])(@([\p{L}\p{N}][^\n@]{1,29}))$/u, label: "members", from: "/search/suggest",
      read: (found) => found.members.map(([name]) => [name, `@${name} `]) },
    { begins: /(?:^|\s)(:([a-z][a-z0-9_+-]{1,29}))$/iu, label: "smilies", from: "/write/smilies",
      read: (found) => found.smilies.map(([code, sign, picture]) => [`${sign} ${code}`.trim(), `${code} `, picture]) },
    { begins: /(?:^|[\s(])(#([\p{L}\p{N}][^\n#]{2,39}))$/u, label: "threads", from: "/search/suggest",
      read: (found) => found.threads.map(([title, path]) => [title, `${location.origin}${path} `]) },
  ];
  get before() { return this.area.value.slice(0, this.area.selectionStart); }
  name() {
    clearTimeout(this.naming);
    this.naming = null;
    const offer = this.constructor.offers.find(({ begins }) => begins.test(this.before));
    if (!offer || this.area.selectionStart !== this.area.selectionEnd) return this.hideNames();
    const [, , text] = offer.begins.exec(this.before);
    const naming = setTimeout(() => this.askNames(offer, text, naming), 160);
    this.naming = naming;
  }
  async askNames(offer, text, naming) {
    const answer = await fetch(`${offer.from}?q=${encodeURIComponent(text)}`).catch(() => null);
    const found = answer?.ok ? offer.read(await answer.json()) : [];
    if (this.naming !== naming) return; // more was typed meanwhile, or the list closed: another asks
    this.hideNames();
    if (!found.length) return;
    this.offer = offer;
    this.names = document.createElement("ul");
    this.names.className = "names";
    this.names.id = "names";
    this.names.setAttribute("role", "listbox");
    this.names.setAttribute("aria-label", this.dataset[offer.label]);
    found.forEach(([shown, put, picture], at) => {
      const option = document.createElement("li");
      option.id = `names-${at}`;
      option.dir = "auto";
      option.textContent = shown;
      if (picture) option.prepend(Object.assign(new Image(), { src: picture, alt: "" }));
      option.dataset.put = put;
      option.setAttribute("role", "option");
      option.addEventListener("pointerdown", (event) => { event.preventDefault(); this.take(option); });
      this.names.append(option);
    });
    this.area.after(this.names);
    this.area.setAttribute("aria-autocomplete", "list");
    this.area.setAttribute("aria-controls", this.names.id);
    this.point(0);
  }
  point(at) {
    const options = [...this.names.children];
    this.at = (at + options.length) % options.length;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === this.at)));
    this.area.setAttribute("aria-activedescendant", options[this.at].id);
  }
  choose(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "ArrowDown") this.point(this.at + 1);
    else if (event.key === "ArrowUp") this.point(this.at - 1);
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.names.children[this.at]);
    else if (event.key === "Escape") this.hideNames();
    else return false;
    event.preventDefault();
    return true;
  }
  take(option) {
    // What stands there now: more may have been typed since the list was asked for.
    const [, begun] = this.offer.begins.exec(this.before) ?? [];
    if (begun) this.put(option.dataset.put, this.area.selectionStart - begun.length);
    this.hideNames();
  }
  hideNames() {
    clearTimeout(this.naming);
    this.naming = null;
    this.names?.remove();
    this.names = null;
    this.area.removeAttribute("aria-activedescendant");
    this.area.removeAttribute("aria-controls");
  }
  quote(text) {
    const end = this.area.value.length;
    const gap = end && !this.area.value.endsWith("\n\n") ? "\n\n" : "";
    this.put(gap + text, end, end);
    this.area.scrollIntoView({ block: "center" });
  }
  async preview() {
    if (!this.shown.hidden) {
      this.shown.hidden = true;
      return;
    }
    const answer = await this.ask("/write/preview", { source: this.area.value, place: this.dataset.place });
    if (!answer?.ok) return this.form.submit(); // the server has words for it
    this.shown.innerHTML = await answer.text(); // what the server sanitised for every page
    this.shown.hidden = false;
  }
  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), this.constructor.rest);
  }
  async save(isLast = false) {
    const title = this.form.elements.title?.value ?? "";
    const more = this.more();
    const now = [title, this.area.value, ...Object.values(more)].join("\0");
    if (now === this.kept || this.isSent || this.area.value === this.kept) return;
    const answer = await this.ask("/write/draft", { place: this.dataset.place, title, source: this.area.value, ...more }, isLast);
    if (answer?.ok) this.kept = now;
    this.saved.textContent = answer?.ok ? this.dataset.saved : this.dataset.unsaved;
  }
  // What else a thread begins with.
  more() {
    const names = (this.dataset.more ?? "").split(" ").filter((name) => this.form.elements[name]);
    const given = (field) => (field.type === "checkbox" && !field.checked ? "" : field.value);
    return Object.fromEntries(names.map((name) => [name, given(this.form.elements[name])]));
  }
  async restore() {
    if (this.dataset.loaded || this.area.value) return;
    const answer = await fetch(`/write/draft?place=${this.dataset.place}`).catch(() => null);
    const draft = answer?.ok ? await answer.json() : {};
    if (!draft.source || this.area.value) return;
    this.area.value = draft.source;
    this.kept = draft.source;
    this.saved.textContent = this.dataset.restored;
  }
  ask(address, fields, keepalive = false) {
    const body = new URLSearchParams({ csrfmiddlewaretoken: this.token, ...fields });
    return fetch(address, { method: "POST", body, keepalive }).catch(() => null);
  }
  send(event) {
    if (this.isSent) event.preventDefault(); // a double click is one post; the server knows it too
    if (event.submitter?.value === "preview") return;
    this.isSent = true;
    clearTimeout(this.timer);
    setTimeout(() => { this.isSent = false; }, 4000);
  }
  // Formatted text becomes markup; plain text stays what it is.
  paste(event) {
    const html = event.clipboardData?.getData("text/html");
    if (!html || event.clipboardData.files.length) return;
    const body = new DOMParser().parseFromString(html, "text/html").body;
    if (!body.querySelector("a[href], b, strong, i, em, li, blockquote, pre, code, h1, h2, h3")) return;
    event.preventDefault();
    this.put(this.markup(body).replace(/\n{3,}/g, "\n\n").trim());
  }
  markup(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\s+/g, " ");
    if (node.nodeType !== Node.ELEMENT_NODE || ["SCRIPT", "STYLE", "TITLE", "META"].includes(node.tagName)) return "";
    const inner = [...node.childNodes].map((child) => this.markup(child)).join("");
    const words = inner.trim();
    switch (node.tagName) {
      case "B": case "STRONG": return words && node.style.fontWeight !== "normal" ? `**${words}**` : inner;
      case "I": case "EM": return words ? `*${words}*` : inner;
      case "CODE": return words ? `\`${words}\`` : inner;
      case "PRE": return `\n\n\`\`\`\n${node.textContent.trim()}\n\`\`\`\n\n`;
      case "A": return /^https?:/i.test(node.href) && words ? `[${words}](${node.href})` : inner;
      case "BR": return "\n";
      case "LI": return `\n- ${words}`;
      case "H1": case "H2": case "H3": case "H4": return `\n\n**${words}**\n\n`;
      case "BLOCKQUOTE": return `\n\n[quote]\n${words}\n[/quote]\n\n`;
      case "P": case "DIV": case "UL": case "OL": case "TABLE": case "TR": case "SECTION": case "ARTICLE":
        return `\n\n${inner}\n\n`;
      default: return inner;
    }
  }
});
