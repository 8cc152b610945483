"""What happens to what members bring."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class FileUploaded(Event):
    """A picture or a file was brought; nothing shows it yet."""

    name: ClassVar[str] = "uploads.file_uploaded"
    upload_id: int
    owner_id: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class AvatarChanged(Event):
    """A member's picture beside their name is another, or none."""

    name: ClassVar[str] = "uploads.avatar_changed"
    member_id: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class AvatarRemoved(Event):
    """A moderator took away the picture beside a member's name; `log_n` is the entry."""

    name: ClassVar[str] = "uploads.avatar_removed"
    member_id: int
    log_n: int
