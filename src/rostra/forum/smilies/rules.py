"""Who sees to the forum's own smilies, and what one may be. Pure."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from rostra.content.markup.smilies import OWN_CODE, SMILIES
from rostra.forum.access.rules import may_manage_access
from rostra.kernel import text
from rostra.kernel.errors import Invalid

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer
    from rostra.kernel.verdict import Verdict

MOST = 200
LONGEST_SIGN = 12
LONGEST_WORDS = 100
LARGEST = 128  # pixels a side
_JOINERS = frozenset("\u200d\ufe0f")  # they make one sign of several
_SKINS = frozenset(map(chr, range(0x1F3FB, 0x1F400)))


class Wish(NamedTuple):
    """A smilie that is to be: its code, and a sign, or words for the picture that comes with it."""

    code: str
    sign: str = ""
    words: str = ""


def may_see_to_smilies(viewer: Viewer) -> Verdict:
    """Whether the viewer may add smilies, switch them off and order them."""
    return may_manage_access(viewer)


def checked(wish: Wish, *, has_picture: bool) -> Wish:
    """Return a wish as it is kept; raises Invalid with all that is wrong."""
    wrong: dict[str, str] = {}
    code = ":" + wish.code.strip().strip(":").lower() + ":"
    if not OWN_CODE.fullmatch(code):
        wrong["code"] = "smilie_code_odd"
    elif code in SMILIES:
        wrong["code"] = "smilie_code_taken"
    sign, words = wish.sign.strip(), text.one_line(wish.words)
    if has_picture == bool(sign):
        wrong["sign"] = "smilie_sign_or_picture"
    elif sign and not _is_sign(sign):
        wrong["sign"] = "smilie_sign_odd"
    if has_picture and text.is_blank(words):
        wrong["words"] = "empty"
    elif len(words) > LONGEST_WORDS:
        wrong["words"] = "too_long"
    if wrong:
        raise Invalid(wrong)
    return Wish(code, sign, words if has_picture else "")


def _is_sign(sign: str) -> bool:
    """Return whether these characters are pictures of a font, and nothing that moves others."""
    pictures = [char for char in sign if unicodedata.category(char) == "So"]
    others = set(sign) - set(pictures) - _JOINERS - _SKINS
    return bool(pictures) and not others and len(sign) <= LONGEST_SIGN
