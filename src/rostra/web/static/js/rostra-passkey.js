// <rostra-passkey data-options="JSON" data-failed="words" [data-make]><form hidden>…</form></rostra-passkey>
// Shows its form where the browser knows passkeys; sending it asks the device first. Without
// data-options they are asked for at the form's own address.
customElements.define("rostra-passkey", class extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    if (!form || !window.PublicKeyCredential) return;
    form.hidden = false;
    for (const other of this.querySelectorAll(".without")) other.hidden = true;
    form.addEventListener("submit", (event) => {
      if (form.credential.value) return;
      event.preventDefault();
      this.ask(form);
    });
  }
  async ask(form) {
    const said = form.querySelector(".form-error");
    const button = form.querySelector("button");
    said.hidden = true;
    button.disabled = true;
    try {
      const text = this.dataset.options ?? await this.begin(form);
      const options = this.read(JSON.parse(text).publicKey);
      const made = "make" in this.dataset
        ? await navigator.credentials.create({ publicKey: options })
        : await navigator.credentials.get({ publicKey: options });
      form.credential.disabled = false;
      form.credential.value = JSON.stringify(this.written(made));
      button.disabled = false;
      form.requestSubmit(button);
    } catch {
      button.disabled = false;
      said.textContent = this.dataset.failed;
      said.hidden = false;
    }
  }
  async begin(form) {
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.csrfmiddlewaretoken.value });
    const answer = await fetch(form.action, { method: "POST", body });
    return (await answer.json()).options;
  }
  read(options) {
    const keys = (list) => list?.map((key) => ({ ...key, id: this.bytes(key.id) }));
    return {
      ...options,
      challenge: this.bytes(options.challenge),
      ...(options.user && { user: { ...options.user, id: this.bytes(options.user.id) } }),
      ...(options.allowCredentials && { allowCredentials: keys(options.allowCredentials) }),
      ...(options.excludeCredentials && { excludeCredentials: keys(options.excludeCredentials) }),
    };
  }
  written(made) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) response[name] = this.words(made.response[name]);
    }
    return {
      id: made.id,
      rawId: this.words(made.rawId),
      type: made.type,
      response,
      clientExtensionResults: made.getClientExtensionResults(),
    };
  }
  bytes(words) {
    return Uint8Array.from(atob(words.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  }
  words(buffer) {
    const text = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
});
