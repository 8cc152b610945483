"""What happens to members who are sanctioned."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class MemberWarned(Event):
    """A member was warned."""

    name: ClassVar[str] = "sanctions.member_warned"
    member_id: int
    log_n: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLimited(Event):
    """Something of a member's was limited, by somebody or by the points of their warnings."""

    name: ClassVar[str] = "sanctions.member_limited"
    member_id: int
    log_n: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class SanctionEased(Event):
    """A warning or a limit was taken back, or a limit ends sooner; `of_n` is its entry."""

    name: ClassVar[str] = "sanctions.sanction_eased"
    member_id: int
    of_n: int
    log_n: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class StaffNoteChanged(Event):
    """Staff wrote a note about a member, or withdrew one."""

    name: ClassVar[str] = "sanctions.staff_note_changed"
    note_id: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class NetworksLookedAt(Event):
    """Somebody of the staff looked at who comes from where a member does."""

    name: ClassVar[str] = "sanctions.networks_looked_at"
    member_id: int
    by_id: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class AddressLookedUp(Event):
    """Somebody of the staff looked up whose an address of mail is; `member_id` None: nobody's."""

    name: ClassVar[str] = "sanctions.address_looked_up"
    member_id: int | None
    by_id: int
