"""The door for web servers: static files and kept pages first, then Django."""

import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostra.project.settings")


def make_application() -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """Return the WSGI application."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    django = get_wsgi_application()

    from rostra.project import in_use
    from rostra.web.bodies import with_room_for_readers
    from rostra.web.kept_pages import KeptPages
    from rostra.web.static_files import with_static_files

    in_use.share(settings.ROSTRA.data)
    pages = with_room_for_readers(django, settings.ROSTRA.threads)
    if settings.ROSTRA.kept_pages:
        pages = KeptPages(pages, settings.ROSTRA.kept_pages * 2**20)
    return with_static_files(pages)


application = make_application()
