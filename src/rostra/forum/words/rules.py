"""Who may watch words, and what a watched word may be. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rostra.kernel import text
from rostra.kernel.errors import Invalid
from rostra.kernel.verdict import ALLOWED, Verdict

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer

MOST = 2000
LONGEST = 100
LONGEST_KEY = 800
ACTS = ("block", "censor", "hold", "link")
LINK_LENGTH = 2000


def may_watch_words(viewer: Viewer, *, moderates_everything: bool) -> Verdict:
    """Whether the viewer may see and change the watched words: who moderates the whole forum."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if moderates_everything and viewer.grants.get("moderate"):
        return ALLOWED
    return Verdict("second_factor_first" if viewer.lacks_second_factor else "not_a_moderator")


def checked(lines: Iterable[str], act: str, link: str) -> tuple[list[str], str]:
    """Return words, one a line, and where they lead to, as they are kept; raises Invalid."""
    wrong: dict[str, str] = {}
    if act not in ACTS:
        wrong["act"] = "not_a_choice"
    words = list(dict.fromkeys(filter(None, (text.one_line(line) for line in lines))))
    if not words:
        wrong["words"] = "empty"
    elif any(len(word) > LONGEST for word in words):
        wrong["words"] = "watched_word_too_long"
    elif any("*" in word.strip("*") or not word.strip("* ") for word in words):
        wrong["words"] = "watched_word_star"
    link = link.strip() if act == "link" else ""
    if act == "link" and not _is_link(link):
        wrong["link"] = "watched_word_link"
    if wrong:
        raise Invalid(wrong)
    return words, link


def _is_link(link: str) -> bool:
    is_web = link.startswith(("https://", "http://")) and len(link) > len("https://")
    is_here = link.startswith("/") and not link.startswith("//")
    return (
        (is_web or is_here) and len(link) <= LINK_LENGTH and link.isprintable() and " " not in link
    )
