"""Pictures, videos and cards in the html of other forums: where each really leads."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborNode

from rostra.content.markup.embeds import embed, video
from rostra.content.markup.html_nodes import Attributes, classes, find, line_of, value, walk
from rostra.content.markup.smilies import SMILIES, smilie
from rostra.content.markup.text import escape

_SMILIE_CLASSES = frozenset({"emoji", "smilie", "smilies", "emoticon", "ipsEmoji", "bbc_emoticon"})
_EMOJI = re.compile(r"[\u00a9\u00ae\u2000-\u3300\ufe0f\U0001f000-\U0001faff]{1,12}")
_CODE = re.compile(r"[^\s<>\"]{1,40}")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|bmp|avif)$", re.IGNORECASE)


def smilie_of(attrs: Attributes) -> str | None:
    """Write the smilie that a small picture stands for, or None for another picture."""
    if _SMILIE_CLASSES.isdisjoint(classes(attrs)) and "/smilies/" not in value(attrs, "src"):
        return None
    for name in ("data-shortname", "alt", "title"):
        code = value(attrs, name).strip()
        if code in SMILIES:
            return smilie(code)
        if code and _EMOJI.fullmatch(code):
            return escape(code)
    code = value(attrs, "alt").strip() or value(attrs, "data-shortname").strip()
    return escape(_emoji_named(code) or code) if _CODE.fullmatch(code) else ""


def _emoji_named(code: str) -> str:
    """Return the character whose Unicode name a code like ":hot_pepper:" is, or nothing."""
    try:
        sign = unicodedata.lookup(code.strip(":").replace("_", " "))
    except KeyError:
        return ""
    return sign if unicodedata.category(sign) == "So" else ""


def picture_address(attrs: Attributes) -> str:
    """Return the real address of a picture that may be lazy or come through a proxy."""
    for name in ("data-url", "data-src", "data-original", "src"):
        address = value(attrs, name)
        if address and not address.startswith("data:"):
            return unproxied(address)
    return ""


def unproxied(address: str) -> str:
    """Return the address a picture proxy of the other forum was asked for."""
    if "proxy.php?" not in address:
        return address
    try:
        query = parse_qs(urlsplit(address).query)
    except ValueError:
        return address
    return (query.get("image") or query.get("link") or [address])[0]


def is_picture(address: str) -> bool:
    """Tell whether an address names a picture file."""
    return bool(_PICTURE.search(address.partition("?")[0]))


def absolute(address: str) -> str:
    """Return an address with the scheme that "//host" leaves out."""
    return "https:" + address if address.startswith("//") else address


def player_of(node: LexborNode, attrs: Attributes) -> str | None:
    """Write the player for a video element of another forum, or None."""
    key = value(attrs, "data-youtube-id")
    if not key and value(attrs, "data-media-site-id") in ("youtube", "vimeo"):
        return video(value(attrs, "data-media-site-id"), value(attrs, "data-media-key"))
    if key or value(attrs, "data-video-provider") == "youtube":
        return video("youtube", key or value(attrs, "data-video-id"))
    if "data-s9e-mediaembed" in attrs:
        frame = find(node, "iframe")
        return embed(absolute(frame_address(frame.attributes))) if frame is not None else None
    return None


def frame_address(attrs: Attributes) -> str:
    """Return what a frame would load."""
    return value(attrs, "src") or value(attrs, "data-src") or value(attrs, "data-embed-src")


def card_of(node: LexborNode, attrs: Attributes) -> tuple[str, str]:
    """Return the address and title of a link's preview card."""
    address = value(attrs, "data-url") or value(attrs, "data-onebox-src")
    title = ""
    for inner in walk(node):
        if not inner.is_element_node:
            continue
        if inner.tag == "a" and not address:
            address = value(inner.attributes, "href")
        if not title and (
            inner.tag in ("h3", "h4") or "contentRow-header" in classes(inner.attributes)
        ):
            title = line_of(inner)
    return absolute(address), title
