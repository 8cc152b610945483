"""What no rendered fragment may ever hold, found in its tree and not by looking at its text."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from rostra.content.markup.links import REL
from rostra.content.markup.sanitize import TAGS, clean

_OWN = re.compile(r"/(?:members|threads|posts)/[1-9][0-9]*")
_OUTSIDE = re.compile(r"(?:https?://[^/?#]|mailto:)[^\x00-\x20\"<>]*", re.IGNORECASE)


def dangers(html: str) -> list[str]:
    """Return what is wrong with a rendered fragment: nothing, it is hoped."""
    root = LexborHTMLParser(f"<body>{html}</body>").body
    assert root is not None
    found: list[str] = []
    for node in root.traverse(include_text=False):
        if node.tag in ("body", "-comment"):
            found += ["comment"] if node.tag == "-comment" else []
            continue
        found += [] if node.tag in TAGS else [f"tag {node.tag}"]
        found += [
            f"attribute {name}"
            for name in node.attributes
            if name.startswith("on") or name in _NEVER
        ]
        if "href" in node.attributes:
            found += _dangers_of_link(
                node.attributes["href"] or "", node.attributes.get("rel") or ""
            )
    if clean(html) != html:
        found.append("not what the sanitiser leaves")
    return found


_NEVER = frozenset({"style", "id", "name", "src", "srcset", "action", "formaction", "srcdoc"})


def _dangers_of_link(href: str, rel: str) -> list[str]:
    if _OWN.fullmatch(href):
        return []
    if not _OUTSIDE.fullmatch(href):
        return [f"address {href}"]
    return [] if rel == REL else [f"rel {rel}"]
