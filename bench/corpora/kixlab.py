"""Claims that were found in posts of a debate board, and pages that support or refute them.

The posts are those of `iac_fourforums`, which must lie beside this corpus; only threads with a
claim come along. Who collected the pages is not known, nor when each was written: they count from
the day the collection was published.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bench.corpora import fourforums
from bench.corpora.claiming import Rows, Said, said_in

from rostra.forum.claims.status import Stance
from rostra.transfer.records import BoardRecord, PostRecord, Record, Skipped, ThreadRecord

POSTS = "iac_fourforums"
COLLECTED = datetime(2019, 6, 12, tzinfo=UTC)
STANCES: dict[str, Stance] = {"1": "asserts", "2": "denies"}
STATISTICAL = "2"
# Twice through the wrong codec; what is left of signs beyond ASCII cannot be read any more.
_MANGLED = (
    (b"\xed\xa2\xe5\xe4\xf3\x9d", "—"), (b"\xed\xa2\xe5\xe4", "’"), (b"\xed\xa2\xe5\x81", "“"),
    (b"\xed\xa2", "”"),
)  # fmt: skip


class Claim(NamedTuple):
    """A sentence in a post, and the pages about it."""

    key: str
    words: str
    thread: str
    post: str
    pages: list[dict[str, str]]


def records(folder: Path) -> Iterator[Record | Skipped]:
    """Give the boards, members and threads that have claims, then the claims."""
    found = _claims(folder)
    sources: dict[str, str] = {}
    for record in _with_claims(folder.parent / POSTS, {claim.thread for claim in found}):
        if isinstance(record, PostRecord):
            sources[record.id] = record.source
        yield record
    rows = Rows()
    for claim in found:
        if claim.post not in sources:
            yield Skipped(f"claim {claim.key}", "post_absent")
            continue
        yield from _made(claim, sources[claim.post], rows)
    yield from rows.records()


def _with_claims(folder: Path, wanted: set[str]) -> Iterator[Record]:
    """Give the members, and of the threads those that are wanted, with their boards."""
    everything = [one for one in fourforums.records(folder) if not isinstance(one, Skipped)]
    above = {one.id: one.parent for one in everything if isinstance(one, BoardRecord)}
    boards: set[str | None] = {
        one.board for one in everything if isinstance(one, ThreadRecord) and one.id in wanted
    }
    for board in reversed(above):  # each stands behind the one it is in
        if board in boards:
            boards.add(above[board])
    for record in everything:
        match record:
            case BoardRecord(id=key) if key not in boards:
                continue
            case ThreadRecord(id=key) | PostRecord(thread=key) if key not in wanted:
                continue
        yield record


def _made(claim: Claim, source: str, rows: Rows) -> Iterator[Skipped]:
    is_number = any(page["info_type"] == STATISTICAL for page in claim.pages)
    kind = "quantity" if is_number else "state"
    there = said_in(source, "bbcode")
    made = rows.claim(int(claim.thread), int(claim.post), claim.words, COLLECTED, there, kind)
    if isinstance(made, str):
        yield Skipped(f"claim {claim.key}", made)
        for page in claim.pages:
            yield Skipped(f"page {page['info_id']}", "of_a_claim_that_was_skipped")
        return
    for page in claim.pages:
        said = Said(
            STANCES[page["info_stance"]],
            COLLECTED,
            is_known=False,
            url=page["info_url"],
            quote=page["info_text"],
        )
        if why := rows.entry(made, said):
            yield Skipped(f"page {page['info_id']}", why)


def _claims(folder: Path) -> list[Claim]:
    """Return the claims whose posts are known, in the order of the corpus."""
    raw = (folder / "additionalinfo.tsv").read_bytes()
    pages: dict[str, list[dict[str, str]]] = {}
    for page in _rows(_mended(raw), "\t"):
        pages.setdefault(page["arg_id"], []).append(page)
    places = {
        row["arg_id"]: (row["iac_v1_discussion_id"], row["iac_v1_post_id"])
        for row in _rows((folder / "claim_to_iac_v1_post.csv").read_text("utf-8"), ",")
    }
    texts = _rows((folder / "arguments.tsv").read_text("utf-8", "replace"), "\t")
    return [
        Claim(row["arg_id"], row["arg_text"], *places[row["arg_id"]], pages.get(row["arg_id"], []))
        for row in texts
        if row["arg_id"] in places
    ]


def _rows(data: str, delimiter: str) -> list[dict[str, str]]:
    """Read rows; a tab inside a field stands for the comma that was there."""
    read = csv.DictReader(data.splitlines(keepends=True), delimiter=delimiter)
    return [{name: value.replace("\t", ",") for name, value in row.items()} for row in read]


def _mended(raw: bytes) -> str:
    found = raw
    for wrong, right in _MANGLED:
        found = found.replace(wrong, right.encode())
    return found.decode("utf-8", "replace")
