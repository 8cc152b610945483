"""Saying who a publisher is: what kind, whose, and what is known of it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.documents.events import PublisherDescribed
from rostra.forum.documents.models import Publisher, PublisherEdit
from rostra.forum.documents.publishers import may_describe_publisher, owners_above
from rostra.forum.documents.queries import documents_of
from rostra.forum.documents.rules import FACTS, PUBLISHER_EDITS_A_DAY, PUBLISHER_KINDS, Publishing
from rostra.forum.members.turns import take_turn
from rostra.forum.words.taking import check_texts
from rostra.kernel import clock, text
from rostra.kernel.errors import Invalid, NotFound, TooMany
from rostra.kernel.events import emit


@transaction.atomic
def describe_publisher(viewer: Viewer, publisher_id: int, said: Publishing) -> None:
    """Say what a publisher is; what was said before stays in its history.

    Trusted members may, so often a day. Emits PublisherDescribed; raises NotFound, Refused,
    Invalid, TooMany.
    """
    may_describe_publisher(viewer).enforce()
    member_id = viewer.require_member()
    take_turn(member_id)
    if not documents_of(viewer, publisher_id, limit=1):
        raise NotFound
    found = Publisher.objects.select_for_update(no_key=True).get(pk=publisher_id)
    owner = _checked(found, said)
    check_texts(viewer, {"facts": said.facts}, before=[found.facts])
    before = _as_said(found)
    found.kind, found.owner, found.facts = said.kind, owner, text.one_line(said.facts)
    after = _as_said(found)
    if after == before:
        return
    since = clock.now() - timedelta(days=1)
    lately = PublisherEdit.objects.filter(editor_id=member_id, at__gt=since).order_by("at")
    times = list(lately.values_list("at", flat=True)[:PUBLISHER_EDITS_A_DAY])
    if len(times) == PUBLISHER_EDITS_A_DAY:
        raise TooMany(int((times[0] - since).total_seconds()) + 1, "publisher_edits_a_day")
    found.save(update_fields=["kind", "owner", "facts"])
    PublisherEdit.objects.create(
        publisher=found, at=clock.now(), editor_id=member_id, before=before, after=after
    )
    emit(PublisherDescribed(publisher_id=found.pk, member_id=member_id))


def _checked(publisher: Publisher, said: Publishing) -> Publisher | None:
    """Return the owner that is named; raises Invalid with all that is wrong."""
    wrong: dict[str, str] = {}
    owner = None
    if said.kind not in PUBLISHER_KINDS:
        wrong["kind"] = "not_a_choice"
    if len(said.facts) > FACTS:
        wrong["facts"] = "too_long"
    if said.owner.strip():
        owner = Publisher.objects.filter(domain=said.owner.strip().lower()).first()
        if owner is None:
            wrong["owner"] = "no_such_publisher"
        elif owner.pk == publisher.pk or publisher.pk in owners_above([owner.pk]):
            wrong["owner"] = "owner_in_circle"
    if wrong:
        raise Invalid(wrong)
    return owner


def _as_said(publisher: Publisher) -> dict[str, str]:
    owner = publisher.owner.domain if publisher.owner else ""
    return {"kind": publisher.kind, "owner": owner, "facts": publisher.facts}
