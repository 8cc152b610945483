"""The four ways a request can fail. Doors turn each into its own wire form, once."""

from collections.abc import Mapping


class RostraError(Exception):
    """Base of every error that is the caller's to handle."""


class NotFound(RostraError):
    """It is not there, or the viewer may not know that it is."""


class Refused(RostraError):
    """It is there, and the rules say no. The argument is the reason code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Invalid(RostraError):
    """The input is not usable. The argument maps each field to a reason code."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(dict(fields))
        self.fields = dict(fields)


class Gathered:
    """Gathers what is wrong with several parts of a form, so that all of it is said at once.

    Each part is checked within `with gathered:`; `enforce` raises what was found.
    """

    def __init__(self) -> None:
        self.wrong: dict[str, str] = {}

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, Invalid):
            return False
        self.wrong |= error.fields
        return True

    def enforce(self) -> None:
        """Raise Invalid where anything was wrong."""
        if self.wrong:
            raise Invalid(self.wrong)


class TooMany(RostraError):
    """It was asked for too often: how many seconds to wait, and which limit it was, if named."""

    def __init__(self, seconds: int, reason: str = "") -> None:
        super().__init__(seconds, reason)
        self.seconds = seconds
        self.reason = reason
