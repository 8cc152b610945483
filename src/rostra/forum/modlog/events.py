"""What happens in the moderation log."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementMade(Event):
    """An act restricts a member; the statement of reasons is there to be read."""

    name: ClassVar[str] = "modlog.statement_made"
    log_n: int
    member_id: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChanged(Event):
    """A rule of the forum is new, says something else, or was taken back."""

    name: ClassVar[str] = "modlog.rule_changed"
    code: str
    log_n: int
