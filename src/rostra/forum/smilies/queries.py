"""Reading the forum's own smilies: those that are on, from memory; all of them, for a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rostra.content.markup.references import SmilieRef
from rostra.forum.access.viewer import Viewer
from rostra.forum.smilies import rules
from rostra.forum.smilies.models import Smilie
from rostra.kernel.errors import NotFound

_kept: tuple[int, Mapping[str, SmilieRef]] = (-1, {})


class SmilieRow(NamedTuple):
    """A smilie in the list."""

    id: int
    code: str
    sign: str
    key: str
    words: str
    width: int
    height: int
    is_on: bool
    position: int


def own_smilies(version: int) -> Mapping[str, SmilieRef]:
    """Return those that are on, by code, in their order.

    version: of boards and settings, which every request reads. One query after it has changed.
    """
    global _kept
    if _kept[0] != version:
        _kept = version, as_they_stand()
    return _kept[1]


def as_they_stand() -> Mapping[str, SmilieRef]:
    """Return the same, asked for anew. One query."""
    rows = Smilie.objects.filter(is_on=True).order_by("position", "id")
    return {
        code: SmilieRef(sign, key, words, width, height)
        for code, sign, key, words, width, height in rows.values_list(
            "code", "sign", "key", "words", "width", "height"
        )
    }


def smilies_for(viewer: Viewer) -> list[SmilieRow]:
    """Return all, those that are off too, in their order; raises Refused. One query."""
    rules.may_see_to_smilies(viewer).enforce()
    rows = Smilie.objects.order_by("position", "id")
    return [SmilieRow(*row) for row in rows.values_list(*SmilieRow._fields)]


def picture_of(key: str) -> bytes:
    """Return the picture at an address, be it off or on; raises NotFound. One query."""
    found = Smilie.objects.filter(key=key).exclude(key="").values_list("picture", flat=True).first()
    if found is None:
        raise NotFound
    return bytes(found)


def forget() -> None:
    """Drop what is kept in memory; for tests, which roll versions back."""
    global _kept
    _kept = -1, {}
