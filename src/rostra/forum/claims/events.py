"""What happens to claims."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimMade(Event):
    """A member made a claim from a post."""

    name: ClassVar[str] = "claims.claim_made"
    claim_id: int
    thread_id: int
    member_id: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimChanged(Event):
    """An entry of a claim, or the claim itself, changed.

    `was` and `status` differ where its status is another by that; `log_n` where a moderator acted.
    """

    name: ClassVar[str] = "claims.claim_changed"
    claim_id: int
    what: str
    member_id: int | None  # None: nobody, something was read
    was: str
    status: str
    log_n: int | None = None
