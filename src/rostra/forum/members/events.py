"""What happens among members."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFollowed(Event):
    """Somebody began to follow a member."""

    name: ClassVar[str] = "members.member_followed"
    member_id: int
    by_id: int
