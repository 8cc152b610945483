"""Fragments and pages shown to Chromium: what it makes of them, and whether anything ran.

No content security policy stands in the way. Nothing leaves the machine: every request is
answered here, and one that is not for our own page is noted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from typing import Any, NamedTuple

from bench import chromium
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright
from selectolax.lexbor import LexborHTMLParser, LexborNode

ADDRESS = "http://fragments.test/"
BATCH = 200

# What a hostile script would call, and where it would leave a mark.
TRAP = """
(() => {
  const ran = [];
  Object.defineProperty(window, "__ran", {value: ran});
  for (const name of ["alert", "confirm", "prompt", "print", "open"])
    window[name] = (...given) => { ran.push(`${name}(${given})`.slice(0, 80)); return null; };
  const real = window.eval;
  window.eval = (text) => { ran.push(`eval(${text})`.slice(0, 80)); return real(text); };
  document.write = document.writeln = (text) => { ran.push(`write(${text})`.slice(0, 80)); };
  window.__names = new Set(Object.getOwnPropertyNames(window));
})();
"""

# What stands in the living tree under a root: as text, and what of it is dangerous.
READ = """
(selector) => {
  const coded = (text, quote) => {
    text = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    return quote ? text.replaceAll('"', "&quot;") : text;
  };
  const written = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return coded(node.data, false);
    if (node.nodeType !== Node.ELEMENT_NODE) return `<!${node.nodeType}>`;
    let inner = "";
    for (let child = node.firstChild; child; child = child.nextSibling) inner += written(child);
    let given = "";
    for (const {name, value} of node.attributes) given += ` ${name}="${coded(value, true)}"`;
    return `<${node.localName}${given}>${inner}</${node.localName}>`;
  };
  return [...document.querySelectorAll(selector)].map((root) => {
    let inner = "";
    for (const child of root.childNodes) inner += written(child);
    return inner;
  });
}
"""
DANGERS = """
(own) => {
  const bad = [];
  const never = "script,style,iframe,frame,object,embed,applet,svg,math,form,input,button,select," +
    "textarea,base,link,meta,template,img,video,audio,source,marquee,portal,dialog";
  const attributes = new RegExp("^(on|style$|id$|name$|src|action$|formaction$|background$|" +
    "poster$|data$|is$|slot$|autofocus$|xlink:)");
  const roots = own ? [...document.querySelectorAll(own)] : [document];
  for (const root of roots) {
    if (own) for (const node of root.querySelectorAll(never)) bad.push(`element ${node.localName}`);
    for (const node of root.querySelectorAll("*")) {
      for (const {name} of node.attributes) {
        if (own ? attributes.test(name) : /^(on|style$)/.test(name))
          bad.push(`${node.localName} ${name}`);
      }
      const scheme = node.href && node.href.baseVal === undefined && new URL(node.href).protocol;
      if (scheme && !["http:", "https:", "mailto:"].includes(scheme))
        bad.push(`address ${node.href}`);
    }
  }
  const clobbered = roots.flatMap((root) => own ? [...root.querySelectorAll("[id],[name]")] : [])
    .flatMap((node) => [node.id, node.getAttribute("name")])
    .filter((name) => name && (name in Document.prototype || name in HTMLFormElement.prototype ||
      window.__names.has(name)));
  return [...bad, ...clobbered.map((name) => `hides ${name}`),
    ...window.__ran.map((what) => `ran ${what}`)];
}
"""

STRAY = "() => document.querySelectorAll('body > :not(.shown), head > :nth-child(n + 3)').length"


class Shown(NamedTuple):
    """What became of fragments in the browser: the tree of each, and what ran or was asked for."""

    trees: list[str]
    faults: list[str]


class Window:
    """A browser without a policy, which notes every script that it reads."""

    def __init__(self, browser: Browser) -> None:
        self.context: BrowserContext = browser.new_context(bypass_csp=True)
        self.context.add_init_script(TRAP)
        self.page: Page = self.context.new_page()
        self.scripts: list[str] = []
        self.asked: list[str] = []
        self._html = ""
        self._tools = self.context.new_cdp_session(self.page)
        self._tools.on("Debugger.scriptParsed", self._note_script)
        self._tools.send("Debugger.enable")
        self.page.on("dialog", lambda dialog: dialog.dismiss())

    def show(self, fragments: Sequence[str]) -> Shown:
        """Load fragments as parts of one page and read what the browser made of them."""
        parts = "\n".join(f'<section class="shown">{one}</section>' for one in fragments)
        self._html = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>x</title></head>'
            f"<body>{parts}</body></html>"
        )
        self.page.route("**/*", self._answer)
        self.scripts.clear()
        self.asked.clear()
        self.page.goto(ADDRESS, wait_until="load")
        faults: list[str] = self.ask(DANGERS, ".shown")
        trees: list[str] = self.ask(READ, "body > .shown")
        stray = self.ask(STRAY)
        faults += [f"{stray} elements out of place"] if stray else []
        faults += [f"script {source}" for source in self.scripts]
        faults += [f"asked for {url}" for url in self.asked]
        faults += [] if self.page.url == ADDRESS else [f"went to {self.page.url}"]
        return Shown(trees, faults)

    def ask(self, function: str, *given: str) -> Any:
        """Call a function in the page; no `eval` of the page's is used for it."""
        expression = f"({function})({','.join(map(json.dumps, given))})"
        answer = self._tools.send(
            "Runtime.evaluate", {"expression": expression, "returnByValue": True}
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"]["value"]

    def close(self) -> None:
        """Close the window."""
        self.context.close()

    def _answer(self, route: Route) -> None:
        if route.request.url == ADDRESS:
            route.fulfill(body=self._html, content_type="text/html; charset=utf-8")
            return
        if not route.request.url.endswith("/favicon.ico"):
            self.asked.append(route.request.url)
        route.abort()

    def _note_script(self, told: dict[str, Any]) -> None:
        # Scripts of the page have its address; ours, put in from outside, have none.
        if told["url"]:
            self.scripts.append(told["url"])


@contextmanager
def window() -> Iterator[Window]:
    """Give a window of a Chromium of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.PATH, args=chromium.FLAGS)
        opened = Window(browser)
        yield opened
        opened.close()
        browser.close()


def faults_of(shown: Window, fragments: Sequence[str]) -> list[tuple[int, str]]:
    """Show fragments and return what is wrong: the number of the fragment, or -1, and what."""
    seen = shown.show(fragments)
    found = [(-1, fault) for fault in seen.faults]
    if len(seen.trees) != len(fragments):
        return [*found, (-1, f"{len(seen.trees)} parts of {len(fragments)}")]
    for number, (ours, theirs) in enumerate(zip(fragments, seen.trees, strict=True)):
        if tree(ours) != theirs:
            found.append((number, f"is {theirs[:200]!r} in the browser, {tree(ours)[:200]!r} here"))
    return found


def tree(html: str) -> str:
    """Return the tree of a fragment as the server reads it, written as the browser's is."""
    body = LexborHTMLParser(f"<!doctype html><body>{html}</body>").body
    assert body is not None
    out: list[str] = []
    stack: list[LexborNode | str] = [*_children(body)][::-1]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            out.append(node)
        elif node.is_text_node:
            out.append(escape(node.text_content or "", quote=False))
        elif not node.is_element_node:
            out.append("<!8>")
        else:
            given = "".join(
                f' {name}="{escape(value or "", quote=False).replace('"', "&quot;")}"'
                for name, value in node.attributes.items()
            )
            out.append(f"<{node.tag}{given}>")
            stack += [f"</{node.tag}>", *[*_children(node)][::-1]]
    return "".join(out)


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.first_child
    while child is not None:
        yield child
        child = child.next
