"""Reading the moderation log."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, Max, OuterRef, QuerySet

from rostra.forum.modlog import chain
from rostra.forum.modlog.models import ActorLabel, LogEntry, LogHead, LogText, Statement
from rostra.kernel import dialect


class LogRow(NamedTuple):
    """An entry as a list shows it. `reason` is None once erased."""

    n: int
    at: datetime
    kind: str
    role: str
    by: int | None
    board_id: int | None
    thread_id: int | None
    post_id: int | None
    reason: str | None
    facts: dict[str, Any]
    reverts: int | None
    hash: str
    origin: str
    rule: tuple[str, int] | None  # code and version
    public: dict[str, Any]

    @property
    def until(self) -> datetime | None:
        """When what was done ends by itself; None where it does not."""
        until = self.facts.get("until")
        return datetime.fromisoformat(until) if isinstance(until, str) else None


class Filter(NamedTuple):
    """Which entries are wanted; what is empty asks for nothing.

    subject_id: of a member, to be told only of what happened in `boards`.
    since, until: first moment within, first moment no longer within.
    """

    kind: str = ""
    board_id: int | None = None
    rule: str = ""
    by: int | None = None
    subject_id: int | None = None
    boards: Collection[int] = ()
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING = Filter()


def head() -> tuple[int, str]:
    """Return the last entry's number and hash; (0, sixty-four zeros) when empty. One query."""
    row = LogHead.objects.filter(id=1).values_list("n", "hash").first()
    return row or (0, chain.FIRST_PREV)


