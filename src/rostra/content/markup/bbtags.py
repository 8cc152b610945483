"""The tags of BBCode: which there are, of what kind, and the html of those that format."""

from __future__ import annotations

from typing import Literal

from rostra.content.markup.attribution import unquoted
from rostra.content.markup.palette import color_class, size_class

type Kind = Literal["format", "block", "item", "verbatim", "rule"]

ALIASES = {
    "strong": "b", "bold": "b", "em": "i", "italic": "i", "strike": "s", "del": "s",
    "mark": "highlight", "hl": "highlight", "ul": "list", "ol": "list", "li": "*", "iurl": "url",
    "mail": "email", "nobbc": "noparse", "plain": "noparse", "colour": "color",
    "inlinespoiler": "ispoiler", "face": "font", "member": "user", "mention": "user",
    "centre": "center", "start": "left", "end": "right", "tt": "icode", "pre": "code",
    "details": "spoiler", "collapse": "spoiler",
}  # fmt: skip

_KINDS: dict[Kind, str] = {
    "format": "b i u s sub sup highlight kbd color size font bdo ispoiler glow shadow float move "
    "abbr acronym bgcolor url email",
    "block": "quote spoiler list table left center right justify align indent heading "
    "h1 h2 h3 h4 h5 h6 rtl ltr",
    "item": "* tr td th thead tbody",
    "verbatim": "code php html icode noparse img media youtube vimeo video user",
    "rule": "hr",
}
KINDS: dict[str, Kind] = {name: kind for kind, names in _KINDS.items() for name in names.split()}

# Without an argument their content is the address.
ADDRESSES = frozenset({"url", "email"})
# Unclosed ones end with what they are in; all other unclosed tags are text.
AUTOCLOSED = frozenset({"list", "table", "spoiler"})
# Of the verbatim ones, those that stand in a line of text.
IN_LINE = frozenset({"icode", "noparse", "img", "user", "url", "email"})

_SIMPLE = {
    "b": ("<strong>", "</strong>"),
    "i": ("<em>", "</em>"),
    "u": ("<u>", "</u>"),
    "s": ("<s>", "</s>"),
    "sub": ("<sub>", "</sub>"),
    "sup": ("<sup>", "</sup>"),
    "highlight": ("<mark>", "</mark>"),
    "kbd": ("<kbd>", "</kbd>"),
    "ispoiler": ('<span class="spoiler" tabindex="0">', "</span>"),
}


def kind_of(name: str, argument: str) -> Kind | None:
    """Return the kind of a tag, or None when it is no tag."""
    kind = KINDS.get(name)
    return "verbatim" if kind == "format" and name in ADDRESSES and not argument else kind


def format_html(name: str, argument: str) -> tuple[str, str]:
    """Return the html before and after formatted text; both empty when nothing is to be seen."""
    if name in _SIMPLE:
        return _SIMPLE[name]
    argument = unquoted(argument)
    if name == "bdo" and argument.lower() in ("rtl", "ltr"):
        return f'<bdo dir="{argument.lower()}">', "</bdo>"
    found = None
    if name == "color":
        found = color_class(argument)
    elif name == "size":
        found = size_class(argument)
    return (f'<span class="{found}">', "</span>") if found else ("", "")
