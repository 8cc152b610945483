"""Reacting, and taking it back."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models import F

from rostra.forum.access.viewer import Viewer
from rostra.forum.reactions.events import ReactionChanged
from rostra.forum.reactions.kinds import KINDS
from rostra.forum.reactions.models import Reaction, Reputation, Tally
from rostra.forum.reactions.queries import latest_of
from rostra.forum.threads import rules, standing
from rostra.forum.threads.actions import pace
from rostra.forum.threads.actions.rows import locked_post, save_changed
from rostra.forum.threads.composing import standing_for
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.events import emit


@transaction.atomic
def react(viewer: Viewer, post_id: int, kind: str) -> None:
    """Put one's one reaction to a post, instead of another; "" takes it back.

    Emits ReactionChanged. The same again changes nothing. Raises NotFound, Refused, TooMany.
    """
    if kind and kind not in KINDS:
        raise Invalid({"kind": "not_a_choice"})
    member_id = viewer.require_member()
    thread, post = locked_post(viewer, post_id)
    if not rules.may_read_post(viewer, thread, post):
        raise NotFound
    was = Reaction.objects.filter(post=post, member_id=member_id).first()
    old = was.kind if was is not None else ""
    if kind == old:
        return
    rules.may_react(viewer, thread, post).enforce()
    if was is None:
        _hold_to_the_day(member_id)
        Reaction.objects.create(post=post, member_id=member_id, kind=kind, at=clock.now())
    elif kind:
        was.kind, was.at = kind, clock.now()
        was.save()
    else:
        was.delete()
    _count(post.pk, old, -1)
    _count(post.pk, kind, 1)
    change = _worth(kind) - _worth(old)
    if post.author_id is not None and change:
        Reputation.objects.bulk_create(
            [Reputation(member_id=post.author_id)], ignore_conflicts=True
        )
        Reputation.objects.filter(member_id=post.author_id).update(score=F("score") + change)
    save_changed(thread)
    emit(
        ReactionChanged(
            post_id=post.pk, member_id=member_id, author_id=post.author_id or 0, kind=kind
        )
    )


def _hold_to_the_day(member_id: int) -> None:
    if settings.ROSTRA.posting_limits == "on":
        limits = standing_for(member_id).limits
        times = latest_of(member_id, limits.reactions_a_day)
        pace.enforce(standing.wait_to_react(limits, times, clock.now()))


def _count(post_id: int, kind: str, change: int) -> None:
    if kind:
        Tally.objects.bulk_create([Tally(post_id=post_id, kind=kind)], ignore_conflicts=True)
        Tally.objects.filter(post_id=post_id, kind=kind).update(count=F("count") + change)


def _worth(kind: str) -> int:
    return KINDS[kind].worth if kind in KINDS else 0
