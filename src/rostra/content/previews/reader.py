"""One foreign page in, what it says of itself and its text out; a program in a process of its own.

A page is HTML, a PDF, or plain text.

Nothing here trusts the page: a tree that grows without end, ends with this process (`limit`). What
comes out are texts as the page has them; what they are worth is judged by `pages`.

    python -I reader.py html|pdf|plain < page > facts.json

Needs selectolax alone, and pypdf for a PDF; the forum's own process imports this file for its
numbers, and for tests.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MEMORY = 768 * 2**20
SECONDS = 4
LARGEST_RESULT = 4 * 2**20
LONGEST_TEXT = 200_000  # characters
LONGEST_VALUE = 2_000
_MOST_DATA = 300_000  # characters of JSON-LD that are read
_ENOUGH = 2_000  # characters in paragraphs: then the page is written in paragraphs
_MOST_NODES = 3_000  # of it that are looked at
_ARTICLES = re.compile(r"(?:\w*Article|Report|\w*BlogPosting|LiveBlogPosting|Review\w*)\Z")
_VIDEO, _SOCIAL = "VideoObject", "SocialMediaPosting"
_NOISE = [
    "script", "style", "noscript", "template", "svg", "math", "nav", "header", "footer", "aside",
    "form", "button", "select", "iframe", "object", "figcaption", "dialog",
]  # fmt: skip
_BODIES = "[itemprop=articleBody], article, main, [role=main]"
_PIECES = "p, h2, h3, h4, li, blockquote, pre, td"


def limit() -> None:
    """Give up memory beyond a bound, time, large files, core dumps, and the network."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_RESULT, LARGEST_RESULT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    try:
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)  # a network with nothing in it
    except (AttributeError, OSError):
        return  # the system does not let us


def read(html: str) -> dict[str, Any]:
    """Return what a page says of itself: texts by name, `authors` a list; "" for what it lacks.

    What is meant for machines comes before what is meant for sharing, and that before the rest:
    JSON-LD, Open Graph, the head, the body.
    """
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html)
    said = _article_in(tree)
    meta = _meta(tree)
    first = _first(tree)
    found = {
        "title": _text(said.get("headline")) or meta.get("og:title", "") or first("title")
        or first("h1"),
        "site": _name(said.get("publisher")) or meta.get("og:site_name", ""),
        "authors": _names(said.get("author")) or _listed(meta.get("author", "")),
        "published": _text(said.get("datePublished")) or meta.get("article:published_time", "")
        or meta.get("og:published_time", "") or first("time[datetime]", "datetime"),
        "modified": _text(said.get("dateModified")) or meta.get("article:modified_time", "")
        or meta.get("og:updated_time", ""),
        "language": _text(said.get("inLanguage")) or first("html[lang]", "lang")
        or meta.get("og:locale", "") or meta.get("content-language", ""),
        "canonical": first("link[rel~=canonical][href]", "href") or meta.get("og:url", ""),
        "description": _text(said.get("description")) or meta.get("og:description", "")
        or meta.get("description", ""),
        "kind": _kind(said, meta),
    }  # fmt: skip
    body = _text(said.get("articleBody"), LONGEST_TEXT)
    shown = _words(tree)  # last: it takes the tree apart
    return {**found, "text": body if len(body) > 2 * len(shown) else shown}


def read_pdf(body: bytes) -> dict[str, Any]:
    """Return the same of a PDF; its first line is the title of one that has none."""
    from io import BytesIO

    from pypdf import PdfReader

    document = PdfReader(BytesIO(body))
    lines = _lines_of(page.extract_text() for page in document.pages)
    about = document.metadata
    if about is None:
        return _plain(lines)
    return {
        **_plain(lines),
        "title": str(about.title or "").strip() or lines[0],
        "authors": _listed(str(about.author or "")),
        "published": _moment(about, "creation_date"),
        "modified": _moment(about, "modification_date"),
        "language": str(document.root_object.get("/Lang", "")),
        "description": str(about.subject or ""),
        "kind": "pdf",
    }


def read_plain(text: str) -> dict[str, Any]:
    """Return the same of a text, which says nothing of itself: its first line is its title."""
    return _plain(_lines_of([text]))


def _plain(lines: list[str]) -> dict[str, Any]:
    said = dict.fromkeys(
        ("site", "published", "modified", "language", "canonical", "description", "kind"), ""
    )
    return {**said, "title": lines[0], "authors": [], "text": "\n".join(lines)}


def _lines_of(texts: Iterable[str]) -> list[str]:
    """Return the lines with words in them, one at least, until there are enough."""
    lines: list[str] = []
    size = 0
    for text in texts:
        for row in text.split("\n"):
            if (line := " ".join(row.split())) and size < LONGEST_TEXT:
                lines.append(line[:LONGEST_TEXT])
                size += len(line)
        if size >= LONGEST_TEXT:
            break
    return lines or [""]


