"""The condition under which posts stand before a viewer, for queries over whatever holds posts."""

from __future__ import annotations

from django.db.models import Q

from rostra.forum.access.viewer import NONE, Viewer

# As `standing`, for statements of our own: p is the post, t its thread.
STANDING = "p.state = 'visible' AND t.state = 'visible'"


def standing(path: str = "") -> Q:
    """Return the condition that a post and its thread are visible; `path`: the way to the post."""
    return Q(**{f"{path}state": "visible", f"{path}thread__state": "visible"})


def readable(viewer: Viewer, path: str = "") -> Q:
    """Return the condition that a post is visible, and in a board the viewer may read."""
    return standing(path) & Q(**{f"{path}thread__board_id__in": viewer.readable})


def shown(viewer: Viewer, path: str = "") -> Q:
    """Return the condition that a viewer is shown a post's words: as `rules.may_read_post` says.

    Unlike `readable` it holds as well for what only its author and moderators see.
    """
    moderated = viewer.readable & viewer.grants.get("moderate", NONE)
    thread = f"{path}thread__"
    found = Q(**{f"{path}state": "visible", f"{thread}state": "visible"})
    if viewer.member_id is not None:
        own = Q(
            **{f"{thread}state__in": ("pending", "withdrawn"), f"{thread}starter": viewer.member_id}
        )
        seen = Q(**{f"{thread}state": "visible"}) | own
        found = seen & (Q(**{f"{path}state": "visible"}) | Q(**{f"{path}author": viewer.member_id}))
    return Q(**{f"{thread}board_id__in": viewer.readable}) & (
        found | Q(**{f"{thread}board_id__in": moderated})
    )
