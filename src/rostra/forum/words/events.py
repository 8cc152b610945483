"""What happens to the list of watched words."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class WordsChanged(Event):
    """Watched words came or went; which they are stands in no event.

    is_cover: whether other words are covered now than before.
    """

    name: ClassVar[str] = "words.words_changed"
    log_n: int
    is_cover: bool = False