def _moment(about: Any, name: str) -> str:
    try:
        found = getattr(about, name)
    except ValueError:
        return ""  # it is written as no date is
    return found.isoformat() if found else ""


def _article_in(tree: LexborHTMLParser) -> dict[str, Any]:
    """Return the first article of the page's JSON-LD; a video or a posting where there is none."""
    left = _MOST_DATA
    second: dict[str, Any] = {}
    for script in tree.css("script[type='application/ld+json']"):
        source = script.text()
        left -= len(source)
        if left < 0:
            break
        try:
            data = json.loads(source, strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            kinds = node.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and _ARTICLES.match(name) for name in names):
                return node
            if not second and (_VIDEO in names or _SOCIAL in names):
                second = node
    return second


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of JSON-LD, the outer before the inner."""
    waiting, seen = [data], 0
    while waiting and seen < _MOST_NODES:
        seen += 1
        node = waiting.pop(0)
        if isinstance(node, dict):
            yield node
            waiting += [one for one in node.values() if isinstance(one, dict | list)]
        elif isinstance(node, list):
            waiting += [one for one in node[:_MOST_NODES] if isinstance(one, dict | list)]


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    """Return the page's meta elements, the first of each name."""
    found: dict[str, str] = {}
    for node in tree.css("meta[content]")[:500]:
        given = node.attributes
        name = given.get("property") or given.get("name") or given.get("http-equiv") or ""
        value = _text(given.get("content"))
        if value:
            found.setdefault(name.strip().lower()[:100], value)
    return found


def _first(tree: LexborHTMLParser) -> Any:
    def first(selector: str, attribute: str = "") -> str:
        node = tree.css_first(selector)
        if node is None:
            return ""
        return _text(node.attributes.get(attribute) if attribute else node.text())

    return first


def _kind(said: dict[str, Any], meta: dict[str, str]) -> str:
    kinds = said.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    if _VIDEO in names or meta.get("og:type", "").startswith("video"):
        return "video"
    if _SOCIAL in names:
        return "social_post"
    return "article" if said or meta.get("og:type") == "article" else "other"


def _text(value: Any, most: int = LONGEST_VALUE) -> str:
    """Return what a value says, on one line where it is short; "" where it is no text."""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or value.get("alternateName")
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str)), "")
    if not isinstance(value, str):
        return ""
    return value[:most].strip() if most > LONGEST_VALUE else " ".join(value[:most].split())


def _name(value: Any) -> str:
    return _text(value[0] if isinstance(value, list) and value else value)


def _names(value: Any) -> list[str]:
    several = value if isinstance(value, list) else [value]
    return [name for one in several[:10] if (name := _text(one)[:100])]


def _listed(value: str) -> list[str]:
    return [value[:100]] if value and "://" not in value else []


def _words(tree: LexborHTMLParser) -> str:
    """Return the text of the article, a paragraph a line; of the whole page where none is marked.

    What surrounds articles on a page is left out.
    """
    tree.strip_tags(_NOISE, recursive=True)
    candidates = [_said(node) for node in tree.css(_BODIES)[:20]]
    best = max(candidates, key=len, default="")
    if len(best) < 200 and tree.body is not None:
        best = max(best, _said(tree.body), key=len)
    return best[:LONGEST_TEXT]


def _said(node: LexborNode) -> str:
    """Return the paragraphs of a part of the page; all of its text where it has next to none."""
    lines: list[str] = []
    size = 0
    for piece in node.css(_PIECES):
        line = " ".join(piece.text(separator="").split())
        if not line or (lines and line in lines[-1]):  # a paragraph in a list is said once
            continue
        if lines and lines[-1] in line and len(lines[-1]) < len(line):
            lines.pop()
        lines.append(line)
        size += len(line)
        if size > LONGEST_TEXT:
            break
    found = "\n".join(lines)
    if len(found) > _ENOUGH:
        return found
    whole = node.text(separator="\n")[: 2 * LONGEST_TEXT]
    if 4 * len(found) < len("".join(whole.split())):
        found = "\n".join(line for row in whole.split("\n") if (line := " ".join(row.split())))
    return found


def main() -> int:
    """Read the page and write what was found."""
    source = sys.stdin.buffer.read()
    limit()
    try:
        if sys.argv[1] == "pdf":
            found = read_pdf(source)
        else:
            found = {"html": read, "plain": read_plain}[sys.argv[1]](
                source.decode(errors="replace")
            )
    except Exception:
        return 1  # whatever a parser says of what is no page
    sys.stdout.buffer.write(json.dumps(found).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
