"""The way in: a source and its dialect go in, safe html and what was met in it come out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import ModuleType

from rostra.content.markup import bbcode, native
from rostra.content.markup.attribution import attribution, unquoted
from rostra.content.markup.autolink import addresses
from rostra.content.markup.bbscan import TAG, tag_from, without_uids
from rostra.content.markup.findings import Findings
from rostra.content.markup.mentions import names_in
from rostra.content.markup.references import NOTHING_KNOWN, Dialect, Known, Rendered, Wanted
from rostra.content.markup.sanitize import clean
from rostra.content.markup.text import tidy, with_direction
from rostra.content.markup.uploads import keys_in
from rostra.content.markup.verbatim import address_in

_LINK = re.compile(r"(?<![\w/])(?:https?:/)?/[^\s<>\"\[\]/][^\s<>\"\[\]]{0,2000}", re.IGNORECASE)
_USER = re.compile(
    r"\[(?:user|member|mention)(?:[= ][^\[\]\n]{0,100})?\]([^\[\]\n]{3,41})\[/", re.IGNORECASE
)


def render(source: str, dialect: Dialect = "native", known: Known = NOTHING_KNOWN) -> Rendered:
    """Turn a source into safe html; equal input gives equal output, and no input raises."""
    found = Findings()
    source = tidy(source)
    if dialect == "native":
        html = native.to_html(source, found, known)
    elif dialect == "bbcode":
        html = bbcode.to_html(source, found, known)
    else:
        # The other dialects are read only by importers; they load when they are first needed.
        html = _writer(dialect).to_html(source, found, known)
    return found.rendered(clean(with_direction(html)))


def wanted(source: str, dialect: Dialect = "native") -> Wanted:
    """Collect what a source may refer to, so that it can be looked up before rendering."""
    source = tidy(source)
    if dialect in ("plain", "html"):
        found: Wanted = getattr(_writer(dialect), f"wanted_{dialect}")(source)
        return found
    if dialect == "bbcode":
        source = without_uids(source)
    names = names_in(source)
    posts: set[str] = set()
    links = {address.url for address in addresses(source)}
    links.update(_plain_ends(source))
    for found_tag in TAG.finditer(source):
        tag = tag_from(found_tag)
        if tag is None or tag.is_closing:
            continue
        if tag.name == "quote" and (key := attribution(tag.argument).key):
            posts.add(key)
        elif tag.name == "url" and tag.argument:
            links.add(address_in(unquoted(tag.argument), "url"))
    names.update(name.strip().removeprefix("@") for name in _USER.findall(source))
    return Wanted(frozenset(names), frozenset(posts), frozenset(links), keys_in(source))


@cache
def _writer(dialect: Dialect) -> ModuleType:
    return import_module(f"rostra.content.markup.{dialect}")


def _plain_ends(source: str) -> Iterator[str]:
    """Give the addresses that follow a bracket or stand in one, with less at their end."""
    for found in _LINK.finditer(source):
        url = found[0]
        yield url
        yield url.rstrip(").,;:!?*_~'")
        yield url.partition(")")[0]
