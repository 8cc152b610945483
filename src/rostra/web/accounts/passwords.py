"""What a password must be: no composition rules, long enough, not one of the common ones."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from rostra.forum.members.hashing import LONGEST_BYTES
from rostra.forum.members.names import name_key
from rostra.kernel.errors import Invalid

SHORTEST_CHARACTERS = 8

_common = CommonPasswordValidator()


def check_password(password: str, name: str = "") -> None:
    """Raise Invalid where the password may not be (SEC-091)."""
    if len(password) < SHORTEST_CHARACTERS:
        raise Invalid({"password": "password_too_short"})
    if len(password.encode(errors="replace")) > LONGEST_BYTES:
        raise Invalid({"password": "password_too_long"})
    if "\0" in password or any("\ud800" <= c <= "\udfff" for c in password):
        raise Invalid({"password": "password_odd"})
    try:
        _common.validate(password)
    except ValidationError as error:
        raise Invalid({"password": "password_too_common"}) from error
    if _bare(password) in _words_of_the_site(name):
        raise Invalid({"password": "password_too_common"})


def _words_of_the_site(name: str) -> set[str]:
    """Return what anybody would try first here: the forum's names and the member's own."""
    words = {settings.ROSTRA.site_name, settings.HOST, settings.HOST.split(".")[0], "rostra", name}
    return {_bare(word) for word in words} - {""}


def _bare(text: str) -> str:
    """Return a word without digits and marks around it: Rostra2026! is still rostra."""
    return name_key("".join(c for c in text[:200] if c.isalpha()))
