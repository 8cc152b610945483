"""The map from an origin's ids to ours, asked and written by the batch."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from django.conf import settings
from django.db import connection

from rostra.content.markup.addresses import local_ref
from rostra.content.markup.references import LocalRef
from rostra.kernel import dialect
from rostra.transfer.load.rendering import path_of
from rostra.transfer.models import Mapped, OldAddress, Origin

CHUNK = 500


class Map:
    """One origin's map, with a memory for the ids of boards and members of late."""

    def __init__(self, origin: str) -> None:
        self.origin = Origin.objects.get_or_create(name=origin)[0]
        self._kept: dict[tuple[str, str], int] = {}

    def find(self, kind: str, old_ids: Collection[str]) -> dict[str, int]:
        """Return old id → new id of those that are known."""
        found = {old: self._kept[kind, old] for old in old_ids if (kind, old) in self._kept}
        missing = sorted(set(old_ids) - found.keys())
        for start in range(0, len(missing), CHUNK):
            some = missing[start : start + CHUNK]
            found.update(
                dialect.rows(
                    "SELECT old_id, new_id FROM transfer_mapped WHERE origin_id = %s "  # noqa: S608 (marks)
                    f"AND kind = %s AND old_id IN ({dialect.marks(some)})",
                    [self.origin.pk, kind, *some],
                )
            )
        if kind in ("board", "member"):
            self._remember(kind, found)
        return found

    def own_members(self, member_ids: Collection[int]) -> set[int]:
        """Return those of the members that came from this origin."""
        wanted = sorted(member_ids)
        found: set[int] = set()
        for start in range(0, len(wanted), CHUNK):
            rows = Mapped.objects.filter(
                origin=self.origin, kind="member", new_id__in=wanted[start : start + CHUNK]
            )
            found.update(rows.values_list("new_id", flat=True))
        return found

    def local(self, links: Collection[str]) -> dict[str, LocalRef]:
        """Return what the old site's own addresses lead to here."""
        by_path: dict[str, list[str]] = {}
        for link in links:
            if path := path_of(link):
                by_path.setdefault(path, []).append(link)
        found: dict[str, LocalRef] = {}
        wanted = sorted(by_path)
        for start in range(0, len(wanted), CHUNK):
            rows = OldAddress.objects.filter(
                address__in=wanted[start : start + CHUNK], kind__in=("thread", "post")
            ).values_list("address", "kind", "new_id")
            for address, kind, new_id in rows:
                ref = LocalRef("post" if kind == "post" else "thread", new_id)
                found.update(dict.fromkeys(by_path[address], ref))
        return found

    def add(self, kind: str, pairs: Iterable[tuple[str, int]]) -> None:
        """Write old id → new id, in the transaction of the rows themselves."""
        rows = [(self.origin.pk, kind, old, new) for old, new in pairs]
        dialect.write_many(
            "INSERT INTO transfer_mapped (origin_id, kind, old_id, new_id) VALUES (%s, %s, %s, %s)",
            rows,
        )
        if kind in ("board", "member"):
            self._remember(kind, {old: new for _, _, old, new in rows})

    def add_addresses(self, kind: str, pairs: Iterable[tuple[str, int]]) -> None:
        """Keep old addresses, so that links from outside go on leading here."""
        dialect.write_many(
            "INSERT INTO transfer_oldaddress (address, kind, new_id) VALUES (%s, %s, %s) "
            "ON CONFLICT DO NOTHING",
            [(address, kind, new) for address, new in pairs if 0 < len(address) <= 500],
        )

    def forget(self) -> None:
        """Drop the memory: a transaction was rolled back."""
        self._kept.clear()

    def _remember(self, kind: str, found: dict[str, int]) -> None:
        if len(self._kept) > 200_000:
            self._kept.clear()
        self._kept.update({(kind, old): new for old, new in found.items()})


class Own:
    """The map of what was written here: an id stands for itself, every member may be meant."""

    def find(self, kind: str, old_ids: Collection[str]) -> dict[str, int]:
        """Return the ids that are numbers; rows that do not exist are found by nobody."""
        return {old: int(old) for old in old_ids if re.fullmatch(r"[1-9][0-9]{0,17}", old)}

    def own_members(self, member_ids: Collection[int]) -> set[int]:
        """Return all of them."""
        return set(member_ids)

    def local(self, links: Collection[str]) -> dict[str, LocalRef]:
        """Return which of this forum's own pages are linked."""
        refs = {link: local_ref(link, settings.ROSTRA.base_url) for link in links}
        return {link: ref for link, ref in refs.items() if ref is not None}


def reserve_ids(table: str, count: int) -> list[int]:
    """Return ids that nobody else will be given, in order; inside a writing transaction."""
    if count == 0:
        return []
    if dialect.current() == "postgresql":
        rows = dialect.rows(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return sorted(row[0] for row in rows)
    rows = dialect.rows("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
    last = rows[0][0] if rows else 0
    with connection.cursor() as cursor:
        if rows:
            cursor.execute(
                "UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last + count, table]
            )
        else:
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count]
            )
    return list(range(last + 1, last + count + 1))


def by_address(kind: str, addresses: Collection[str]) -> dict[str, int]:
    """Return old address → new id of those that are known."""
    found: dict[str, int] = {}
    wanted = sorted(addresses)
    for start in range(0, len(wanted), CHUNK):
        rows = OldAddress.objects.filter(kind=kind, address__in=wanted[start : start + CHUNK])
        found.update(rows.values_list("address", "new_id"))
    return found
