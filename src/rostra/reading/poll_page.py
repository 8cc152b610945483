"""A poll by itself."""

from __future__ import annotations

from rostra.forum.access.viewer import Viewer
from rostra.forum.polls.queries import PollShown, find_poll
from rostra.forum.threads.queries import ThreadRow, posts_between, thread_for
from rostra.kernel.errors import NotFound


def poll_page(viewer: Viewer, thread_id: int) -> tuple[ThreadRow, PollShown]:
    """Return a thread and its poll. Three queries; raises NotFound.

    With the post it stands above a poll is gone from sight, and comes back.
    """
    thread = thread_for(viewer, thread_id)
    opening = posts_between(viewer, thread, 1, 1) if thread.has_poll else []
    if not opening or opening[0].state != "visible":
        raise NotFound
    poll = find_poll(viewer, thread_id, thread)
    if poll is None:
        raise NotFound
    return thread, poll
