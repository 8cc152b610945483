"""What happens in conversations. Nothing here tells what was said."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Event):
    """Somebody wrote; the first message is that of a new conversation."""

    name: ClassVar[str] = "conversations.message_sent"
    message_id: int
    conversation_id: int
    author_id: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class MessageChanged(Event):
    """An author changed a message that nobody had read, or withdrew it."""

    name: ClassVar[str] = "conversations.message_changed"
    message_id: int
    conversation_id: int
    is_withdrawn: bool


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class MembersInvited(Event):
    """Members came into a conversation that there was."""

    name: ClassVar[str] = "conversations.members_invited"
    conversation_id: int
    member_ids: tuple[int, ...]
    by_id: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft(Event):
    """A member left a conversation."""

    name: ClassVar[str] = "conversations.member_left"
    conversation_id: int
    member_id: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReported(Event):
    """A message was reported to the staff; by whom is not told."""

    name: ClassVar[str] = "conversations.message_reported"
    report_id: int
