"""Addresses: which may be clicked, and how a link and a remote image are written."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from rostra.content.markup.findings import Findings
from rostra.content.markup.references import Known, LocalRef
from rostra.content.markup.text import balanced, escape, escape_value

REL = "nofollow ugc noopener noreferrer"

_SCHEME = re.compile(r"(?:https?://[^\s/?#\\]|mailto:)", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[\w.+%'=-]{1,64}@[\w.-]{1,253}(?:\?[\w.+%&=-]{0,500})?", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\u00ad]")
_ENCODE = re.compile(
    '[ "<>\\\\^`{|}\u00a0\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]'
)
_FILE = re.compile(r"[^/?#]*\.(?:html?|php\d?|aspx?|jsp|jpe?g|png|gif|pdf|txt|zip|exe)\Z", re.I)
_HOST = re.compile(r"(?:[\w-]{1,63}\.){1,10}[^\W\d_]{2,24}(?=[:/?#]|$)")


def safe_url(url: str) -> str | None:
    """Return the address in a form safe to click, or None when it is not to be clicked."""
    url = url.strip(" \u00a0")
    if _UNSAFE.search(url) or not _SCHEME.match(url):
        return None
    if url[:7].lower() == "mailto:":
        return url if _MAIL.fullmatch(url) else None
    url = _ENCODE.sub(_percent, url)
    try:
        urlsplit(url)
    except ValueError:
        return None
    return url


def completed(url: str) -> str:
    """Add the scheme that people leave out: "www.example.org" and "a@example.org"."""
    url = url.strip()
    if "://" in url[:12]:
        return url
    if _HOST.match(url) and not _FILE.match(url):
        return "http://" + url
    if "@" in url and ":" not in url and "/" not in url:
        return "mailto:" + url
    return url


def link(url: str, text_html: str, found: Findings, known: Known) -> str:
    """Write one link, or its text alone when the address is not safe to click."""
    local = known.local.get(url)
    if local is not None:
        return _local_link(local, url, text_html, found)
    opening = opening_tag(url, found)
    return f"{opening}{text_html}</a>" if opening else text_html


def opening_tag(url: str, found: Findings) -> str:
    """Write the opening tag of a link to outside, or nothing when it is not safe to click."""
    safe = safe_url(url)
    if safe is None:
        return ""
    if safe[:7].lower() != "mailto:":
        found.add_link(safe)
    return f'<a href="{escape_value(safe)}" rel="{REL}">'


def image(url: str, alt: str, found: Findings, *, linked: bool = True) -> str:
    """Write a remote image as a link to it: it never loads by itself."""
    safe = safe_url(url)
    label = escape(balanced(" ".join(alt.split())[:200] or _host(safe) or url))
    if safe is None or safe[:7].lower() == "mailto:":
        return label
    inner = f'<span data-word="image"></span> {label}'
    found.add_link(safe)
    if not linked:
        return f'<span class="remote-image">{inner}</span>'
    return f'<a class="remote-image" href="{escape_value(safe)}" rel="{REL}">{inner}</a>'


def _local_link(local: LocalRef, url: str, text_html: str, found: Findings) -> str:
    if local.kind == "thread":
        found.add_thread(local.id)
    else:
        found.add_post(local.id)
    if text_html in ("", escape(url)):
        return f'<a data-{local.kind}="{local.id}"></a>'
    return f'<a href="/{local.kind}s/{local.id}" rel="{REL}">{text_html}</a>'


def _host(url: str | None) -> str:
    return urlsplit(url).netloc.rpartition("@")[2] if url else ""


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())
