"""Claims and entries of a corpus as rows of the archive, within the limits of the forum.

What somebody could not have entered by hand is skipped, and why is told by the same words.
Nobody's status comes along: it is worked out here by the function that the forum has.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Any, NamedTuple

from rostra.content.markup.excerpt import excerpt
from rostra.content.markup.references import Dialect
from rostra.content.markup.render import render
from rostra.content.previews.addresses import host_of, key_of, normalise, registrable
from rostra.forum.claims import anchors, rules, status
from rostra.forum.claims.sources import root_of
from rostra.kernel import text
from rostra.transfer.records import OtherRecord, Record, Skipped


class Said(NamedTuple):
    """Who said what: by a document, whose word it is, or in a post, by its author."""

    stance: status.Stance
    at: datetime  # when it was said, or else when it was entered
    is_known: bool  # that it was said then
    url: str = ""
    post: int | None = None
    speaker: str = ""
    quote: str = ""


class Rows:
    """Collects claims with their entries; `records` gives the rows of all of them."""

    def __init__(self) -> None:
        self.publishers: dict[str, int] = {}
        self.documents: dict[str, tuple[int, str, datetime]] = {}  # key → id, address, since
        self.claims: list[dict[str, Any]] = []
        self.entries: dict[int, list[dict[str, Any]]] = {}  # by claim
        self.entry_count = 0
        self.events: list[dict[str, Any]] = []
        self.texts: dict[int, set[str]] = {}

    def claim(
        self, thread: int, post: int, words: str, at: datetime, said_there: str, kind: str = "event"
    ) -> int | str:
        """Make a claim from a post; return its number, or why there is none.

        said_there: the plain words of the post. Where the claim stands in them, it quotes them.
        """
        words = text.one_line(words)
        if len(words) < rules.TEXT[0]:
            return "claim_too_short"
        if len(words) > rules.TEXT[1]:
            return "claim_too_long"
        there = self.texts.setdefault(thread, set())
        if words.casefold() in there:
            return "claim_there_already"
        if len(there) >= rules.MOST_CLAIMS:
            return "too_many_claims"
        there.add(words.casefold())
        number = len(self.claims) + 1
        self.claims.append({
            "id": number, "thread_id": thread, "text": words, "kind": kind, "maker_id": None,
            "made_at": _iso(at), "post_id": post, **_anchored(said_there, words),
            "state": "visible", "merged_into_id": None, "proposed": "", "proposed_by_id": None,
        })  # fmt: skip
        return number

    def entry(self, claim: int, said: Said, said_there: str = "") -> str:
        """Say who said what about a claim; return why not, "" where it is done.

        said_there: the plain words of the post that the entry rests on.
        """
        if said.quote and not anchors.SHORTEST <= len(anchors.plain(said.quote)) <= anchors.LONGEST:
            return "quote_length"
        if len(said.speaker) > rules.SPEAKER:
            return "speaker_too_long"
        entries = self.entries.setdefault(claim, [])
        if len(entries) >= rules.MOST_ENTRIES:
            return "too_many_entries"
        document, publisher = None, None
        if said.url:
            found = self._document(said.url, said.at)
            if found is None:
                return "link_odd"
            document, publisher = found
        if document is None and said.post is None:
            return "no_source"
        row = {
            "id": self.entry_count + 1, "claim_id": claim, "speaker": said.speaker,
            "publisher_id": publisher, "root": "", "stance": said.stance, "party": "unknown",
            "modality": "stated", "has_details": True, "document_id": document,
            "post_id": None if document else said.post, "quote": "", "quote_check": "unchecked",
            "anchor": {}, "found": "", "said_at": _iso(said.at) if said.is_known else None,
            "is_exact": said.is_known, "at": _iso(said.at), "added_by_id": None,
            "added_at": _iso(said.at), "confirmed_by_id": None, "state": "active",
        }  # fmt: skip
        same = ("speaker", "stance", "document_id", "post_id")
        if any(all(row[name] == other[name] for name in same) for other in entries):
            return "entry_there_already"
        if document is not None:
            row["quote"] = anchors.plain(said.quote)
        elif said.quote:
            row |= _anchored(said_there, said.quote)
        entries.append(row)
        self.entry_count += 1
        return ""

    def records(self) -> Iterator[Record | Skipped]:
        """Give publishers, documents, claims with what follows from them, entries and events."""
        for domain, number in self.publishers.items():
            yield _row("publishers", id=number, domain=domain, name="", kind="unknown",
                       owner_id=None, facts="")  # fmt: skip
        for number, url, at in self.documents.values():
            yield _row(
                "documents", id=number, publisher_id=self.publishers[registrable(host_of(url))],
                url=url, title="", authors="", published_at=None, is_exact=False, modified_at=None,
                language="", kind="other", summary="", state="unread", described_by_id=None,
                added_at=_iso(at), read_at=None, checked_at=None, changed_at=None, gone_at=None,
                check_at=None, checks=0, failures=0, failing_since=None,
            )  # fmt: skip
        for key, (number, _, _) in self.documents.items():
            yield _row("document_addresses", id=number, key=key, document_id=number)
        for claim in self.claims:
            entries = sorted(self.entries.get(claim["id"], []), key=lambda row: row["added_at"])
            yield _row("claims", **claim, **self._outcome(claim, entries))
        for row in chain.from_iterable(self.entries.values()):
            yield _row("claim_entries", **row)
        for number, event in enumerate(sorted(self.events, key=lambda one: one["at"]), 1):
            yield _row("claim_events", id=number, **event)

    def _outcome(self, claim: dict[str, Any], entries: list[dict[str, Any]]) -> dict[str, Any]:
        """Return what is kept of a claim, having written down what happened to it."""
        self._happened(claim["id"], claim["made_at"], "made", {})
        said: list[status.Attribution] = []
        now, changed_at = "unsourced", claim["made_at"]
        for row in entries:
            said.append(_as_said(row))
            self._happened(claim["id"], row["added_at"], "entry_added", {"entry": row["id"]})
            was, now = now, status.status_of(said)
            if now != was:
                changed_at = row["added_at"]
                self._happened(claim["id"], changed_at, "status", {"was": was, "status": now})
        surest, lacks_details = status.caveats(said)
        history = [
            [datetime.fromtimestamp(change.at, UTC).isoformat(), change.status]
            for change in status.history(said)
        ]
        return {
            "status": now, "history": history, "surest": surest, "lacks_details": lacks_details,
            "entry_count": len(said), "changed_at": changed_at,
        }  # fmt: skip

    def _happened(self, claim: int, at: str, kind: str, data: dict[str, Any]) -> None:
        self.events.append(
            {"claim_id": claim, "at": at, "kind": kind, "member_id": None, "data": data}
        )

    def _document(self, url: str, at: datetime) -> tuple[int, int] | None:
        """Return the document at an address and its publisher; None for none of the web."""
        kept = normalise(url)
        if kept is None:
            return None
        domain = registrable(host_of(kept))
        publisher = self.publishers.setdefault(domain, len(self.publishers) + 1)
        number, _, _ = self.documents.setdefault(key_of(kept), (len(self.documents) + 1, kept, at))
        return number, publisher


def said_in(source: str, dialect: Dialect) -> str:
    """Return the plain words of a post that may be quoted, as the forum finds them."""
    html = render(source, dialect).html
    return anchors.plain(excerpt(html, len(html)))


def _anchored(said_there: str, words: str) -> dict[str, Any]:
    anchor = anchors.anchor_at(said_there, words)
    if anchor is None:
        return {"quote": "", "anchor": {}, "found": ""}
    kept = {**anchor._asdict(), "revision": 0}
    return {"quote": kept.pop("exact"), "anchor": kept, "found": "stands"}


def _as_said(row: dict[str, Any]) -> status.Attribution:
    return status.Attribution(
        root=root_of(row["speaker"], row["publisher_id"], {}),
        stance=row["stance"],
        said_at=datetime.fromisoformat(row["at"]).timestamp(),
        is_backed=False,  # there is no copy to find a quote in, and nobody confirmed one
    )


def _row(kind: str, /, **data: Any) -> OtherRecord:
    return OtherRecord(kind=kind, data=data)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
