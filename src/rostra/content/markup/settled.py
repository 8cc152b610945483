"""Html of few simple forms, known to leave the last gate as it came: it need not be parsed.

Most of what is written is paragraphs of text, links in them, and quotes of such paragraphs. Of
these a few expressions tell in a third of the time what a parser would find: nothing to change.
They take no tag, attribute or value that `sanitize` does not keep, and no element where it may not
stand; what is not wholly made of them goes to the parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# They stand for text, and for blocks that are looked through. No tag below holds either, so none
# can come about around what they took the place of.
_INERT, _DONE = "\x1f", "\0"
_DEEPEST = 30  # that one block lies in others
_AS_WRITTEN = ("<br>", "&lt;", "&gt;", "&amp;", "&nbsp;")

_TEXT = r"[^<>&\0\r\xa0\ud800-\udfff]*+"
# No link stands in another, since none holds more than text.
_INLINE = re.compile(
    rf"(<(a(?= href)|span|code|em|strong)(?: [^<>\0\x1f]{{0,500}})?>){_TEXT}</\2>", re.ASCII
)
_CAPTION = (
    rf'<figcaption dir="auto">(?:<a data-quote="[1-9][0-9]{{0,17}}"></a>)?{_TEXT}'
    rf'(?:<span class="mark">{_TEXT}</span>)?</figcaption>'
)
# Of preformatted text a parser takes a line feed away that begins it.
_LEAF = re.compile(rf'(?:<(?:p dir="auto">{_TEXT}</p|pre dir="auto">(?!\n){_TEXT}</pre|hr)>\n*+)++')
_AROUND = re.compile(
    rf'<(?:figure class="quote">(?:{_CAPTION})?'
    r'<blockquote dir="auto">[\0\n]*+</blockquote></figure'
    rf'|details class="fold"><summary dir="auto">{_TEXT}</summary>[\0\n]*+</details'
    r'|div class="signature" dir="auto">[\0\n]*+</div)>[\0\n]*+'
)


def is_settled(html: str, is_kept: Callable[[tuple[str, str]], bool]) -> bool:
    """Tell whether cleaning would change nothing; False only means that this is not known.

    is_kept: tells of an opening tag and its name whether it stays as it is.
    """
    if _DONE in html:
        return False
    for sign in _AS_WRITTEN:
        html = html.replace(sign, _INERT)
    inline = _INLINE.findall(html)
    if inline:
        if not all(map(is_kept, inline)):
            return False
        html = _INLINE.sub(_INERT, html)
    html = _LEAF.sub(_DONE, html)
    for _ in range(_DEEPEST):
        html, found = _AROUND.subn(_DONE, html)
        if not found:
            break
    return not html.strip("\0\n")
