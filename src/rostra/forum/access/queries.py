"""Working out who may do what. Rules are kept in memory while their version stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings

from rostra.forum.access.limits import in_force, without
from rostra.forum.access.models import Grant, OwnAccess
from rostra.forum.access.viewer import MANAGING, NONE, GrantRow, Viewer, governing, grants_of
from rostra.forum.boards.queries import VERSION, whole_tree
from rostra.forum.members.looks import Look
from rostra.forum.members.queries import (
    AccountRow,
    GroupRow,
    chosen_groups,
    group_ids_of,
    groups,
    members_in,
    suspended_among,
)
from rostra.kernel import chosen, clock, versions


@dataclass(slots=True)
class Rules:
    """All grants as of one version, and what they come to for each combination of groups."""

    version: int
    groups: dict[int, GroupRow]
    rows: list[GrantRow]
    parents: dict[int, int | None]
    governed_by: dict[int, int | None]
    worked_out: dict[frozenset[int], Mapping[str, frozenset[int]]] = field(default_factory=dict)

    def of_kind(self, *kinds: str) -> frozenset[int]:
        """Return the ids of the groups of these kinds."""
        return frozenset(g.id for g in self.groups.values() if g.kind in kinds)

    def grants(self, group_ids: frozenset[int]) -> Mapping[str, frozenset[int]]:
        """Return verb → boards for somebody in exactly these groups."""
        if group_ids not in self.worked_out:
            self.worked_out[group_ids] = grants_of(
                group_ids, self.rows, self.governed_by, self.parents
            )
        return self.worked_out[group_ids]

    def are_all(self, moderated: frozenset[int]) -> bool:
        """Return whether these are all boards, those aside that nobody may know of.

        A board that was just made is one of these: until it is opened, nothing is to be moderated.
        """
        known = self.grants(frozenset(self.groups))["see"]
        return known <= moderated and bool(known or not self.parents)


class Reason(NamedTuple):
    """Why somebody may do something: this group's row on this board."""

    verb: str
    group: str
    board_id: int


_kept: Rules | None = None


def viewer_for(account: AccountRow | None) -> Viewer:
    """Work out who is looking. One query.

    Who is suspended sees of the forum what guests see, and what is their own.
    """
    rules = _rules()
    chosen.refresh(rules.version)
    rests = settings.ROSTRA.read_only_mode == "on"
    if account is None:
        group_ids = rules.of_kind("everyone")
        return Viewer(grants=rules.grants(group_ids), boards_version=rules.version, rests=rests)
    now, until = clock.now(), account.suspended_until
    is_suspended = until is not None and until > now
    group_ids = rules.of_kind("everyone")
    if not is_suspended:
        group_ids |= rules.of_kind("members") | account.group_ids
    grants = rules.grants(group_ids)
    limits = in_force(account.limits, now, rules.parents) if account.limits else ()
    capabilities = frozenset(
        capability
        for group_id in group_ids
        if group_id in rules.groups
        for capability in rules.groups[group_id].capabilities
    )
    return Viewer(
        member_id=account.id,
        name=account.name,
        avatar=account.avatar,
        per_page=account.per_page,
        suspended_until=until if is_suspended else None,
        limits=limits,
        limits_kept=account.limits,
        dismissed=_ids(account.dismissed) if account.dismissed else NONE,
        boards_version=rules.version,
        lacks_second_factor=account.lacks_second_factor,
        look=Look(account.theme, account.density, account.time_zone, account.hides_signatures),
        bell=account.bell,
        unread_conversations=account.unread_conversations,
        read_before=account.read_before,
        ignored=account.ignored,
        grants=without(grants, limits) if limits else grants,
        capabilities=capabilities,
        rests=rests and not MANAGING & capabilities,
    )


def readers(board_id: int, member_ids: Collection[int]) -> frozenset[int]:
    """Return those of some members whose groups may read a board.

    One query, one more where guests may not: who is suspended reads what they do. Whether one
    lacks a second factor is asked when they come themselves.
    """
    rules = _rules()
    common = rules.of_kind("everyone", "members")
    chosen = chosen_groups(member_ids)
    is_open = board_id in rules.grants(rules.of_kind("everyone"))["read"]
    barred = frozenset() if is_open else suspended_among(member_ids)
    return frozenset(
        member_id
        for member_id in member_ids
        if member_id not in barred
        and board_id in rules.grants(common | chosen.get(member_id, frozenset()))["read"]
    )


def staff_among(member_ids: Collection[int]) -> frozenset[int]:
    """Return those of some members who moderate anywhere, or may do more beyond boards. One query.

    Whether one lacks a second factor is asked when they come themselves.
    """
    rules = _rules()
    common = rules.of_kind("everyone", "members")
    able = frozenset(group.id for group in rules.groups.values() if group.capabilities)
    return frozenset(
        member_id
        for member_id, chosen in chosen_groups(member_ids).items()
        if chosen & able or rules.grants(common | chosen).get("moderate")
    )


