"""Acts that a second person confirms, as whoever could confirm them needs them."""

from __future__ import annotations

from typing import NamedTuple

from rostra.forum.access.viewer import Viewer
from rostra.forum.modlog import queries as modlog
from rostra.forum.modlog.queries import LogRow
from rostra.forum.seconds import queries
from rostra.forum.seconds.queries import SecondRow
from rostra.kernel.errors import Refused
from rostra.kernel.verdict import Verdict


class Waiting(NamedTuple):
    """An act that waits: how it stands, its entry, and whether the viewer may confirm it."""

    second: SecondRow
    act: LogRow
    may_confirm: Verdict


def seconds_page(viewer: Viewer) -> list[Waiting]:
    """Return what waits for a second person, the first due first. Three queries.

    Raises Refused for who could be none.
    """
    if not queries.may_see(viewer):
        raise Refused("not_a_moderator_of_all")
    rows = queries.waiting()
    acts = {act.n: act for act in modlog.find_entries([row.log_n for row in rows])}
    return [
        Waiting(row, acts[row.log_n], queries.may_confirm_now(viewer, row))
        for row in rows
        if row.log_n in acts
    ]
