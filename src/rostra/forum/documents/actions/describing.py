"""Saying by hand what a document is that was not read."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.documents import queries, rules
from rostra.forum.documents.events import DocumentDescribed
from rostra.forum.documents.models import Document, Link
from rostra.forum.documents.rules import Described, Description
from rostra.forum.members.turns import take_turn
from rostra.forum.threads.actions.logging import log_act
from rostra.forum.threads.actions.rows import locked_post
from rostra.forum.words.taking import check_texts
from rostra.kernel import clock, text, tries
from rostra.kernel.errors import Invalid, NotFound, TooMany
from rostra.kernel.events import emit
from rostra.kernel.tries import Rule

PACE = (Rule(30, 60 * 60),)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


@transaction.atomic
def describe_document(
    viewer: Viewer, document_id: int, said: Description, *, reason: str = ""
) -> None:
    """Say what a document is: it then has a card, marked as a member's; emits DocumentDescribed.

    Who links to it may, until it was read. A moderator's change to what another said needs a
    public reason and is logged. Raises NotFound, Refused, Invalid, TooMany.
    """
    shown = queries.document_for(viewer, document_id)
    queries.may_describe(viewer, shown).enforce()
    member_id = viewer.require_member()
    published_at = check(said)
    _take_try(member_id)
    take_turn(member_id)
    found = Document.objects.select_for_update(no_key=True).filter(pk=document_id).first()
    if found is None:
        raise NotFound
    before = _as_text(found)
    described = Described(found.read_at is not None, found.described_by_id)
    if described != shown.described:
        queries.may_describe(viewer, queries.document_for(viewer, document_id)).enforce()
    texts = {"title": said.title, "publisher": said.publisher, "summary": said.summary}
    check_texts(viewer, texts, before=[before])
    is_anothers = found.described_by_id not in (None, member_id)
    found.title = text.one_line(said.title)
    found.published_at, found.is_exact = published_at, False
    found.language = said.language.strip()
    found.summary = text.one_line(said.summary)
    found.described_by_id = found.described_by_id or member_id
    if not found.publisher.name and not text.is_blank(said.publisher):
        found.publisher.name = text.one_line(said.publisher)
        found.publisher.save(update_fields=["name"])
    after = _as_text(found)
    if after == before:
        return
    log_n = _log(viewer, document_id, reason, before, after) if is_anothers else None
    found.save()
    emit(DocumentDescribed(document_id=document_id, member_id=member_id, log_n=log_n))


def _take_try(member_id: int) -> None:
    try:
        tries.take({f"describe {member_id}": PACE})
    except TooMany as many:
        raise TooMany(many.seconds, "describing_too_often") from None


def check(said: Description) -> datetime | None:
    """Return the day that is named, None for none; raises Invalid with all that is wrong."""
    wrong: dict[str, str] = {}
    if text.is_blank(said.title):
        wrong["title"] = "empty"
    for name, most in (("title", rules.TITLE), ("publisher", rules.NAME),
                       ("summary", rules.SUMMARY)):  # fmt: skip
        if len(getattr(said, name)) > most:
            wrong[name] = "too_long"
    if said.language.strip() and not _LANGUAGE.fullmatch(said.language.strip()):
        wrong["language"] = "language_odd"
    published_at = None
    if said.published.strip():
        try:
            published_at = datetime.strptime(said.published.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            wrong["published"] = "day_odd"
        else:
            if not published_at.year > 1400 or published_at > clock.now() + timedelta(days=1):
                wrong["published"] = "day_odd"
    if wrong:
        raise Invalid(wrong)
    return published_at


def _as_text(document: Document) -> str:
    day = f"{document.published_at:%Y-%m-%d}" if document.published_at else ""
    parts = (document.title, document.publisher.name, day, document.language, document.summary)
    return "\n".join(filter(None, parts))


def _log(viewer: Viewer, document_id: int, reason: str, before: str, after: str) -> int:
    """Put down what a moderator made of another's words, at a post of theirs to moderate."""
    moderated = viewer.grants.get("moderate", frozenset())
    links = Link.objects.filter(document_id=document_id, post__thread__board_id__in=moderated)
    post_id = links.order_by("pk").values_list("post_id", flat=True).first()
    if post_id is None:
        raise NotFound
    thread, post = locked_post(viewer, post_id)
    return log_act(
        viewer, "document.describe", thread, reason, post=post, before=before, after=after
    )
