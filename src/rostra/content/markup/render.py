"""The way in: a source and its dialect go in, safe html and what was met in it come out."""

from __future__ import annotations

import re
from importlib import import_module

from rostra.content.markup import bbcode
from rostra.content.markup.attribution import attribution
from rostra.content.markup.autolink import addresses
from rostra.content.markup.bbscan import TAG
from rostra.content.markup.findings import Findings
from rostra.content.markup.mentions import names_in
from rostra.content.markup.references import NOTHING_KNOWN, Dialect, Known, Rendered, Wanted
from rostra.content.markup.sanitize import clean
from rostra.content.markup.text import tidy


def render(source: str, dialect: Dialect = "native", known: Known = NOTHING_KNOWN) -> Rendered:
    """Turn a source into safe html; equal input gives equal output, and no input raises."""
    found = Findings()
    writer = bbcode if dialect == "bbcode" else import_module(f"rostra.content.markup.{dialect}")
    return found.rendered(clean(writer.to_html(tidy(source), found, known)))
