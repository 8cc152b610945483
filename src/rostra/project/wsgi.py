"""The door for web servers: the log of requests, kept pages and static files, then Django."""

import os
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostra.project.settings")


def make_application() -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """Return the WSGI application."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    django = get_wsgi_application()

    from rostra.kernel.metrics import request_counter
    from rostra.project import draining, in_use
    from rostra.web.bodies import in_one_piece, with_room_for_readers
    from rostra.web.health import HealthPages
    from rostra.web.kept_pages import KeptPages
    from rostra.web.live import LivePoll
    from rostra.web.request_log import Logged
    from rostra.web.rush import Rush
    from rostra.web.static_files import with_static_files

    in_use.share(settings.ROSTRA.data)
    draining.listen_for_it()
    config = settings.ROSTRA
    pages = with_room_for_readers(
        in_one_piece(django),
        config.threads,
        settings.LARGEST_BODY,
        lambda: settings.ROSTRA.upload_megabytes * 1_000_000,
    )
    pages = with_static_files(HealthPages(pages, config.data))
    logged = partial(
        Logged,
        lines=config.log_requests,
        measure=request_counter(),
        is_last=draining.asked.is_set,
    )
    wait = config.guests_wait == "on"
    capacity = config.kept_pages * 2**20
    if config.log_requests == "all" or logged.keywords["measure"] is not None:
        pages = Rush(pages) if wait else pages
        return logged(LivePoll(KeptPages(pages, capacity) if capacity else pages))
    # A kept page and a poll are neither slow nor errors: they are not spoken of, and what speaks
    # costs as much. Of a rush two lines are enough.
    spoken = logged(pages)
    waited = Rush(spoken, is_last=draining.asked.is_set) if wait else spoken
    kept = KeptPages(waited, capacity, is_last=draining.asked.is_set) if capacity else waited
    return LivePoll(kept, is_last=draining.asked.is_set)


application = make_application()
