"""What is known here of the pages that somebody is about to link to: a suggestion, no verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Subquery
from django.db.models.functions import Coalesce

from rostra.forum.access.viewer import Viewer
from rostra.forum.claims.models import Attribution
from rostra.forum.claims.queries import SEARCHED, standing
from rostra.forum.documents.queries import documents_at, publishers_at

LINKS = 5  # of a draft that are looked at
SHOWN = 3  # claims on each
OFTEN = 2  # claims in which a publisher passed somebody's word on, to be spoken of


class Said(NamedTuple):
    """Who says what about which claim, on a page that is linked to."""

    claim_id: int
    claim: str
    status: str
    stance: str
    speaker: str


class Cited(NamedTuple):
    """A page, what entries rest on it, and whose word its publisher passes on.

    `relayed` is "" where it passes on nobody's often, or where entries rest on the page itself.
    """

    url: str
    said: tuple[Said, ...]
    relayed: str = ""


def cited_at(viewer: Viewer, urls: Sequence[str]) -> list[Cited]:
    """Return what is known of these pages, of those of which anything is. Four queries at most.

    Whether a page was ever linked to where the viewer may not read changes nothing in it.
    """
    asked = list(dict.fromkeys(urls))[:LINKS]
    documents = documents_at(asked)
    said = _said(viewer, set(documents.values())) if documents else {}
    silent = [url for url in asked if documents.get(url) not in said]
    publishers = publishers_at(silent) if silent else {}
    relayed = _relayed(viewer, set(publishers.values())) if publishers else {}
    found = []
    for url in asked:
        if (there := said.get(documents.get(url, 0))) is not None:
            found.append(Cited(url, tuple(there)))
        elif (most := relayed.get(publishers.get(url, 0))) is not None:
            found.append(Cited(url, (), most))
    return found


def _said(viewer: Viewer, document_ids: set[int]) -> dict[int, list[Said]]:
    """Return document → the latest entries that rest on it, of claims the viewer reads."""
    entries = Attribution.objects.filter(
        standing(viewer, "claim__"), document_id__in=document_ids, state="active"
    )
    rows = entries.order_by("-id").values_list(
        "document_id", "claim_id", "claim__text", "claim__status", "stance", "speaker",
        "publisher__name", "publisher__domain",
    )  # fmt: skip
    found: dict[int, list[Said]] = {}
    for document_id, claim_id, text, status, stance, *speakers in rows[: LINKS * SHOWN * 4]:
        there = found.setdefault(document_id or 0, [])
        if len(there) < SHOWN:
            speaker = next((str(one) for one in speakers if one), "")
            there.append(Said(claim_id, text, status, stance, speaker))
    return found


def _relayed(viewer: Viewer, publisher_ids: set[int]) -> dict[int, str]:
    """Return publisher → whose word it passes on most, in `OFTEN` claims at least.

    Among the newest entries of all: looking further would cost as much as there are.
    """
    last = Attribution.objects.order_by("-id").values("id")[SEARCHED : SEARCHED + 1]
    entries = Attribution.objects.filter(
        standing(viewer, "claim__"), document__publisher_id__in=publisher_ids, stance="relays",
        state="active", id__gt=Coalesce(Subquery(last), 0),
    ).exclude(speaker="")  # fmt: skip
    rows = entries.values_list("document__publisher_id", "speaker", "claim_id").distinct()
    counted: dict[int, Counter[str]] = {}
    for publisher_id, speaker, _ in rows[:SEARCHED]:
        counted.setdefault(publisher_id, Counter())[speaker] += 1
    most = {key: speakers.most_common(1)[0] for key, speakers in counted.items()}
    return {key: speaker for key, (speaker, times) in most.items() if times >= OFTEN}
