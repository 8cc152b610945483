"""Who may change who may do what. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rostra.kernel.verdict import ALLOWED, Verdict

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer


def may_manage_access(viewer: Viewer) -> Verdict:
    """Whether the viewer may set grants and ask why somebody may do something."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.is_suspended:
        return Verdict("suspended")
    if "manage_access" not in viewer.capabilities:
        return Verdict("not_an_administrator")
    return ALLOWED
