"""Accounts for those who see to them: the list, and one with what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rostra.forum.access import rules
from rostra.forum.access.accounts import may_manage_now
from rostra.forum.access.limits import Limit, kept_in
from rostra.forum.access.viewer import Viewer
from rostra.forum.members.finding import AccountLine, account_line, account_lines
from rostra.forum.members.queries import GroupRow, chosen_groups, former_names, groups
from rostra.forum.members.recovery import has_second_factor
from rostra.forum.members.sessions import last_seen
from rostra.forum.sanctions.queries import LookRow, looks_for_nobody
from rostra.forum.sanctions.rules import may_look_up, may_see, may_see_networks
from rostra.forum.threads.queries import post_counts
from rostra.forum.threads.waiting import waiting_counts
from rostra.kernel import clock
from rostra.kernel.errors import NotFound
from rostra.kernel.verdict import Verdict

LISTED = 40
LOOKS = 20


@dataclass(frozen=True, slots=True)
class Account:
    """An account with what stands in tables of other rooms."""

    line: AccountLine
    seen_at: datetime | None  # None: not lately
    posts: int
    waiting: int
    groups: Sequence[GroupRow]
    limits: Sequence[Limit]  # in force
    is_suspended: bool


@dataclass(frozen=True, slots=True)
class AccountsPage:
    """A page of the list. after: the key to go on from, "" at the end."""

    accounts: list[Account]
    after: str
    may_look_up: bool
    for_nobody: Sequence[LookRow]  # who looked up addresses that are nobody's, for who may too


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One account. may: whether the viewer may do anything about it."""

    account: Account
    former_names: Sequence[tuple[str, datetime]]
    has_second_factor: bool
    may: Verdict
    is_for_staff: bool  # the viewer may see what staff know of them
    may_see_networks: bool
    may_see_groups: bool


def accounts_page(viewer: Viewer, beginning: str, *, after: str = "") -> AccountsPage:
    """Gather a page of accounts whose names begin like this. Raises Refused.

    Six queries, one more for who may look addresses up.
    """
    rules.may_manage_members(viewer).enforce()
    able = bool(may_look_up(viewer))
    lines = account_lines(beginning, after=after, limit=LISTED + 1)
    shown = lines[:LISTED]
    return AccountsPage(
        accounts=_accounts(shown),
        after=shown[-1].key if len(lines) > LISTED else "",
        may_look_up=able,
        for_nobody=looks_for_nobody(viewer, LOOKS) if able else (),
    )


def found_account(viewer: Viewer, member_id: int) -> AccountsPage:
    """Gather the list with one account alone. Seven queries; raises Refused."""
    rules.may_manage_members(viewer).enforce()
    line = account_line(member_id)
    return AccountsPage(
        _accounts([line] if line is not None else []),
        "",
        may_look_up=True,
        for_nobody=looks_for_nobody(viewer, LOOKS),
    )


def account_page(viewer: Viewer, member_id: int) -> AccountPage:
    """Gather one account; raises NotFound, Refused. Nine queries."""
    rules.may_manage_members(viewer).enforce()
    line = account_line(member_id)
    if line is None:
        raise NotFound
    (account,) = _accounts([line])
    return AccountPage(
        account=account,
        former_names=former_names(member_id),
        has_second_factor=has_second_factor(member_id),
        may=may_manage_now(viewer, member_id),
        is_for_staff=bool(may_see(viewer, member_id)),
        may_see_networks=bool(may_see_networks(viewer, member_id)),
        may_see_groups=bool(rules.may_manage_access(viewer)),
    )


def _accounts(lines: Sequence[AccountLine]) -> list[Account]:
    ids, now = [line.id for line in lines], clock.now()
    seen, posts, waits = last_seen(ids), post_counts(ids), waiting_counts(ids)
    memberships = chosen_groups(ids)
    named: Mapping[int, GroupRow] = {group.id: group for group in groups()} if ids else {}
    return [
        Account(
            line=line,
            seen_at=seen.get(line.id),
            posts=posts.get(line.id, 0),
            waiting=waits.get(line.id, 0),
            groups=[named[at] for at in sorted(memberships.get(line.id, ())) if at in named],
            limits=[limit for limit in kept_in(line.limits) if limit.holds(now)],
            is_suspended=line.suspended_until is not None and line.suspended_until > now,
        )
        for line in lines
    ]
