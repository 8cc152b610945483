"""The shape of a fragment, to compare it with other programs' html.

What differs by design is evened out: attributes, levels of headings, white space, breaks,
links that may not be clicked, pictures, the boxes of tasks; for BBCode also paragraphs.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from rostra.content.markup.references import Dialect
from rostra.content.markup.render import render

_HEADINGS = {"h1": "h4", "h2": "h5", "h3": "h6", "h4": "h6", "h5": "h6", "h6": "h6"}
_SAME = {"del": "s", "strike": "s", "b": "strong", "i": "em", "iframe": "rostra-embed"}
_THROUGH = {"tbody", "div", "section", "bdi", "font", "center", "span"}
_NOT_IN_BBCODE = {"p", "figure"}
_LEFT_OUT = {"input", "script", "cite", "figcaption", "summary", "-comment"}
_LEFT_OUT_CLASSES = {"task", "footnote-backref"}
_CLICKABLE = re.compile(r"(?:https?://[^/?#]|mailto:.+@)", re.IGNORECASE)


def ours(source: str, dialect: Dialect = "native") -> str:
    """Return the shape of what this renderer makes of a source."""
    return _Shape(is_ours=True, is_bbcode=dialect == "bbcode").of(render(source, dialect).html)


def theirs(html: str, dialect: Dialect = "native") -> str:
    """Return the shape of the html that a suite expects."""
    return _Shape(is_ours=False, is_bbcode=dialect == "bbcode").of(html)


class _Shape:
    def __init__(self, *, is_ours: bool, is_bbcode: bool) -> None:
        self._is_ours = is_ours
        self._is_bbcode = is_bbcode
        self._parts: list[str] = []

    def of(self, html: str) -> str:
        root = LexborHTMLParser(f"<body>{html}</body>").body
        assert root is not None
        self._walk(root, is_code=False)
        text = re.sub(r"\s+", " ", "".join(self._parts))
        text = re.sub(r" ?(</?[a-z0-9-]+(?: [^>]*)?>|\{[^}]*\}) ?", r"\1", text)
        return re.sub(
            r"<li><p>([^<]*(?:<(?!p>|ul|ol|/li)[^<]*)*)</p></li>", r"<li>\1</li>", text
        ).strip()

    def _walk(self, node: LexborNode, *, is_code: bool) -> None:
        for child in node.iter(include_text=True):
            if child.tag == "-text":
                self._text(child.text_content or "", is_code)
            else:
                self._element(child, is_code)

    def _text(self, text: str, is_code: bool) -> None:
        if is_code:
            text = text.replace("\n", "⏎").replace(" ", "·").strip("⏎")
        self._parts.append(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))

    def _element(self, node: LexborNode, is_code: bool) -> None:
        tag, classes = node.tag or "", set((node.attributes.get("class") or "").split())
        if tag in _LEFT_OUT or classes & _LEFT_OUT_CLASSES:
            return
        if tag == "br":
            self._parts.append(" ")
        elif tag == "img" or "remote-image" in classes:
            self._picture(node)
        elif self._is_seen_through(node, tag, classes):
            self._parts.append(" " if tag in _NOT_IN_BBCODE else "")
            self._walk(node, is_code=is_code)
            self._parts.append(" " if tag in _NOT_IN_BBCODE else "")
        else:
            self._tag(node, tag, is_code)

    def _tag(self, node: LexborNode, tag: str, is_code: bool) -> None:
        tag = tag if self._is_ours else _HEADINGS.get(tag, tag)
        tag = _SAME.get(tag, tag)
        if tag == "rostra-embed":
            self._parts.append("{player}")
            return
        if tag == "sup":
            self._parts.append(f"<sup>{node.text().strip('[]')}</sup>")
            return
        start = node.attributes.get("start")
        self._parts.append(f"<{tag} {start}>" if start else f"<{tag}>")
        self._walk(node, is_code=is_code or tag in ("pre", "code"))
        self._parts.append(f"</{tag}>")

    def _is_seen_through(self, node: LexborNode, tag: str, classes: set[str]) -> bool:
        if tag == "a":
            return not _CLICKABLE.match(node.attributes.get("href") or "")
        if self._is_bbcode and (tag in _NOT_IN_BBCODE or (tag == "pre" and "code" in node.html)):
            return True
        return tag in _THROUGH

    def _picture(self, node: LexborNode) -> None:
        alt = (node.attributes.get("alt") if node.tag == "img" else node.text()) or ""
        address = node.attributes.get("src") or node.attributes.get("href") or ""
        alt = " ".join(alt.split())
        self._parts.append(f"{{{alt}}}" if _CLICKABLE.match(address) else alt)
