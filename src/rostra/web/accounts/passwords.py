"""What a password must be: no composition rules, long enough, not one of the common ones."""

from __future__ import annotations

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from rostra.forum.members.names import name_key
from rostra.kernel.errors import Invalid

SHORTEST_CHARACTERS = 8
LONGEST_BYTES = 1024

_common = CommonPasswordValidator()


def check_password(password: str, name: str = "") -> None:
    """Raise Invalid where the password may not be (SEC-091)."""
    if len(password) < SHORTEST_CHARACTERS:
        raise Invalid({"password": "password_too_short"})
    if len(password.encode()) > LONGEST_BYTES:
        raise Invalid({"password": "password_too_long"})
    try:
        _common.validate(password)
    except ValidationError as error:
        raise Invalid({"password": "password_too_common"}) from error
    if name and name_key(password) == name_key(name):
        raise Invalid({"password": "password_too_common"})
