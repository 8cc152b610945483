"""What happens to reactions."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionChanged(Event):
    """A member reacted to a post, otherwise than before, or took it back (`kind` is "")."""

    name: ClassVar[str] = "reactions.reaction_changed"
    post_id: int
    member_id: int
    author_id: int
    kind: str
