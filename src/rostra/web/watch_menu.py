"""What a member sets for a thread, board or tag on its page: made once, with each one's token."""

from __future__ import annotations

from typing import Literal

from rostra.kernel import clock
from rostra.web.jinja import kept
from rostra.web.request import RostraRequest
from rostra.web.tokens import TOKEN, with_token

NOW = "%now%"


def watch_menu(
    request: RostraRequest, kind: Literal["threads", "boards", "tags"], which: int | str, level: str
) -> str:
    """Return the menu to watch or mute a thread or a board, or to mute a tag; "" for a guest."""
    if request.viewer.is_guest:
        return ""
    made = kept(request.language, "base/_watch.html", kind, which, level, TOKEN, NOW)
    return _dated(with_token(request, made))


def all_read(request: RostraRequest, board_id: int | None) -> str:
    """Return the form to call all read that this page could show, "" for a guest."""
    if request.viewer.is_guest:
        return ""
    made = kept(request.language, "base/_watch.html", "all_read", board_id, TOKEN, NOW)
    return _dated(with_token(request, made))


def _dated(form: str) -> str:
    return form.replace(NOW, str(int(clock.now().timestamp())))
