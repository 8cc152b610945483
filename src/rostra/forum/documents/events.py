"""What happens to documents."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRead(Event):
    """A document was looked at, and its card is another than before: first read, changed, gone."""

    name: ClassVar[str] = "documents.document_read"
    document_id: int
    state: str


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFetched(Event):
    """Another site's picture can be shown by now, or cannot any more."""

    name: ClassVar[str] = "documents.picture_fetched"
    picture_id: int
    is_shown: bool


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDescribed(Event):
    """A member said what a document is that was not read; `log_n` where a moderator did."""

    name: ClassVar[str] = "documents.document_described"
    document_id: int
    member_id: int
    log_n: int | None = None


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherDescribed(Event):
    """A member said what kind of publisher one is, who owns it, or what is known of it."""

    name: ClassVar[str] = "documents.publisher_described"
    publisher_id: int
    member_id: int
