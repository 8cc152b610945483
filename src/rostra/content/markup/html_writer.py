"""Writes a parsed tree anew in this forum's own structure; nothing foreign is copied."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from selectolax.lexbor import LexborNode

from rostra.content.markup.excerpt import words
from rostra.content.markup.html_flow import Flow, collapsed
from rostra.content.markup.html_inline import InlineWriter
from rostra.content.markup.html_media import (
    player_of,
)
from rostra.content.markup.html_nodes import (
    Attributes,
    children,
    classes,
    find,
    line_of,
    outermost,
    text_of,
    value,
)
from rostra.content.markup.html_quotes import is_chrome, quote_of, said_in
from rostra.content.markup.html_styles import alignment, is_hidden, language, list_style
from rostra.content.markup.html_tags import (
    BLOCKS,
    DROPPED,
    GONE,
    HEADINGS,
    INLINE,
    QUOTE_CLASSES,
    SPOILERS,
)
from rostra.content.markup.plain_mail import mask_mail
from rostra.content.markup.quotes import quote_html
from rostra.content.markup.text import balanced, code, escape

DEEPEST = 60


class Writer(InlineWriter):
    """Writes one tree, collecting what it refers to."""

    def write(self, nodes: Iterable[LexborNode]) -> str:
        """Write nodes as a stretch of blocks."""
        flow = Flow()
        for node in nodes:
            self._node(node, flow)
        return flow.finish()

    # What a node is

    def _node(self, node: LexborNode, flow: Flow) -> None:
        if node.is_text_node:
            self._text(node.text_content or "", flow)
        elif node.is_element_node:
            tag = node.tag or ""
            if tag in DROPPED:
                return
            simple = _SIMPLE.get(tag)
            if simple is not None:
                simple(self, node, flow)
            else:
                self._with_attributes(node, tag, flow)

    def _children(self, node: LexborNode, flow: Flow) -> None:
        if self._depth >= DEEPEST:
            self._text(text_of(node), flow)
            return
        self._depth += 1
        for child in children(node):
            self._node(child, flow)
        self._depth -= 1

    def _with_attributes(self, node: LexborNode, tag: str, flow: Flow) -> None:
        attrs = node.attributes
        if not attrs:
            self._plain(node, tag, attrs, flow)
            return
        names = classes(attrs)
        if is_hidden(attrs) or not names.isdisjoint(GONE):
            return
        special = _SPECIAL.get(tag)
        if special is None or not special(self, node, attrs, names, flow):
            self._plain(node, tag, attrs, flow)

    def _plain(self, node: LexborNode, tag: str, attrs: Attributes, flow: Flow) -> None:
        """Write an element by its tag alone."""
        if tag in INLINE:
            self._formatted(node, INLINE[tag], flow)
        elif tag in _BY_TAG:
            _BY_TAG[tag](self, node, attrs, flow)
        elif tag in BLOCKS:
            self._division(node, flow)
        else:
            self._children(node, flow)

    # Blocks

    def _divided(
        self, node: LexborNode, attrs: Attributes, names: frozenset[str], flow: Flow
    ) -> bool:
        if "quotetitle" in names:
            self._said = said_in(node)
            return True
        if not names.isdisjoint(QUOTE_CLASSES) and (node.tag == "aside" or "poll" not in names):
            self._quote(node, attrs, flow)
        elif ("onebox" in names and node.tag == "aside") or "bbCodeBlock--unfurl" in names:
            self._card(node, attrs, flow)
        elif not names.isdisjoint(SPOILERS):
            self._spoiler(node, flow)
        elif "poll" in names and (options := find(node, "ul")) is not None:
            self._list(options, options.attributes, flow)
        elif player := player_of(node, attrs):
            flow.block(player)
        elif side := alignment(attrs):
            self._aligned(node, side, flow)
        else:
            return False
        return True

    def _aligned(self, node: LexborNode, side: str, flow: Flow) -> None:
        body = self._blocks_of(node)
        if body:
            flow.block(f'<div class="align-{side}" dir="auto">{body}</div>')

    def _blocks_of(self, node: LexborNode, skip: Callable[[LexborNode], bool] | None = None) -> str:
        inner = Flow()
        if self._depth >= DEEPEST:
            self._text(text_of(node), inner)
            return inner.finish()
        self._depth += 1
        for child in children(node):
            if skip is None or not skip(child):
                self._node(child, inner)
        self._depth -= 1
        return inner.finish()

    def _quote(self, node: LexborNode, attrs: Attributes, flow: Flow) -> None:
        quote = quote_of(node, attrs)
        said, self._said = quote.said or self._said, ""
        self._quotes += 1
        body = self._blocks_of(quote.body, _decorates)
        depth = self._quotes
        self._quotes -= 1
        if not body or self._in_link:
            return
        is_known = quote.key is not None and quote.key in self._known.posts
        written = quote_html(
            body,
            key=quote.key,
            said=mask_mail(said),
            quoted_words=words(body) if is_known else "",
            found=self._found,
            known=self._known,
            depth=depth,
        )
        flow.block(written.rstrip())

    def _spoiler(self, node: LexborNode, flow: Flow) -> None:
        title = line_of(
            find(node, having="bbCodeSpoiler-button-title") or find(node, having="spoilertitle")
        )
        shown = escape(balanced(mask_mail(title))) or '<span data-word="spoiler"></span>'
        self._folded(shown, self._blocks_of(node), flow, ' class="spoiler"')

    def _details(self, node: LexborNode, _attrs: Attributes, flow: Flow) -> None:
        summary = next((child for child in children(node) if child.tag == "summary"), None)
        title = self._inner(summary) if summary is not None else ""
        body = self._blocks_of(node, lambda child: child.tag == "summary")
        self._folded(title or '<span data-word="spoiler"></span>', body, flow, "")

    def _folded(self, title: str, body: str, flow: Flow, kind: str) -> None:
        if body:
            flow.block(f'<details{kind}><summary dir="auto">{title}</summary>{body}</details>')

    def _heading(self, node: LexborNode, _attrs: Attributes, flow: Flow) -> None:
        tag = HEADINGS[node.tag or "h6"]
        inner = Flow(inline=True)
        self._children(node, inner)
        if text := inner.finish_inline():
            flow.block(f'<{tag} dir="auto">{text}</{tag}>')

    def _rule(self, _node: LexborNode, flow: Flow) -> None:
        flow.block("<hr>")

    def _list(self, node: LexborNode, attrs: Attributes, flow: Flow) -> None:
        tag = "ol" if node.tag == "ol" else "ul"
        items = [self._item(child) for child in children(node)]
        if any(items):
            style = list_style(attrs) if tag == "ol" else ""
            flow.block(f"<{tag}{style}>{''.join(items)}</{tag}>")

    def _item(self, node: LexborNode) -> str:
        inner = Flow()
        if not node.is_element_node:  # words right inside a list are an item of it
            self._node(node, inner)
        elif node.tag == "li" or self._depth >= DEEPEST:
            self._children(node, inner)
        else:  # a list right inside a list: as deep as if an item were between them
            self._depth += 1
            self._node(node, inner)
            self._depth -= 1
        text = inner.finish_inline()
        return f'<li dir="auto">{text}</li>' if text else ""

    def _terms(self, node: LexborNode, _attrs: Attributes, flow: Flow) -> None:
        items: list[str] = []
        for child in outermost(node, _TERMS):  # those further in are written with what they are in
            inner = Flow()
            self._children(child, inner)
            items.append(f'<{child.tag} dir="auto">{inner.finish_inline()}</{child.tag}>')
        if items:
            flow.block(f"<dl>{''.join(items)}</dl>")

    def _table(self, node: LexborNode, _attrs: Attributes, flow: Flow) -> None:
        rows = [self._row(row) for row in _rows_of(node)]
        if any(rows):
            flow.block(f'<div class="table"><table><tbody>{"".join(rows)}</tbody></table></div>')

    def _row(self, row: LexborNode) -> str:
        cells: list[str] = []
        for cell in children(row):
            if cell.tag in ("td", "th"):
                inner = Flow()
                self._children(cell, inner)
                spans = _spans(cell.attributes)
                cells.append(f'<{cell.tag} dir="auto"{spans}>{inner.finish_inline()}</{cell.tag}>')
        return f"<tr>{''.join(cells)}</tr>" if cells else ""

    def _code(self, node: LexborNode, _attrs: Attributes, flow: Flow) -> None:
        text = collapsed(text_of(node))
        if text:
            flow.piece(f"<code>{code(mask_mail(text))}</code>")

    def _preformatted(self, node: LexborNode, attrs: Attributes, flow: Flow) -> None:
        inner = find(node, "code")
        name = language(attrs) or (language(inner.attributes) if inner is not None else "")
        text = code(mask_mail(text_of(node).strip("\n")))
        if text:
            shown = f' class="language-{name}"' if name else ""
            flow.block(f'<pre dir="auto"><code{shown}>{text}</code></pre>')


def _decorates(node: LexborNode) -> bool:
    if not node.is_element_node:
        return False
    if is_chrome(node, node.attributes):
        return True
    first = node.first_child
    return node.tag == "div" and first is not None and first.tag == "cite" and first.next is None


def _rows_of(table: LexborNode) -> list[LexborNode]:
    rows: list[LexborNode] = []
    for part in children(table):
        if part.tag == "tr":
            rows.append(part)
        elif part.tag in ("thead", "tbody", "tfoot"):
            rows.extend(row for row in children(part) if row.tag == "tr")
    return rows


_TERMS = frozenset({"dt", "dd"})
_SPAN = re.compile(r"[1-9][0-9]?")


def _spans(attrs: Attributes) -> str:
    found = ((name, value(attrs, name)) for name in ("colspan", "rowspan"))
    return "".join(f' {name}="{span}"' for name, span in found if _SPAN.fullmatch(span))


type _Simple = Callable[[Writer, LexborNode, Flow], None]
type _ByTag = Callable[[Writer, LexborNode, Attributes, Flow], None]
type _Special = Callable[[Writer, LexborNode, Attributes, frozenset[str], Flow], bool]

_SIMPLE: dict[str, _Simple] = {"br": Writer._line_break, "hr": Writer._rule}
_BY_TAG: dict[str, _ByTag] = {
    **dict.fromkeys(HEADINGS, Writer._heading),
    **dict.fromkeys(("ul", "ol", "menu", "dir"), Writer._list),
    **dict.fromkeys(("pre", "listing", "xmp", "plaintext"), Writer._preformatted),
    **dict.fromkeys(("code", "tt", "samp"), Writer._code),
    **dict.fromkeys(("video", "audio"), Writer._media),
    "img": Writer._image,
    "image": Writer._image,
    "iframe": Writer._frame,
    "blockquote": Writer._quote,
    "details": Writer._details,
    "dl": Writer._terms,
    "table": Writer._table,
}
_SPECIAL: dict[str, _Special] = {
    "a": Writer._anchor,
    **dict.fromkeys(("span", "font"), Writer._span),
    **dict.fromkeys(("div", "aside", "p", "section", "article", "center"), Writer._divided),
}
