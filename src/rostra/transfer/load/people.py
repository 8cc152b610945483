"""Boards and members of an origin, written by the batch."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from rostra.forum.access.models import Grant, OwnAccess
from rostra.forum.access.presets import Preset, table
from rostra.forum.boards.models import Board
from rostra.forum.boards.queries import VERSION
from rostra.forum.members import names
from rostra.forum.members.addresses import address_key, is_address
from rostra.forum.members.groups import Groups
from rostra.forum.members.hashing import SCHEMES, wrapped
from rostra.forum.members.models import Member
from rostra.kernel import dialect, text, versions
from rostra.transfer.load.columns import Into
from rostra.transfer.load.mapping import Map, reserve_ids
from rostra.transfer.load.report import Report
from rostra.transfer.records import BoardRecord, MemberRecord


def write_boards(
    records: Sequence[BoardRecord], mapping: Map, report: Report, groups: Groups, preset: Preset
) -> None:
    """Write boards, parents before children. A top board gets `preset`, a private one staff's."""
    for record in records:
        known = mapping.find("board", [record.id, *([record.parent] if record.parent else [])])
        if record.id in known:
            report.known["board"] += 1
            continue
        if record.parent and record.parent not in known:
            report.skip("board", record.id, "parent_unknown")
            continue
        board = Board.objects.create(
            title=text.one_line(record.title)[:120] or record.id[:120],
            description=text.one_line(record.description)[:500],
            parent_id=known.get(record.parent or ""),
            position=record.position,
            is_category=record.is_category,
        )
        if record.is_private or record.parent is None:
            _give_access(board.pk, "staff" if record.is_private else preset, groups)
        mapping.add("board", [(record.id, board.pk)])
        mapping.add_addresses("board", [(address, board.pk) for address in record.addresses])
        report.written["board"] += 1
    if records:
        versions.raise_version(VERSION)


def write_members(
    records: Sequence[MemberRecord], mapping: Map, report: Report, *, accounts: bool = False
) -> None:
    """Write members. Nobody is lost: taken names are numbered.

    Nobody becomes a local account, but with `accounts` those whose password hash and address came.
    """
    known = mapping.find("member", [record.id for record in records])
    fresh = [record for record in records if record.id not in known]
    report.known["member"] += len(records) - len(fresh)
    taken: dict[str, int] = {}
    rows: list[tuple[Any, ...]] = []
    ids = reserve_ids("members_member", len(fresh))
    shown = [_shown(record) for record in fresh]
    asked = {key for _, key in shown}
    used = _used_keys(asked)
    second = {names.name_key(names.numbered(name, 2)) for name, key in shown if key in used}
    used |= _used_keys(second)
    asked |= second
    emails = _used_emails(fresh) if accounts else set()
    for record, new, (wanted, wanted_key) in zip(fresh, ids, shown, strict=True):
        name, key = _free_name(wanted, wanted_key, used, asked, taken)
        used.add(key)
        if name != wanted:
            report.renamed += 1
        rows.append(_member(record, new, name, key, emails if accounts else None))
    dialect.write_many(MEMBERS.sql, rows)
    pairs = list(zip(fresh, ids, strict=True))
    mapping.add("member", [(record.id, new) for record, new in pairs])
    mapping.add_addresses(
        "member", [(address, new) for record, new in pairs for address in record.addresses]
    )
    report.written["member"] += len(fresh)


def _give_access(board_id: int, preset: Preset, groups: Groups) -> None:
    OwnAccess.objects.create(board_id=board_id)
    rows = table(preset, everyone=groups.everyone, members=groups.members, staff=groups.staff)
    Grant.objects.bulk_create(
        Grant(board_id=board_id, group_id=group_id, verb=verb)
        for group_id, verbs in rows.items()
        for verb in verbs
    )


MEMBERS = Into(
    Member, "id", "name", "name_key", "title", "joined_at", "email", "email_key", "password",
    "is_claimed",
)  # fmt: skip


def _member(
    record: MemberRecord, new: int, name: str, key: str, emails: set[str] | None
) -> tuple[Any, ...]:
    """Return the row of a member; nobody can sign in but where `emails` are given: those in use."""
    title = text.one_line(record.title)[:80]
    email = password = ""
    if emails is not None:
        password = _password(record)
        if is_address(record.email) and address_key(record.email) not in emails:
            email = record.email
            emails.add(address_key(email))
    is_claimed = bool(password or email)
    return (
        new, name, key, title, record.joined_at, email, address_key(email), password or "!",
        is_claimed, *MEMBERS.defaults,
    )  # fmt: skip


def _password(record: MemberRecord) -> str:
    """Return what to keep of a hash that came: wrapped, or as it is where it is one of ours."""
    for scheme in SCHEMES:
        if record.password_scheme == scheme:
            login = record.password_salt or record.name
            return wrapped(scheme, record.password, salt=record.password_salt, login=login)
    is_ours = record.password.startswith(("argon2$argon2id$", "wrapped$"))
    return record.password if is_ours and not record.password_scheme else ""


def _used_emails(records: Sequence[MemberRecord]) -> set[str]:
    """Return the addresses of these records that somebody has confirmed here."""
    wanted = [address_key(record.email) for record in records if record.email]
    used: set[str] = set()
    for start in range(0, len(wanted), 500):
        rows = Member.objects.filter(email_key__in=wanted[start : start + 500])
        used.update(rows.values_list("email_key", flat=True))
    return used


def _shown(record: MemberRecord) -> tuple[str, str]:
    """Return the name as it is shown, and its key.

    What cannot be seen or would disturb others is left out.
    """
    kept = names.tidy(record.name)
    if not kept.isprintable():
        kept = "".join(c for c in kept if c.isprintable() or c == names.ZERO_WIDTH_NON_JOINER)
    kept = " ".join(kept.split())[: names.LONGEST].strip()
    key = names.name_key(kept)
    return (kept, key) if key else ("Member", names.name_key("Member"))


def _used_keys(keys: Collection[str]) -> set[str]:
    used = set(names.reserved_keys())
    unique = sorted(keys)
    for start in range(0, len(unique), 500):
        rows = Member.objects.filter(name_key__in=unique[start : start + 500])
        used.update(rows.values_list("name_key", flat=True))
    return used


def _free_name(
    name: str, key: str, used: set[str], asked: set[str], taken: dict[str, int]
) -> tuple[str, str]:
    """Return the name, or the first "Name n" that nobody has, with its key.

    used: keys that somebody has; asked: those of which it is known whether somebody has them.
    """
    if key not in used:
        return name, key
    n = taken.get(key, 1)
    while True:
        n += 1
        numbered = names.numbered(name, n)
        candidate = names.name_key(numbered)
        is_free = candidate not in used
        if is_free and candidate not in asked:
            is_free = not Member.objects.filter(name_key=candidate).exists()
        if is_free:
            taken[key] = n
            return numbered, candidate
