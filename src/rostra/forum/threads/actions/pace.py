"""How fast and how much somebody may write: the limits of their standing, held to."""

from __future__ import annotations

import math
from datetime import timedelta

from django.conf import settings

from rostra.content.markup.references import Rendered
from rostra.forum.access.viewer import Viewer
from rostra.forum.threads import composing, heat, standing
from rostra.forum.threads.models import Kind, Thread
from rostra.forum.threads.standing import Limits, Wait
from rostra.forum.threads.submissions import Sent
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, TooMany


def limits_for(viewer: Viewer, board_id: int) -> Limits | None:
    """Return what holds for a viewer in a board; None for its moderators. One query.

    Who has a limit on links puts none into posts, whoever they are.
    """
    limits = None
    if settings.ROSTRA.posting_limits == "on" and not viewer.can("moderate", board_id):
        limits = composing.standing_for(viewer.require_member()).limits
    if viewer.limits and viewer.limit_on("links", board_id):
        return (limits or standing.FREE)._replace(links=0)
    return limits


def hold_to_limits(viewer: Viewer, board_id: int, thread_id: int | None = None) -> None:
    """Raise TooMany for one whose limits ask for a wait between posts, or allow so many a day.

    Posts of theirs count wherever they wrote them. No query for who has no such limit, else one
    for each.
    """
    for one in viewer.limits:
        if not one.holds_in(board_id, thread_id):
            continue
        a_day, wait = one.limit.a_day, timedelta(seconds=one.limit.wait or 0)
        if a_day is None and not wait:
            continue
        now, posted = clock.now(), composing.latest_posted(viewer.require_member(), a_day or 1)
        if posted and now - posted[0] < wait:
            enforce(Wait("limit_wait", posted[0] + wait))
        enforce(standing.day_is_full(a_day, "limit_a_day", posted, now))


def may_start_now(viewer: Viewer, limits: Limits | None) -> None:
    """Raise TooMany for one who has started a thread too lately, or too many. One query."""
    if limits is not None:
        started = composing.latest_openings(viewer.require_member(), limits.threads_a_day)
        enforce(standing.wait_to_start(limits, started, clock.now()))


def may_post_now(viewer: Viewer, limits: Limits | None) -> None:
    """Raise TooMany for one who has posted too lately, or too much. One query."""
    if limits is not None:
        posted = composing.latest_posted(viewer.require_member(), limits.replies_a_day or 1)
        enforce(standing.wait_to_post(limits, posted, clock.now()))


def may_go_on(viewer: Viewer, thread: Thread, sent: Sent) -> None:
    """Raise TooMany for one who has posted too lately in a slow thread, or only answers themselves
    or one other (ABU-011). One query, one more in a slow thread.

    Raises Invalid to ask two who write at each other whether they mean to go on here.
    """
    if viewer.can("moderate", thread.board_id):
        return
    me, now = viewer.require_member(), clock.now()
    if thread.slow_seconds:
        last = composing.last_posted_in(me, thread.pk)
        enforce(standing.wait_to_go_on(thread.slow_seconds, last, now))
    if settings.ROSTRA.posting_limits != "on":
        return
    latest = composing.latest_in(thread.pk, thread.last_number, heat.LOOKED_AT)
    if thread.starter_id != me:  # who tells what happens, hour by hour, has nobody to wait for
        enforce(heat.wait_for_others(settings.ROSTRA.posts_in_a_row, latest, me, now))
    # Whoever asks and whoever answers are two by nature.
    if settings.ROSTRA.cooling == "on" and thread.kind != Kind.QUESTION:
        enforce(heat.wait_for_calm(latest, me, now))
        alone = heat.alone_with_another(latest, me, now)
        if alone >= heat.ASKED_AFTER and sent.key and not sent.is_sure:
            raise Invalid({"sure": "two_of_you"})


def may_say(limits: Limits | None, rendered: Rendered, *, link: str = "") -> None:
    """Raise Invalid for more links, mentions, pictures or files than somebody may put into a post.

    link: that of the article the thread is about; it counts as one.
    """
    if limits is None:
        return
    if limits.links is not None and len(rendered.links) + bool(link) > limits.links:
        raise Invalid({"source": "too_many_links" if limits.links else "links_limited"})
    if len(rendered.mentions) > limits.mentions:
        raise Invalid({"source": "too_many_mentions"})
    if len(rendered.pictures) > limits.pictures:
        raise Invalid({"source": "too_many_pictures"})
    if len(rendered.files) > limits.files:
        raise Invalid({"source": "too_many_files"})


def enforce(wait: Wait | None) -> None:
    """Raise TooMany where there is something to wait for."""
    if wait is not None:
        left = (wait.until - clock.now()).total_seconds()
        raise TooMany(max(math.ceil(left), 1), wait.reason)
