"""Quotes in the html of other forums: who is quoted, which post, and where the words stand."""

from __future__ import annotations

import re
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from rostra.content.markup.html_nodes import (
    Attributes,
    children,
    classes,
    find,
    line_of,
    value,
    walk,
)
from rostra.content.markup.plain_names import NOBODY, attribution_at

_NUMBER = re.compile(r"[0-9]{1,18}")
_XENFORO_SOURCE = re.compile(r"\s*post:\s*([0-9]{1,18})\s*")
_MESSAGE = re.compile(r"(?:msg|#p|[?&;]p=|/posts?/)([0-9]{1,18})")
_QUOTE_FROM = re.compile(
    r"(?:Quote from|Zitat von|Citation de|Цитата)\s*:?\s*(.{1,100}?)(?: on .*)?$"
)
_WROTE = re.compile(r"\s*(?:a écrit|wrote|said|schrieb|писал\S{0,4})?\s*:?\s*$")
_CHROME = frozenset({
    "title", "quotetitle", "bbCodeBlock-title", "bbCodeBlock-expandLink", "js-expandLink",
    "ipsQuote_citation", "quote-controls", "quoteheader", "quotefooter", "topslice_quote",
    "botslice_quote", "responsive-hide",
})  # fmt: skip
_BODIES = frozenset({
    "bbCodeBlock-expandContent", "bbCodeBlock-content", "ipsQuote_contents", "quotecontent",
})  # fmt: skip


class Quote(NamedTuple):
    """A quote as another forum wrote it: `body` holds the words, and chrome besides."""

    key: str | None
    said: str
    body: LexborNode


def is_chrome(node: LexborNode, attrs: Attributes) -> bool:
    """Tell whether an element in a quote only decorates it."""
    return node.tag == "cite" or not _CHROME.isdisjoint(classes(attrs))


def quote_of(node: LexborNode, attrs: Attributes) -> Quote:
    """Read a quote's attribution in the form of Discourse, XenForo, phpBB, SMF or Invision."""
    if node.tag == "aside":
        return _discourse(node, attrs)
    if "data-ipsquote-username" in attrs or "data-ipsquote-contentcommentid" in attrs:
        return Quote(
            _number(value(attrs, "data-ipsquote-contentcommentid")),
            value(attrs, "data-ipsquote-username"),
            _body(node),
        )
    if "data-quote" in attrs or "data-source" in attrs:
        source = _XENFORO_SOURCE.fullmatch(value(attrs, "data-source"))
        return Quote(source.group(1) if source else None, value(attrs, "data-quote"), _body(node))
    return _cited(node)


def _discourse(node: LexborNode, attrs: Attributes) -> Quote:
    topic, post = _number(value(attrs, "data-topic")), _number(value(attrs, "data-post"))
    said = value(attrs, "data-username")
    title = find(node, having="title")
    if not said and title is not None and find(title, "a") is None:
        said = line_of(title).rstrip(":")
    return Quote(
        f"{topic}:{post}" if topic and post else None, said, find(node, "blockquote") or node
    )


def _cited(node: LexborNode) -> Quote:
    """Read "NAME wrote:" out of a cite or a title, with the link to the post if there is one."""
    cite = _cite_of(node)
    if cite is None:
        return Quote(None, "", _body(node))
    body = cite.parent if cite.tag == "cite" and cite.parent is not None else _body(node)
    keys = (_key_of(link.attributes) for link in walk(cite) if link.tag == "a")
    key = next((key for key in keys if key), None)
    return Quote(key, said_in(cite), body)


def _cite_of(node: LexborNode) -> LexborNode | None:
    for child in children(node):
        if not child.is_element_node:
            continue
        if child.tag == "cite" or classes(child.attributes) & {"quotetitle", "quoteheader"}:
            return child
        inner = child.first_child if child.tag == "div" else None
        while inner is not None and not inner.is_element_node:
            inner = inner.next
        if inner is not None and inner.tag == "cite":
            return inner
    return None


def _key_of(attrs: Attributes) -> str | None:
    message = _MESSAGE.search(value(attrs, "href"))
    return _number(value(attrs, "data-post-id")) or (message.group(1) if message else None)


def said_in(cite: LexborNode) -> str:
    """Return the name out of a title like "NAME wrote:"."""
    shown = [child for child in children(cite) if not _is_aside(child)]
    line = " ".join(" ".join(map(_words_of, shown)).split())
    name = attribution_at(line)
    if name is None and (quote_from := _QUOTE_FROM.match(line)):
        name = quote_from.group(1)
    if name is None:
        name = _WROTE.sub("", line)
    return "" if name == NOBODY else name[:100]


def _is_aside(node: LexborNode) -> bool:
    if not node.is_element_node:
        return node.is_comment_node
    attrs = node.attributes
    return "data-post-id" in attrs or "responsive-hide" in classes(attrs)


def _words_of(node: LexborNode) -> str:
    return (node.text_content or "") if node.is_text_node else line_of(node)


def _body(node: LexborNode) -> LexborNode:
    """Return the innermost of the wrappers around the quoted words."""
    for _ in range(len(_BODIES)):
        inner = next((child for child in children(node) if _is_body(child)), None)
        if inner is None:
            break
        node = inner
    return node


def _is_body(node: LexborNode) -> bool:
    return node.is_element_node and not _BODIES.isdisjoint(classes(node.attributes))


def _number(text: str) -> str | None:
    return text if _NUMBER.fullmatch(text) else None
