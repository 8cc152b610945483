"""How a member wants pages to look. Pure."""

from typing import NamedTuple


class Look(NamedTuple):
    """The choices; "" as the system or the browser has it."""

    theme: str = ""
    density: str = ""
    time_zone: str = ""
    hides_signatures: bool = False


PLAIN = Look()
