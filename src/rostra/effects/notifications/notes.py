"""What members are told of community notes. All of it is harmless twice.

Nobody is told who rated or wrote, and being drawn says nothing of a side: both are drawn.
"""

from __future__ import annotations

from rostra.effects.notifications import actions
from rostra.effects.notifications.rules import Telling
from rostra.forum.notes.events import NoteDecided, PanelDrawn
from rostra.forum.notes.queries import drawn_for
from rostra.forum.threads.spoken import authors_of
from rostra.kernel.events import after


@after(NoteDecided)
def tell_of_note(happened: NoteDecided) -> None:
    """Tell the author of a post that a note stands below it."""
    author_id = authors_of([happened.post_id]).get(happened.post_id)
    if happened.state != "shown" or author_id is None:
        return
    one = Telling(
        author_id, "note", key=f"note:{happened.note_id}", group=f"note:{happened.post_id}",
        post_id=happened.post_id, actor_id=None,
    )  # fmt: skip
    actions.tell([one])


@after(PanelDrawn)
def tell_who_was_drawn(happened: PanelDrawn) -> None:
    """Tell raters that they were drawn to say whether a note helps."""
    post_id, members = drawn_for(happened.note_id, happened.panel)
    actions.tell(
        [
            Telling(
                member_id, "panel", key=f"panel:{happened.note_id}:{happened.panel}",
                group=f"panel:{happened.note_id}", post_id=post_id, actor_id=None,
            )
            for member_id in members
        ]
    )  # fmt: skip
