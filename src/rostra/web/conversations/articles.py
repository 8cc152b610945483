"""Messages as they are shown, filled in for one viewer."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from rostra.forum.access.viewer import Viewer
from rostra.reading.conversation_page import MessageShown
from rostra.web.fragments import filled, worded


def articles(viewer: Viewer, messages: Sequence[MessageShown]) -> list[tuple[MessageShown, Markup]]:
    """Return each message with its words; none where they are not for this viewer.

    One query where messages refer to threads or posts; none without.
    """
    words = [shown.message.html if shown.has_words else "" for shown in messages]
    return list(zip(messages, filled(viewer, [worded(html) for html in words]), strict=True))
