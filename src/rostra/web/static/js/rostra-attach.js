// <rostra-attach><input type="file">…</rostra-attach> in a composer: what is chosen, pasted or dropped
// is brought at once and written where the words are. Without it the form brings it when it is sent.
customElements.define("rostra-attach", class extends HTMLElement {
  connectedCallback() {
    this.composer = this.closest("rostra-composer");
    this.input = this.querySelector("input[type=file]");
    this.form = this.closest("form");
    this.area = this.form?.querySelector("textarea[name=source]");
    if (!this.composer || !this.input || !this.area) return;
    this.waiting = 0;
    this.going = this.querySelector(".going");
    this.querySelector(".alt").hidden = true; // asked for where the picture stands
    this.area.addEventListener("focus", () => { this.isTouched = true; }, { once: true });
    this.form.querySelector("[data-attach]")?.addEventListener("click", () => this.input.click());
    this.input.addEventListener("change", () => {
      const chosen = [...this.input.files];
      this.input.value = ""; // or the form would bring it a second time
      this.bring(chosen);
    });
    this.area.addEventListener("paste", (event) => {
      const { files } = event.clipboardData;
      // Of a table or a text programs give a picture as well: there the words are meant.
      if (!files.length || event.clipboardData.getData("text/plain")) return;
      event.preventDefault();
      this.bring([...files]);
    });
    this.form.addEventListener("dragover", (event) => {
      if (event.dataTransfer.types.includes("Files")) event.preventDefault();
    });
    this.form.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      this.bring([...event.dataTransfer.files]);
    });
    this.form.addEventListener("submit", (event) => {
      if (!this.waiting) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.tell(this.dataset.wait);
    }, { capture: true });
  }
  async bring(files) {
    this.going.replaceChildren();
    this.waiting += files.length;
    for (const file of files) { // one after the other: in the order they were chosen in
      const answer = file.size > Number(this.dataset.most) ? { error: this.dataset.large } : await this.send(file);
      this.waiting -= 1;
      if (answer.error) this.tell(answer.error, file.name);
      else this.put(answer);
    }
  }
  send(file) {
    const line = document.createElement("p");
    const name = document.createElement("bdi");
    const bar = document.createElement("progress");
    name.textContent = file.name;
    bar.setAttribute("aria-label", file.name);
    line.append(name, " ", bar);
    this.going.append(line);
    const body = new FormData();
    body.append("csrfmiddlewaretoken", this.composer.token);
    body.append("file", file);
    const request = new XMLHttpRequest(); // fetch tells nothing of how far it is
    return new Promise((done) => {
      const end = (answer) => { line.remove(); done(answer); };
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable && event.loaded < event.total) { bar.max = event.total; bar.value = event.loaded; }
        else bar.removeAttribute("value"); // all is there; now it is drawn anew
      });
      request.addEventListener("load", () => {
        try { end(JSON.parse(request.responseText)); } catch { end({ error: this.dataset.failed }); }
      });
      request.addEventListener("error", () => end({ error: this.dataset.failed }));
      request.open("POST", "/files");
      request.send(body);
    });
  }
  // On a line of its own; the cursor goes to where it is said what the picture shows.
  put({ source, kind }) {
    const at = this.isTouched ? this.area.selectionEnd : this.area.value.length;
    const before = this.area.value.slice(0, at), after = this.area.value.slice(at);
    const above = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const below = after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
    this.composer.put(above + source + below, at, at);
    if (kind !== "picture") return;
    const place = at + above.length + 2;
    this.area.setSelectionRange(place, place);
    this.tell(this.dataset.say);
    // The next one stands below this one, unless something is typed first.
    this.isTouched = true;
    if (this.waiting) this.area.setSelectionRange(at + above.length + source.length + below.length, at + above.length + source.length + below.length);
  }
  tell(words, name = "") {
    const line = document.createElement("p");
    if (name) {
      const about = document.createElement("bdi");
      about.textContent = name;
      line.append(about, ": ");
      line.className = "form-error";
    }
    line.append(words);
    if (!name) this.going.querySelectorAll("p:not(.form-error):not(:has(progress))").forEach((old) => old.remove());
    this.going.append(line);
  }
});