def entries(
    wanted: Filter = EVERYTHING,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[LogRow]:
    """Return entries, newest first, below `before` or just above `after`. Two queries."""
    found = _filtered(wanted)
    if after is not None:
        page = list(found.filter(n__gt=after).order_by("n")[:limit])[::-1]
    else:
        if before is not None:
            found = found.filter(n__lt=before)
        page = list(found.order_by("-n")[:limit])
    return rows_of(page)


def entries_about(member_id: int, *, before: int | None = None, limit: int) -> list[LogRow]:
    """Return entries about a member, for that member alone, the latest first. Two queries.

    Without those of which a statement tells them already.
    """
    stated = Statement.objects.filter(entry_id=OuterRef("pk"), member_id=member_id)
    found = LogEntry.objects.filter(
        ~Exists(stated), texts__field="subject", texts__value=str(member_id)
    )
    if before is not None:
        found = found.filter(n__lt=before)
    return rows_of(list(found.order_by("-n")[:limit]))


def find_entry(n: int) -> LogRow | None:
    """Return one entry. Two queries."""
    return next(iter(rows_of(list(LogEntry.objects.filter(n=n)))), None)


def busiest(since: datetime) -> list[tuple[int, int]]:
    """Return under which number somebody has acted how often, the busiest first. One query.

    What is a part of another act does not count.
    """
    found: Counter[int] = Counter()
    lately = LogEntry.objects.filter(at__gte=since, by__isnull=False).values_list("by", "public")
    for by, public in lately.iterator():
        if by is not None and "parent" not in (public.get("facts") or {}):
            found[by] += 1
    return found.most_common()


def find_entries(numbers: Collection[int]) -> list[LogRow]:
    """Return these entries. Two queries; none for none."""
    return rows_of(list(LogEntry.objects.filter(n__in=list(numbers)))) if numbers else []


def numbers_of_actors() -> list[int]:
    """Return the numbers under which somebody has acted. One query."""
    return list(ActorLabel.objects.order_by("number").values_list("number", flat=True))


def taken_back(numbers: Collection[int]) -> dict[int, int]:
    """Return which of these entries were taken back, and by which entry. One query."""
    found = LogEntry.objects.filter(reverts__in=list(numbers)).order_by("n")
    return {reverts: n for reverts, n in found.values_list("reverts", "n") if reverts is not None}


def latest_for_posts(post_ids: Collection[int], kinds: Collection[str]) -> dict[int, LogRow]:
    """Return each post's latest entry of these kinds. Two queries; none for no posts."""
    if not post_ids:
        return {}
    latest = (
        LogEntry.objects.filter(post_id__in=post_ids, kind__in=kinds)
        .values("post_id")
        .annotate(last=Max("n"))
        .values("last")
    )
    found = LogEntry.objects.filter(n__in=latest)
    return {row.post_id: row for row in rows_of(list(found)) if row.post_id is not None}


def latest_in_thread(thread_id: int, kinds: Collection[str]) -> LogRow | None:
    """Return a thread's latest entry of these kinds. Two queries."""
    found = LogEntry.objects.filter(thread_id=thread_id, kind__in=kinds).order_by("-n")
    return next(iter(rows_of(list(found[:1]))), None)


def actor_of(n: int) -> int | None:
    """Return the id of the member who did entry `n`, unless automatic or erased."""
    value = (
        LogText.objects.filter(entry_id=n, field="actor").values_list("value", flat=True).first()
    )
    return int(value) if value is not None else None


def actors_of(numbers: Collection[int]) -> dict[int, int]:
    """Return who did these entries, where it is kept. One query."""
    found = LogText.objects.filter(entry_id__in=list(numbers), field="actor")
    return {n: int(value) for n, value in found.values_list("entry_id", "value")}


def words_of(n: int) -> dict[str, str]:
    """Return what somebody's words were before and after entry `n`, where that is kept."""
    found = LogText.objects.filter(entry_id=n, field__in=("before", "after"))
    return dict(found.values_list("field", "value"))


def kept_before(kind: str, moment: datetime, limit: int) -> list[str]:
    """Return what entries of a kind from before a moment keep as what was before. One query."""
    found = LogText.objects.filter(entry__kind=kind, entry__at__lt=moment, field="before")
    return list(found.order_by("entry_id").values_list("value", flat=True)[:limit])


def first_fault(checkpoints: Mapping[int, str] | None = None) -> chain.Fault | None:
    """Check the whole chain; return the first bad entry or None. Streams: any length."""
    n, hash_ = head()
    saved = dict(checkpoints or {})
    if n:
        saved.setdefault(n, hash_)
    fault = chain.first_fault(_links(), checkpoints=saved)
    highest = LogEntry.objects.order_by("-n").values_list("n", flat=True).first() or 0
    # An act may have been appended while this was reading: then the head has moved as well.
    if fault is None and highest > n and head()[0] < highest:
        return chain.Fault(n + 1, "beyond_head")
    return fault


def rows_of(page: list[LogEntry]) -> list[LogRow]:
    """Return entries as lists show them, with their reasons. One query."""
    reasons = dict(
        LogText.objects.filter(entry__in=page, field="reason").values_list("entry_id", "value")
    )
    return [
        LogRow(
            n=entry.n,
            at=entry.at,
            kind=entry.kind,
            role=entry.public.get("role", ""),
            by=entry.public.get("by"),
            board_id=entry.board_id,
            thread_id=entry.thread_id,
            post_id=entry.post_id,
            reason=reasons.get(entry.n),
            facts=entry.public.get("facts") or {},
            reverts=entry.public.get("reverts"),
            hash=entry.hash,
            origin=entry.public.get("origin", ""),
            rule=_rule_in(entry.public),
            public=entry.public,
        )
        for entry in page
    ]


def _rule_in(public: Mapping[str, Any]) -> tuple[str, int] | None:
    rule = public.get("rule")
    return (rule["code"], rule["version"]) if rule else None


def _filtered(wanted: Filter) -> QuerySet[LogEntry]:
    found = LogEntry.objects.all()
    same = {
        "kind": wanted.kind or None,
        "board_id": wanted.board_id,
        "rule": wanted.rule or None,
        "by": wanted.by,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
    }
    found = found.filter(**{name: value for name, value in same.items() if value is not None})
    if wanted.subject_id is not None:
        found = found.filter(
            texts__field="subject",
            texts__value=str(wanted.subject_id),
            board_id__in=list(wanted.boards),
        )
    return found


def _links(batch: int = 2000) -> Iterator[chain.Link]:
    """Yield every entry in order, as the check sees it: plain rows, for there may be many."""
    last = -1
    while page := dialect.rows(_CHECKED, [last, batch]):
        texts: dict[int, list[tuple[str, bytes, str]]] = {}
        for n, field, salt, value in dialect.rows(_TEXTS, [last, page[-1][0]]):
            texts.setdefault(n, []).append((field, bytes(salt), value))
        for row in page:
            yield _link(row, texts.get(row[0], []))
        last = page[-1][0]


_CHECKED = """
SELECT n, at, kind, board_id, thread_id, post_id, "by", rule, reverts, public, hash
FROM modlog_logentry WHERE n > %s ORDER BY n LIMIT %s
"""
_TEXTS = """
SELECT entry_id, field, salt, value FROM modlog_logtext
WHERE entry_id > %s AND entry_id <= %s ORDER BY entry_id, id
"""
_BESIDE = ("kind", "board", "thread", "post", "by", "reverts", "at")


def _link(row: tuple[Any, ...], texts: list[tuple[str, bytes, str]]) -> chain.Link:
    """Return the row as stored; a column that says other than the hashed entry breaks it."""
    n, at, kind, board_id, thread_id, post_id, by, rule, reverts, stored, hash_ = row
    public = json.loads(stored) if isinstance(stored, str | bytes) else stored
    said = public.get
    columns = [kind, board_id, thread_id, post_id, by, reverts, at.isoformat()]
    if columns != [said(name) for name in _BESIDE]:
        public.update(zip(_BESIDE, columns, strict=True))
    cited = said("rule")
    if rule != (cited.get("code", "") if isinstance(cited, dict) else cited or ""):
        public["rule"] = {"code": rule}
    commits = said("commits") or {}
    opened = tuple(
        (str((said("commit") if field == "reason" else commits.get(field)) or ""), salt, value)
        for field, salt, value in texts
    )
    return chain.Link(n, public, hash_, opened)
