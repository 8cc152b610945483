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


class TooMany(RostraError):
    """It was asked for too often: how many seconds to wait, and which limit it was, if named."""

    def __init__(self, seconds: int, reason: str = "") -> None:
        super().__init__(seconds, reason)
        self.seconds = seconds
        self.reason = reason
