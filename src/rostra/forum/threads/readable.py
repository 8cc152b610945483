"""The condition under which posts stand before a viewer, for queries over whatever holds posts."""

from __future__ import annotations

from django.db.models import Q

from rostra.forum.access.viewer import Viewer

# As `standing`, for statements of our own: p is the post, t its thread.
STANDING = "p.state = 'visible' AND t.state = 'visible'"


def standing(path: str = "") -> Q:
    """Return the condition that a post and its thread are visible; `path`: the way to the post."""
    return Q(**{f"{path}state": "visible", f"{path}thread__state": "visible"})


def readable(viewer: Viewer, path: str = "") -> Q:
    """Return the condition that a post is visible, and in a board the viewer may read."""
    return standing(path) & Q(**{f"{path}thread__board_id__in": viewer.readable})