def ranks(member_ids: Collection[int]) -> dict[int, int]:
    """Return how high these members stand among the staff: 2, 1, or 0 for none of it. One query.

    2: who manages boards, members or access, 1: who moderates anywhere, or may sanction.
    """
    rules = _rules()
    common = rules.of_kind("everyone", "members")
    found = dict.fromkeys(member_ids, 0)
    for member_id, own in chosen_groups(member_ids).items():
        held = {one for g in own if g in rules.groups for one in rules.groups[g].capabilities}
        moderates = bool(rules.grants(common | own).get("moderate") or held)
        found[member_id] = 2 if held & MANAGING else int(moderates)
    return found


def moderates_everything(viewer: Viewer) -> bool:
    """Return whether the viewer moderates every board that anybody may know of."""
    return _rules().are_all(viewer.grants.get("moderate", frozenset()))


def others_who_moderate(board_id: int | None, but: Collection[int]) -> bool:
    """Return whether anybody but some moderates a board, or (None) manages members. One query."""
    rules = _rules()
    common = rules.of_kind("everyone", "members")
    groups = frozenset(
        group.id
        for group in rules.groups.values()
        if (
            "manage_members" in group.capabilities
            if board_id is None
            else board_id in rules.grants(frozenset({group.id}) | common)["moderate"]
        )
    )
    return bool(members_in(groups) - set(but))


def members_able(capability: str | None) -> frozenset[int]:
    """Return who is in a group with a capability, or (None) moderating all boards. One query."""
    rules = _rules()
    common = rules.of_kind("everyone", "members")
    groups = frozenset(
        group.id
        for group in rules.groups.values()
        if (
            rules.are_all(rules.grants(frozenset({group.id}) | common)["moderate"])
            if capability is None
            else capability in group.capabilities
        )
    )
    return frozenset(members_in(groups))


def grants_for(member_id: int | None) -> Mapping[str, frozenset[int]]:
    """Return verb → boards of a member (None: a guest), as any request of theirs would get."""
    rules = _rules()
    return rules.grants(_groups_of(rules, member_id))


def grants_with(
    member_id: int | None, board_id: int, table: Mapping[int, Collection[str]] | None
) -> Mapping[str, frozenset[int]]:
    """Return what `grants_for` would, were these the board's rows; None: it had none of its own."""
    rules = _rules()
    own = {*own_access(), board_id} if table is not None else {*own_access()} - {board_id}
    changed = [
        GrantRow(board_id, group_id, verb)
        for group_id, verbs in (table or {}).items()
        for verb in verbs
    ]
    others = [row for row in rules.rows if row.board_id != board_id]
    governed = governing(rules.parents, own)
    return grants_of(_groups_of(rules, member_id), [*others, *changed], governed, rules.parents)


def reasons(member_id: int | None, board_id: int) -> list[Reason]:
    """Return every row that lets this member (None: a guest) do something in the board."""
    rules = _rules()
    group_ids = _groups_of(rules, member_id)
    governor = rules.governed_by.get(board_id)
    return [
        Reason(row.verb, rules.groups[row.group_id].name, row.board_id)
        for row in rules.rows
        if row.board_id == governor and row.group_id in group_ids
    ]


def governor_of(board_id: int) -> int | None:
    """Return the board whose rows hold in this one: itself, one above, or none."""
    return _rules().governed_by.get(board_id)


def grant_table(board_id: int) -> dict[int, set[str]]:
    """Return group → verbs as they hold in the board, inherited or its own."""
    rules = _rules()
    governor = rules.governed_by.get(board_id)
    found: dict[int, set[str]] = {}
    for row in rules.rows:
        if row.board_id == governor:
            found.setdefault(row.group_id, set()).add(row.verb)
    return found


def own_access() -> Collection[int]:
    """Return the boards that have rows of their own. One query."""
    return set(OwnAccess.objects.values_list("board_id", flat=True))


def all_grants() -> list[GrantRow]:
    """Return every row. One query."""
    found: Any = Grant.objects.order_by("board_id", "group_id", "verb")
    return [GrantRow(*row) for row in found.values_list(*GrantRow._fields)]


def forget() -> None:
    """Drop what is kept in memory; for tests, which roll versions back."""
    global _kept
    _kept = None


def _ids(dismissed: str) -> frozenset[int]:
    return frozenset(map(int, dismissed.split(",")))


def _groups_of(rules: Rules, member_id: int | None) -> frozenset[int]:
    if member_id is None:
        return rules.of_kind("everyone")
    return rules.of_kind("everyone", "members") | frozenset(group_ids_of(member_id))


def _rules() -> Rules:
    global _kept
    version = versions.current(VERSION)
    kept = _kept
    if kept is None or kept.version != version:
        parents = {row.id: row.parent_id for row in whole_tree(version).rows.values()}
        kept = _kept = Rules(
            version=version,
            groups={group.id: group for group in groups()},
            rows=all_grants(),
            parents=parents,
            governed_by=governing(parents, own_access()),
        )
    return kept
