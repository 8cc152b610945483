"""What happens to the settings that are the forum's own."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChanged(Event):
    """An administrator, or the operator, chose another value for a setting."""

    name: ClassVar[str] = "choices.setting_changed"
    setting: str
    log_n: int
