"""Whose posts wait, with the names of what they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rostra.forum.access.queries import moderates_everything
from rostra.forum.access.viewer import Viewer
from rostra.forum.holds.actions import IMPLIED
from rostra.forum.holds.queries import CautionRow, all_cautions
from rostra.forum.members.queries import groups
from rostra.forum.threads.queries import references
from rostra.reading.front_page import whole_tree_of


@dataclass(frozen=True, slots=True)
class CautionsPage:
    """All the template needs: what is set and how it is called, and what can be."""

    rows: list[tuple[CautionRow, str]]
    boards: Mapping[int, str]  # that the viewer moderates, and that hold threads
    groups: Mapping[int, str]  # none for who does not moderate everything


def cautions_page(viewer: Viewer) -> CautionsPage:
    """Gather whose posts wait; raises Refused. Two queries, one more where threads do."""
    found = all_cautions(viewer)
    tree = whole_tree_of(viewer)
    moderated = viewer.grants.get("moderate", frozenset())
    boards = {at: row.title for at, row in tree.rows.items() if at in moderated}
    every = groups()
    names = {group.id: group.name for group in every}
    chosen = [group.id for group in every if group.kind not in IMPLIED]
    wanted = {row.target_id for row in found if row.scope == "thread"}
    threads, _ = references(viewer, wanted, ())
    titles = {at: one.thread_title for at, one in threads.items()}
    of = {"group": names, "threads": boards, "board": boards, "thread": titles}
    rows = [(row, of.get(row.scope, {}).get(row.target_id, "")) for row in found]
    return CautionsPage(
        rows=[(row, name) for row, name in rows if name or row.scope == "newcomers"],
        boards={at: title for at, title in boards.items() if not tree.rows[at].is_category},
        groups={at: names[at] for at in chosen} if moderates_everything(viewer) else {},
    )
