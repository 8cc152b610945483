"""What follows in this room after watched words came or went."""

from __future__ import annotations

from datetime import timedelta

from rostra.forum.threads.actions.covering import NEWEST, cover_some
from rostra.forum.words.events import WordsChanged
from rostra.forum.words.queries import covered_version
from rostra.kernel import clock
from rostra.kernel.events import after
from rostra.kernel.jobs import enqueue, job_aside

UNDER_WAY = timedelta(seconds=10)


@after(WordsChanged)
def cover_earlier_posts(happened: WordsChanged) -> None:
    """Have earlier posts covered as the list says now.

    Not at once: what was being written when the list changed, and knew the old one, is there then.
    """
    if happened.is_cover:
        _go_on(covered_version(), NEWEST, wait=UNDER_WAY)


@job_aside
def cover_posts(version: int, before: int) -> None:
    """Cover some posts, and leave those before them to the next job.

    It ends where other words are covered since: with that another walk began.
    """
    if covered_version() != version:
        return
    further = cover_some(before)
    if further is not None:
        _go_on(version, further)


def _go_on(version: int, before: int, wait: timedelta = timedelta()) -> None:
    enqueue(
        cover_posts,
        run_key=f"cover posts {version} {before}",
        run_at=clock.now() + wait,
        version=version,
        before=before,
    )
