"""Which elements and classes of other forums mean what."""

from __future__ import annotations

DROPPED = frozenset({
    "script", "style", "template", "noscript", "title", "meta", "link", "base", "head", "object",
    "applet", "embed", "param", "canvas", "svg", "math", "select", "option", "button", "input",
    "textarea", "form", "frameset", "frame", "map", "area", "dialog", "nav", "colgroup", "col",
    "source", "track", "rp",
})  # fmt: skip
INLINE = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em", "dfn": "em",
    "var": "em", "u": "u", "ins": "u", "s": "s", "strike": "s", "del": "s", "sub": "sub",
    "sup": "sup", "mark": "mark", "kbd": "kbd", "small": "small", "q": "em",
}  # fmt: skip
HEADINGS = {"h1": "h4", "h2": "h5", "h3": "h6", "h4": "h6", "h5": "h6", "h6": "h6"}
BLOCKS = frozenset({
    "p", "div", "section", "article", "center", "address", "header", "footer", "main", "fieldset",
    "legend", "figure", "figcaption", "aside", "li", "dt", "dd", "td", "th", "tr", "tbody",
    "thead", "tfoot", "table", "caption", "html", "body", "hgroup", "menuitem",
})  # fmt: skip
BBCODE = {"bbcode-b": "strong", "bbcode-i": "em", "bbcode-u": "u", "bbcode-s": "s"}
SPOILERS = frozenset({"spoiler", "bbCodeSpoiler", "ipsSpoiler", "spoil"})
GONE = frozenset({
    "bbCodeBlock-expandLink", "js-expandLink", "quote-controls", "poll-info", "poll-buttons",
    "u-srOnly", "avatar", "message-signature", "bbCodeSpoiler-button", "ipsSpoiler_header",
    "cooked-selection-barrier", "anchor", "site-icon", "spoilertitle",
    "bbCodeBlock-title",
})  # fmt: skip
QUOTE_CLASSES = frozenset({"bbCodeBlock--quote", "quote", "quotecontent", "bbcode_quote"})
