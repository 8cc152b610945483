"""Making an archive, in the background: written as it is read, in bounded memory."""

from __future__ import annotations

import time
from datetime import timedelta

from django.conf import settings
from django.utils import translation

from rostra.forum.access.queries import viewer_for
from rostra.forum.members.queries import account_for
from rostra.forum.takeout import actions, files
from rostra.forum.takeout.actions import Begun
from rostra.kernel import clock, jobs
from rostra.kernel.errors import Refused
from rostra.kernel.jobs import job_aside
from rostra.web.takeout.archive import Archive

SILENT_FOR = timedelta(minutes=5)  # then whoever made it was killed, and another begins anew
SIGN_EVERY = 20.0  # seconds


class _NotWanted(Exception):
    """The archive was given up, or its member erased, while it was written."""


@job_aside
def make(takeout_id: int) -> None:
    """Make the archive a member asked for; where it fails, from its beginning again later."""
    try:
        begun = actions.begin(takeout_id, SILENT_FOR)
    except Refused:  # somebody else is at it
        jobs.enqueue(make, run_at=clock.now() + SILENT_FOR, takeout_id=takeout_id)
        return
    if begun is None:
        return
    try:
        _write(begun)
    except _NotWanted:
        files.drop(begun.key)
    except Exception:
        actions.fail(begun.key)
        raise
    else:
        actions.finish(begun.key)


def _write(begun: Begun) -> None:
    """Write an archive as its member may read everything at this moment."""
    viewer = viewer_for(account_for(begun.member_id))
    language = begun.language if begun.language in dict(settings.LANGUAGES) else "en"
    with (
        translation.override(language),
        files.fresh(begun.key, ".part") as file,
        files.fresh(begun.key, ".lines") as lines,
    ):
        Archive(viewer, file, lines, _Signs(begun.key)).write()
        files.settle(file)
    files.drop_lines(begun.key)


class _Signs:
    """Says now and then that the archive is being written; raises where nobody wants it."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.last = time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self.last < SIGN_EVERY:
            return
        self.last = time.monotonic()
        if not actions.go_on(self.key):
            raise _NotWanted
