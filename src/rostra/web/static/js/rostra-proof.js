// <rostra-proof data-challenge data-puzzles data-bits data-wait="words"><form>…</form></rostra-proof>
// Finds, while the form is filled in, the numbers whose hashes begin with enough zero bits, a few
// at a time so that typing goes on; sent too early, the form waits for the rest.
{
  const K = new Uint32Array(64);
  const START = new Uint32Array(8);
  for (let n = 2, found = 0; found < 64; n++) {
    let prime = true;
    for (let m = 2; m * m <= n; m++) if (n % m === 0) prime = false;
    if (!prime) continue;
    if (found < 8) START[found] = (n ** .5 % 1) * 2 ** 32;
    K[found++] = (n ** (1 / 3) % 1) * 2 ** 32;
  }
  const W = new Uint32Array(64);
  // The first word of SHA-256 of an ASCII text shorter than one block.
  const hash = (text) => {
    W.fill(0, 0, 16);
    for (let i = 0; i < text.length; i++) W[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
    W[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3));
    W[15] = text.length * 8;
    for (let i = 16; i < 64; i++) {
      const a = W[i - 15], b = W[i - 2];
      W[i] = W[i - 16] + W[i - 7]
        + ((a >>> 7 | a << 25) ^ (a >>> 18 | a << 14) ^ a >>> 3)
        + ((b >>> 17 | b << 15) ^ (b >>> 19 | b << 13) ^ b >>> 10);
    }
    let [a, b, c, d, e, f, g, h] = START;
    for (let i = 0; i < 64; i++) {
      const t = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + W[i] | 0;
      const u = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
      h = g; g = f; f = e; e = d + t | 0; d = c; c = b; b = a; a = t + u | 0;
    }
    return START[0] + a >>> 0;
  };
  customElements.define("rostra-proof", class extends HTMLElement {
    connectedCallback() {
      const form = this.querySelector("form");
      if (!form) return;
      for (const other of this.querySelectorAll(".without")) other.hidden = true;
      this.button = form.querySelector("button");
      form.addEventListener("submit", (event) => {
        if (form.proof.value || this.gaveUp) return;
        event.preventDefault();
        this.isWanted = true;
        this.label = this.button.textContent;
        this.button.textContent = this.dataset.wait;
        this.button.disabled = true;
      });
      this.found = [];
      this.number = 0;
      this.began = performance.now();
      this.step(form);
    }
    step(form) {
      const { challenge, puzzles, bits } = this.dataset;
      const until = performance.now() + 12;
      while (performance.now() < until) {
        for (let n = 0; n < 100; n++) {
          if (hash(`${challenge}:${this.found.length}:${this.number}`) >>> (32 - bits) === 0) {
            this.found.push(this.number);
            this.number = -1;
            if (this.found.length >= puzzles) return this.finish(form);
          }
          this.number++;
        }
      }
      if (this.isConnected) setTimeout(() => this.step(form), 2);
    }
    finish(form) {
      form.proof.value = this.found.join();
      this.dataset.took = Math.round(performance.now() - this.began);
      if (!this.isWanted) return;
      this.button.disabled = false;
      this.button.textContent = this.label;
      form.requestSubmit(this.button);
    }
  });
}
