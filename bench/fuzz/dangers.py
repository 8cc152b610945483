"""What no rendered fragment may ever hold, found in its tree and not by looking at its text."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from rostra.content.markup.links import REL
from rostra.content.markup.sanitize import TAGS, clean

# Written down here a second time: a mistake in the sanitiser's own list is to be seen.
ATTRIBUTES = frozenset({
    "class", "dir", "href", "rel", "title", "tabindex", "start", "colspan", "rowspan",
    "data-thread", "data-post", "data-quote", "data-said", "data-word", "data-member",
    "data-provider", "data-video", "data-start",
    "src", "srcset", "alt", "width", "height", "loading", "decoding",
})  # fmt: skip
FORBIDDEN = frozenset({
    "script", "style", "iframe", "frame", "frameset", "object", "embed", "applet", "svg", "math",
    "form", "input", "button", "select", "textarea", "base", "link", "meta", "template", "slot",
    "image", "video", "audio", "source", "track", "noscript", "noembed", "plaintext", "xmp",
    "title", "body", "html", "head", "portal", "dialog", "marquee",
})  # fmt: skip
_OWN = re.compile(r"/(?:members|threads|posts)/[1-9][0-9]*|/files/[0-9a-f]{32}")
# Pictures are this forum's own, and nothing else has what pictures have.
_PICTURE = {
    "src": re.compile(r"/files/[0-9a-f]{32}(?:-1)?|/smilies/[0-9a-f]{32}"),
    "srcset": re.compile(r"/files/[0-9a-f]{32}(?:-2)? 2x"),
    "alt": re.compile(r"(?s:.{0,600})"),
    "width": re.compile(r"[1-9][0-9]{0,4}"),
    "height": re.compile(r"[1-9][0-9]{0,4}"),
    "loading": re.compile("lazy"),
    "decoding": re.compile("async"),
}
_OUTSIDE = re.compile(r"(?:https?://[^/?#]|mailto:)[^\x00-\x20\"<>]*", re.IGNORECASE)


def dangers(html: str) -> list[str]:
    """Return what is wrong with a rendered fragment: nothing, it is hoped."""
    return _dangers(html, is_rendered=True)


def dangers_of_any(html: str) -> list[str]:
    """Return what is wrong with a text that went through the sanitiser and nothing else."""
    return _dangers(html, is_rendered=False)


def _dangers(html: str, *, is_rendered: bool) -> list[str]:
    found: list[str] = []
    for node in LexborHTMLParser(f"<body>{html}</body>").css("body *"):
        tag = node.tag or ""
        found += [] if tag in TAGS and tag not in FORBIDDEN else [f"tag {tag}"]
        attributes = node.attributes
        found += [f"attribute {name}" for name in attributes if name not in ATTRIBUTES]
        if (href := attributes.get("href")) and not _may_be_clicked(href):
            found.append(f"address {href}")
        for name in attributes.keys() & _PICTURE.keys():
            if tag != "img" or not _PICTURE[name].fullmatch(attributes[name] or ""):
                found.append(f"{name} {attributes[name]} of {tag}")
        if is_rendered and tag == "a" and "href" in attributes:
            found += _dangers_of_link(
                href or "", attributes.get("rel") or "", attributes.get("data-member") is not None
            )
    if "<!" in html or "<?" in html:
        found.append("comment")
    if clean(html) != html:
        found.append("not what the sanitiser leaves")
    return found


def _may_be_clicked(href: str) -> bool:
    return href[:1] == "/" or href[:5].lower() == "http:" or href[:6].lower() == "https:" or (
        href[:7].lower() == "mailto:"
    )  # fmt: skip


def _dangers_of_link(href: str, rel: str, is_mention: bool) -> list[str]:
    if _OWN.fullmatch(href):
        return [] if rel == REL or is_mention else [f"rel {rel}"]
    if not _OUTSIDE.fullmatch(href):
        return [f"address {href}"]
    return [] if rel == REL else [f"rel {rel}"]
