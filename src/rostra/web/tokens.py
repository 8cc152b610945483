"""Forms that are kept and given to many: each reader's gets its own token against forgery."""

from __future__ import annotations

import secrets

from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, get_token

from rostra.web.request import RostraRequest

TOKEN = "%token%"  # noqa: S105 (where it goes)
_MADE = "rostra.token"
_SIGNS = len(CSRF_ALLOWED_CHARS)
_EVEN = 256 - 256 % _SIGNS  # random bytes from here on would favour some signs
_PLACES = {sign: at for at, sign in enumerate(CSRF_ALLOWED_CHARS)}


def with_token(request: RostraRequest, form: str) -> str:
    """Return a form with the reader's token in the place of TOKEN, the same in all of a page."""
    token = request.META.get(_MADE)
    if token is None:
        secret = request.META.get("CSRF_COOKIE")
        # Django's own would also send the cookie again, with every page that is read.
        token = request.META[_MADE] = masked(secret) if secret else get_token(request)
    return str(form).replace(TOKEN, token)


def masked(secret: str) -> str:
    """Return a secret of Django's as it stands in a form: other signs in each (BREACH).

    As `django.middleware.csrf._mask_cipher_secret` writes it, of which it is a quicker twin: a
    mask of random signs, then the secret shifted by it.
    """
    random: list[int] = []
    while len(random) < CSRF_SECRET_LENGTH:
        random += [byte % _SIGNS for byte in secrets.token_bytes(48) if byte < _EVEN]
    mask = random[:CSRF_SECRET_LENGTH]
    shifted = [(_PLACES[sign] + by) % _SIGNS for sign, by in zip(secret, mask, strict=True)]
    return "".join([CSRF_ALLOWED_CHARS[at] for at in mask + shifted])
