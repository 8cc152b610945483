"""A claim for programs: schema.org's Claim, with what is said of it as annotations of the W3C."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from rostra.forum.claims.queries import ClaimRow, EntryRow
from rostra.forum.notes.queries import NoteRow
from rostra.forum.threads.tags import split
from rostra.web import addresses
from rostra.web.templating import iso


def as_claim(
    claim: ClaimRow, entries: list[EntryRow], notes: Sequence[NoteRow] = ()
) -> dict[str, Any]:
    """Return what a reader may see of a claim."""
    base = settings.ROSTRA.base_url
    standing = [entry for entry in entries if entry.state == "active" and not entry.is_withheld]
    pages = [_appearance(entry) for entry in standing if entry.document_id is not None]
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Claim",
        "url": base + addresses.claim(claim.id),
        "text": claim.text,
        "dateCreated": iso(claim.made_at),
        "isPartOf": base + addresses.thread(claim.thread_id, claim.thread_title),
        "creativeWorkStatus": claim.status,
        "appearance": pages,
    }
    if claim.about.begins:
        found["temporalCoverage"] = claim.about.interval
    if claim.about.place:
        found["spatialCoverage"] = {"@type": "Place", "name": claim.about.place}
    if claim.about.tags:
        found["keywords"] = split(claim.about.tags)
    if pages:
        found["firstAppearance"] = pages[0]
    if claim.superseded_by_id is not None:
        found["supersededBy"] = f"{base}{addresses.claim(claim.superseded_by_id)}"
    found["statusHistory"] = [{"status": word, "since": iso(at)} for at, word in claim.history]
    found["annotations"] = [_annotation(claim, entry) for entry in standing]
    if notes:
        found["comment"] = [_comment(note) for note in notes]
    return found


def _appearance(entry: EntryRow) -> dict[str, Any]:
    found = {"@type": "CreativeWork", "url": entry.document_url}
    if entry.document_title:
        found["name"] = entry.document_title
    if entry.carrier:
        found["publisher"] = entry.carrier
    return found


def _comment(note: NoteRow) -> dict[str, Any]:
    """Return a community note. Who wrote it, and who found it helpful, is for no program."""
    base = settings.ROSTRA.base_url
    return {
        "@type": "Comment",
        "name": "Community note",
        "url": f"{base}/notes/{note.id}",
        "text": note.text,
        "about": base + addresses.post(note.post_id),
        "dateModified": iso(note.state_at),
        "citation": [source.url for source in note.sources],
    }


def _annotation(claim: ClaimRow, entry: EntryRow) -> dict[str, Any]:
    base = settings.ROSTRA.base_url
    source = entry.document_url or base + addresses.post(entry.post_id or 0)
    target: dict[str, Any] = {"source": source}
    if entry.quote:
        target["selector"] = {"type": "TextQuoteSelector", "exact": entry.quote}
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "id": f"{base}/claims/entries/{entry.id}",
        "motivation": "assessing",
        "created": iso(entry.at),
        "creator": {"type": "Agent", "name": entry.speaker},
        "body": {"type": "TextualBody", "value": f"{entry.stance}: {claim.text}"},
        "target": target,
    }
