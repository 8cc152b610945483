"""Writes the inline part of a foreign tree: text, formatting, links, pictures and players."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from rostra.content.markup.autolink import linkify
from rostra.content.markup.embeds import embed
from rostra.content.markup.findings import Findings
from rostra.content.markup.html_flow import Flow, collapsed
from rostra.content.markup.html_media import (
    absolute,
    card_of,
    frame_address,
    is_picture,
    picture_address,
    player_of,
    smilie_of,
)
from rostra.content.markup.html_nodes import (
    Attributes,
    classes,
    find,
    line_of,
    value,
    walk,
)
from rostra.content.markup.html_styles import color
from rostra.content.markup.html_tags import BBCODE
from rostra.content.markup.links import image, link
from rostra.content.markup.mentions import mention, with_mentions
from rostra.content.markup.plain_mail import MASK, has_mail, mask_mail
from rostra.content.markup.references import Known
from rostra.content.markup.text import balanced, escape


class InlineWriter:
    """Writes what stands within a line; what stands by itself is the business of its heir."""

    def __init__(self, found: Findings, known: Known) -> None:
        self._found = found
        self._known = known
        self._depth = 0
        self._quotes = 0
        self._said = ""  # by a title that stands before its quote
        self._in_link = False

    def _children(self, node: LexborNode, flow: Flow) -> None:
        raise NotImplementedError

    def _division(self, node: LexborNode, flow: Flow) -> None:
        flow.close_paragraph()
        self._children(node, flow)
        flow.close_paragraph()

    def _text(self, text: str, flow: Flow) -> None:
        text = collapsed(text)
        if flow.is_at_start:
            text = text.lstrip(" ")
        if text in ("", " "):
            flow.space() if text else None
            return
        text = mask_mail(text)
        if self._in_link:
            flow.piece(escape(balanced(text)))
        else:
            flow.piece(linkify(text, self._found, self._known, with_mentions))

    def _line_break(self, _node: LexborNode, flow: Flow) -> None:
        flow.line_break()

    def _formatted(self, node: LexborNode, tag: str, flow: Flow) -> None:
        self._wrapped(node, f"<{tag}>", f"</{tag}>", flow)

    def _wrapped(self, node: LexborNode, opening: str, closing: str, flow: Flow) -> None:
        is_open = flow.start(opening, closing)
        self._children(node, flow)
        if is_open:
            flow.end()

    def _span(self, node: LexborNode, attrs: Attributes, names: frozenset[str], flow: Flow) -> bool:
        bbcode = next((BBCODE[name] for name in names if name in BBCODE), None)
        if bbcode:
            self._formatted(node, bbcode, flow)
        elif "mention" in names or "username" in names:
            self._mention(node, flow)
        elif "spoiler" in names or "bbCodeInlineSpoiler" in names:
            self._wrapped(node, '<span class="spoiler" tabindex="0">', "</span>", flow)
        elif "__cf_email__" in names:
            flow.piece(MASK)
        elif "data-s9e-mediaembed" in attrs:
            self._player(node, attrs, flow)
        elif name := color(attrs):
            self._wrapped(node, f'<span class="c-{name}">', "</span>", flow)
        else:
            return False
        return True

    def _inner(self, node: LexborNode) -> str:
        """Write what an element holds as one line without links in it."""
        flow = Flow(inline=True)
        was, self._in_link = self._in_link, True
        self._children(node, flow)
        self._in_link = was
        return flow.finish_inline()

    def _anchor(
        self, node: LexborNode, attrs: Attributes, names: frozenset[str], flow: Flow
    ) -> bool:
        href = absolute(value(attrs, "href").strip())
        if "mention" in names or ("username" in names and "data-user-id" in attrs):
            self._mention(node, flow)
        elif "__cf_email__" in names or "email-protection" in href:
            flow.piece(MASK)
        elif self._in_link or not self._may_link(href):
            self._children(node, flow)
        elif (picture := find(node, "img")) is not None and smilie_of(picture.attributes) is None:
            self._linked_picture(node, href, picture, flow)
        else:
            text = self._inner(node) or escape(mask_mail(href))
            flow.piece(link(href, text, self._found, self._known))
        return True

    def _may_link(self, href: str) -> bool:
        return (href[:4].lower() == "http" or href in self._known.local) and not has_mail(href)

    def _linked_picture(self, node: LexborNode, href: str, picture: LexborNode, flow: Flow) -> None:
        attrs = picture.attributes
        label = value(attrs, "alt") or line_of(find(node, having="filename")) or line_of(node)
        if is_picture(href) or "lightbox" in classes(node.attributes):
            flow.piece(image(href, mask_mail(label), self._found))
            return
        shown = image(absolute(picture_address(attrs)), mask_mail(label), self._found, linked=False)
        flow.piece(link(href, shown, self._found, self._known))

    def _mention(self, node: LexborNode, flow: Flow) -> None:
        name = line_of(node)
        member = self._known.members.get(name.removeprefix("@"))
        if member is not None and not self._in_link:
            flow.piece(mention(member, self._found))
        elif name:
            flow.piece(escape(balanced(mask_mail(name))))

    def _image(self, _node: LexborNode, attrs: Attributes, flow: Flow) -> None:
        smilie = smilie_of(attrs)
        if smilie is not None:
            flow.piece(smilie) if smilie else None
            return
        address = absolute(picture_address(attrs))
        label = mask_mail(value(attrs, "alt") or value(attrs, "title"))
        if address[:4].lower() == "http":
            flow.piece(image(mask_mail(address), label, self._found, linked=not self._in_link))
        elif label:
            flow.piece(escape(balanced(label)))

    def _player(self, node: LexborNode, attrs: Attributes, flow: Flow) -> None:
        player = player_of(node, attrs)
        if player:
            flow.block(player)
        else:
            self._children(node, flow)

    def _frame(self, _node: LexborNode, attrs: Attributes, flow: Flow) -> None:
        self._address_block(absolute(frame_address(attrs)), flow)

    def _media(self, node: LexborNode, attrs: Attributes, flow: Flow) -> None:
        source = value(attrs, "src")
        for inner in walk(node):
            if not source and inner.is_element_node and inner.tag == "source":
                source = value(inner.attributes, "src")
        self._address_block(absolute(source), flow)

    def _address_block(self, address: str, flow: Flow) -> None:
        """Write a player or a link in the place of something that would load by itself."""
        if address[:4].lower() != "http" or self._in_link:
            return
        player = embed(address)
        if player:
            flow.block(player)
            return
        shown = mask_mail(address)
        flow.piece(link(shown, escape(balanced(shown)), self._found, self._known))

    def _card(self, node: LexborNode, attrs: Attributes, flow: Flow) -> None:
        address, title = card_of(node, attrs)
        if address[:4].lower() != "http":
            self._division(node, flow)
            return
        text = escape(balanced(mask_mail(title or address)))
        written = link(mask_mail(address), text, self._found, self._known)
        flow.close_paragraph()
        flow.piece(written)
        flow.close_paragraph()
