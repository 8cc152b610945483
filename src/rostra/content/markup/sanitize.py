"""The last gate: whatever a writer produced, only this list of tags and values leaves it."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3

from rostra.content.markup.references import WORDS
from rostra.content.markup.settled import is_settled

COLORS = (
    "black", "gray", "white", "red", "orange", "yellow",
    "green", "teal", "blue", "purple", "pink", "brown",
)  # fmt: skip

_PLAIN = [
    "b", "strong", "i", "em", "u", "s", "del", "ins", "sub", "sup", "mark", "br", "hr", "bdi",
    "thead", "tbody", "tr", "kbd", "small", "abbr",
]  # fmt: skip
_BLOCKS = [
    "p", "h4", "h5", "h6", "blockquote", "li", "dt", "dd", "figcaption", "summary", "pre", "td",
    "th", "caption",
]  # fmt: skip
_OTHERS = [
    "a", "span", "div", "section", "figure", "details", "ul", "ol", "dl", "table", "code", "bdo",
    "rostra-embed", "img",
]  # fmt: skip
TAGS = frozenset(_PLAIN + _BLOCKS + _OTHERS)

_ALIGN = {"align-start", "align-center", "align-end"}
_SPANS = {f"c-{color}" for color in COLORS} | {"size-small", "size-large", "size-huge"}
CLASSES: dict[str, frozenset[str]] = {
    "a": frozenset({"mention", "remote-image", "picture", "file"}),
    "span": frozenset(
        {"smilie", "spoiler", "mark", "task", "bidi", "remote-image", "picture", "file", "unseen"}
        | {"smilie own"}
        | _SPANS
    ),
    "img": frozenset({"smilie own"}),
    "div": frozenset({"table", "indent", "signature"} | _ALIGN),
    "details": frozenset({"spoiler", "fold"}),
    "figure": frozenset({"quote"}),
    "blockquote": frozenset({"quote"}),
    "section": frozenset({"footnotes"}),
    "sup": frozenset({"footnote"}),
    "td": frozenset(_ALIGN),
    "th": frozenset(_ALIGN),
    "ol": frozenset({"lower-alpha", "upper-alpha", "lower-roman", "upper-roman"}),
}

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_PIXELS = re.compile(r"[1-9][0-9]{0,4}")
_VALUES: dict[str, re.Pattern[str]] = {
    "dir": re.compile("auto|ltr|rtl"),
    "data-thread": _NUMBER,
    "data-post": _NUMBER,
    "data-quote": _NUMBER,
    "data-member": _NUMBER,
    "data-word": re.compile("|".join(sorted(WORDS))),
    "data-said": re.compile(r'[^"<>]{1,100}'),
    "data-provider": re.compile("youtube|vimeo"),
    "data-video": re.compile(r"[A-Za-z0-9_-]{1,20}"),
    "data-start": re.compile(r"[0-9]{1,6}"),
    "tabindex": re.compile("0"),
    "rel": re.compile("nofollow ugc noopener noreferrer"),
    "title": re.compile(r'[^"<>]{0,200}'),
    "start": re.compile(r"[0-9]{1,9}"),
    "colspan": re.compile(r"[1-9][0-9]?"),
    "rowspan": re.compile(r"[1-9][0-9]?"),
    "href": re.compile(
        r"(?:https?:|mailto:)[^\x00-\x20]*|/(?:members|threads|posts)/[0-9]+"
        r"|/files/[0-9a-f]{32}",
        re.IGNORECASE,
    ),
    # Pictures are this forum's own, made by it.
    "src": re.compile(r"/files/[0-9a-f]{32}(?:-1)?|/smilies/[0-9a-f]{32}"),
    "srcset": re.compile(r"/files/[0-9a-f]{32}(?:-2)? 2x"),
    "alt": re.compile(r".{0,600}", re.DOTALL),
    "width": _PIXELS,
    "height": _PIXELS,
    "loading": re.compile("lazy"),
    "decoding": re.compile("async"),
}
_MOST_PASSES = 8
_FIRST_LINE_FEED = re.compile(r"<pre(?: [^<>]*)?>\n")
_LANGUAGE = re.compile(r"language-[a-z0-9+#-]{1,20}")

_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"class", "href", "rel", "data-thread", "data-post", "data-quote", "data-member"},
    "span": {"class", "title", "tabindex", "data-word", "data-said"},
    "img": {
        "class",
        "src",
        "srcset",
        "alt",
        "title",
        "width",
        "height",
        "loading",
        "decoding",
    },
    "rostra-embed": {"data-provider", "data-video", "data-start"},
    "code": {"class"},
    "bdo": {"dir"},
    "table": {"dir"},
    "abbr": {"title"},
    "ol": {"start", "class"},
    "div": {"class", "dir"},
    **{tag: {"dir"} for tag in _BLOCKS},
    **{tag: {"class"} for tag in ("details", "figure", "section", "sup")},
    "blockquote": {"class", "dir"},
    "td": {"class", "dir", "colspan", "rowspan"},
    "th": {"class", "dir", "colspan", "rowspan"},
}


def _kept_value(tag: str, name: str, value: str) -> str | None:
    if value == "auto" and name == "dir":  # most of all there is
        return value
    if name == "class":
        if tag == "code":
            return value if _LANGUAGE.fullmatch(value) else None
        return value if value in CLASSES.get(tag, ()) else None
    # Asked about elements that do not stay as well, with whatever attributes they have.
    form = _VALUES.get(name)
    return value if form is not None and form.fullmatch(value) else None


_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    attributes=_ATTRIBUTES,
    attribute_filter=_kept_value,
    link_rel=None,
    url_schemes={"http", "https", "mailto"},
)


def clean(html: str) -> str:
    """Return html with nothing in it but the tags, attributes and values of the fixed list.

    Cleaning it again changes nothing; a tree that does not settle is shown as the text it was.
    """
    html = html.lstrip("\ufeff")  # one of them is lost to every parser
    if is_settled(html, _is_kept):
        return html
    for _ in range(_MOST_PASSES):
        cleaned = _cleaned(html)
        # Writers mostly write what a parser writes; if not, it is read a second time to be sure.
        if cleaned == html:
            return html
        html = cleaned
    return nh3.clean_text(html)


@lru_cache(maxsize=2_000)
def _is_kept(tag: tuple[str, str]) -> bool:
    """Tell whether an opening tag, given with its name, leaves the cleaner as it came."""
    opening, name = tag
    html = f"{opening}</{name}>"
    return _cleaner.clean(html) == html


def _cleaned(html: str) -> str:
    cleaned = _cleaner.clean(html)
    # Of a line feed that begins preformatted text every parser takes one away: it needs another.
    return _FIRST_LINE_FEED.sub(r"\g<0>\n", cleaned) if "<pre" in cleaned else cleaned
