"""The dialect of other forums' saved html: untrusted, and rewritten into our own structure.

Every byte of the result is written here from escaped text and addresses that were checked.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from rostra.content.markup.autolink import addresses
from rostra.content.markup.findings import Findings
from rostra.content.markup.html_bounds import bare_text, is_bounded
from rostra.content.markup.html_nodes import children
from rostra.content.markup.html_writer import Writer
from rostra.content.markup.mentions import names_in
from rostra.content.markup.plain_mail import mask_mail
from rostra.content.markup.references import Known, Wanted
from rostra.content.markup.text import balanced, escape, tidy, unescape

_HREF = re.compile(r"\shref\s*=\s*(?:\"([^\"<>]{1,2000})\"|'([^'<>]{1,2000})')", re.IGNORECASE)
_DISCOURSE = re.compile(
    r"data-(post|topic)=\"([0-9]{1,18})\"\s+data-(post|topic)=\"([0-9]{1,18})\""
)
_POST = re.compile(
    r"data-source=[\"']\s*post:\s*([0-9]{1,18})\s*[\"']"
    r"|data-(?:post-id|ipsquote-contentcommentid)=[\"']([0-9]{1,18})[\"']"
    r"|(?:msg|#p|[?&;]p=|/posts?/)([0-9]{1,18})"
)


def to_html(source: str, found: Findings, known: Known) -> str:
    """Rewrite foreign html into paragraphs, quotes, lists, links and folds of our own."""
    source = tidy(source)
    if not is_bounded(source):
        return _as_text(bare_text(source))
    body = LexborHTMLParser(source).body
    return Writer(found, known).write(children(body)) if body is not None else ""


def wanted_html(source: str) -> Wanted:
    """List the posts that a source may quote, the addresses it links, the names it mentions."""
    links = {unescape(double or single) for double, single in _HREF.findall(source)}
    links.update(address.url for address in addresses(source))
    return Wanted(frozenset(names_in(unescape(source))), _quoted_posts(source), frozenset(links))


def _quoted_posts(source: str) -> frozenset[str]:
    keys = {one or two or three for one, two, three in _POST.findall(source)}
    for first, one, second, two in _DISCOURSE.findall(source):
        by_name = {first: one, second: two}
        keys.add(f"{by_name.get('topic', '')}:{by_name.get('post', '')}")
    return frozenset(keys)


def _as_text(text: str) -> str:
    paragraphs = (part.strip() for part in unescape(text).split("\n\n"))
    return "\n".join(
        f'<p dir="auto">{escape(balanced(mask_mail(part)))}</p>'.replace("\n", "<br>\n")
        for part in paragraphs
        if part
    )
