"""How fast and how much somebody may write: the limits of their standing, held to."""

from __future__ import annotations

import math

from django.conf import settings

from rostra.content.markup.references import Rendered
from rostra.forum.access.viewer import Viewer
from rostra.forum.threads import composing, standing
from rostra.forum.threads.models import Thread
from rostra.forum.threads.standing import Limits, Wait
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, TooMany


def limits_for(viewer: Viewer, board_id: int) -> Limits | None:
    """Return what holds for a viewer in a board; None for its moderators. One query."""
    if settings.ROSTRA.posting_limits == "off" or viewer.can("moderate", board_id):
        return None
    return composing.standing_for(viewer.require_member()).limits


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


def may_go_on(viewer: Viewer, thread: Thread) -> None:
    """Raise TooMany for one who has posted too lately in a slow thread. One query, if it is one."""
    if thread.slow_seconds and not viewer.can("moderate", thread.board_id):
        last = composing.last_posted_in(viewer.require_member(), thread.pk)
        enforce(standing.wait_to_go_on(thread.slow_seconds, last, clock.now()))


def may_say(limits: Limits | None, rendered: Rendered, *, link: str = "") -> None:
    """Raise Invalid for more links, mentions, pictures or files than somebody may put into a post.

    link: that of the article the thread is about; it counts as one.
    """
    if limits is None:
        return
    if limits.links is not None and len(rendered.links) + bool(link) > limits.links:
        raise Invalid({"source": "too_many_links"})
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
