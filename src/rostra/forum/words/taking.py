"""Whether texts are taken that everybody reads as they were written: nothing in them is covered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from rostra.forum.access.viewer import Viewer
from rostra.forum.words.matching import Word
from rostra.forum.words.queries import Watched, watched
from rostra.kernel.errors import Invalid

NEITHER = ("block", "censor")  # is taken where nothing is covered
NOT_TAKEN = "watched_word_blocked"
WOULD_WAIT = "watched_word_waits"


def check_texts(
    viewer: Viewer,
    texts: Mapping[str, str],
    *,
    board_id: int | None = None,
    before: Iterable[str] = (),
    is_covered: bool = False,
) -> None:
    """Raise Invalid for the fields whose text says a watched word that is not taken there.

    texts: by the names of their fields. One that would wait is not taken either, for here nothing
    can; but what stood there already may stay. Who moderates may write any: the board it is in,
    or (None) any at all. One query; none for who moderates.
    before: what stood there, of an edit; is_covered: where it is shown, words in it are covered.
    """
    moderated = viewer.grants.get("moderate")
    if moderated if board_id is None else viewer.can("moderate", board_id):
        return
    words = watched()
    wrong = not_taken(texts, words, ("block",) if is_covered else NEITHER)
    old = held_in("\n".join(before), words)
    for field, text in texts.items():
        if field not in wrong and held_in(text, words).keys() - old.keys():
            wrong[field] = WOULD_WAIT
    if wrong:
        raise Invalid(wrong)


def not_taken(
    texts: Mapping[str, str], words: Watched, acts: Collection[str] = NEITHER
) -> dict[str, str]:
    """Return field → reason code of the texts that say what is blocked, or would be covered."""
    return {
        field: NOT_TAKEN
        for field, text in texts.items()
        if any(one.word.act in acts for one in words.every.find(text))
    }


def held_in(text: str, words: Watched) -> dict[int, Word]:
    """Return the words of a text that let it wait, by their ids."""
    found = (one.word for one in words.taken.find(text))
    return {word.id: word for word in found if word.act == "hold"}
