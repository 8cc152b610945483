"""How people join at this moment."""

from __future__ import annotations

from django.conf import settings

from rostra.forum.holds.queries import are_newcomers_held


def way_to_join() -> str:
    """Return how people join: as the forum is set up, but by staff while newcomers have to wait.

    One query.
    """
    if settings.ROSTRA.read_only_mode == "on":
        return "closed"
    way: str = settings.ROSTRA.registration
    return "approved" if way in ("open", "confirmed") and are_newcomers_held() else way
