"""The demo's notes: rated by invented members of two kinds, decided by the real engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from rostra.forum.access.viewer import Viewer
from rostra.forum.notes import queries
from rostra.forum.notes.actions.panels import work_panels
from rostra.forum.notes.actions.rating import answer
from rostra.forum.notes.actions.runs import score
from rostra.forum.notes.actions.writing import set_calibration, write_note
from rostra.forum.notes.rules import NIGHTS, NOMINATED, Draft
from rostra.kernel import clock
from rostra.project.demo import content
from rostra.transfer.load.raters import bring_raters, bring_ratings

RATERS = 44
ODD = 0.06  # of answers to the calibration set, that are not what their kind would say
UNLIKE = 0.15  # of answers on panels
VALUES = {2: "yes", 0: "no"}


def play_notes(
    staff: Viewer,
    people: Sequence[tuple[str, int]],
    post_of: Callable[[str, int], int],
    viewer_of: Callable[[int], Viewer],
) -> None:
    """Put the notes down, have them rated and decided; people: keys and ids, in a steady order."""
    told = content.table("notes")
    chance = Random(2713)  # noqa: S311 (the same demo every time)
    raters = dict(people[:RATERS])
    kinds = {member_id: n % 2 for n, member_id in enumerate(raters.values())}
    now = clock.now()
    bring_raters(raters.values(), now, chance)
    for row in told["calibration"]:
        expected = {"both": "yes", "nobody": "no"}.get(row["helps"], "")
        note_id = set_calibration(
            staff, post_of(row["thread"], row["post"]), _draft(row), expected=expected
        )
        said = {
            member_id: _value(row, kind) if chance.random() >= ODD else chance.choice((0, 1, 2))
            for member_id, kind in kinds.items()
        }
        bring_ratings(note_id, said, now, "calibration")
    for _ in range(NIGHTS):
        score()
    least, helpful = NOMINATED
    notes = {}
    for row in told["note"]:
        post_id = post_of(row["thread"], row["post"])
        notes[post_id] = row
        note_id = write_note(viewer_of(raters[row["by"]]), post_id, _draft(row))
        if row["outcome"] != "proposed":
            others = [member for member in kinds if member != raters[row["by"]]]
            first = [member for member in others if _value(row, kinds[member]) == 2]
            some = chance.sample(first, helpful) + chance.sample(others, least)
            bring_ratings(note_id, {m: _value(row, kinds[m]) for m in some}, now, "self")
    work_panels(chance)
    for member_id, kind in kinds.items():
        viewer = viewer_of(member_id)
        seat = queries.seat_for(viewer)
        if seat is not None:
            row = notes[seat[1].note.post_id]
            value = VALUES[_value(row, kind)] if chance.random() >= UNLIKE else "somewhat"
            answer(viewer, seat[0], value)
    work_panels(chance)


def _draft(row: dict[str, Any]) -> Draft:
    return Draft(row["why"], row["text"], row["sources"])


def _value(row: dict[str, Any], kind: int) -> int:
    """Return what a reader of a kind says."""
    likes = {"both": True, "nobody": False, "one": kind == 0, "other": kind == 1}
    return 2 if likes[row["helps"]] else 0
