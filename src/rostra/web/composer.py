"""The composer below a thread: made once for all, then given its own token and key."""

from __future__ import annotations

import secrets

from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, get_token

from rostra.forum.threads.submissions import fresh_key
from rostra.reading.thread_page import ThreadPage
from rostra.web.jinja import kept
from rostra.web.request import RostraRequest

TOKEN, KEY, SEEN = "%token%", "%key%", "%seen%"
_SIGNS = len(CSRF_ALLOWED_CHARS)
_EVEN = 256 - 256 % _SIGNS  # random bytes from here on would favour some signs
_PLACES = {sign: at for at, sign in enumerate(CSRF_ALLOWED_CHARS)}


def quick_composer(request: RostraRequest, page: ThreadPage) -> str:
    """Return the form to reply with, "" for who may not; guests' pages set no cookie."""
    if not page.may_reply:
        return ""
    made = kept(request.language, "base/_composer.html", "quick", page.thread.id, TOKEN, KEY, SEEN)
    return (
        str(made)
        .replace(TOKEN, token(request))
        .replace(KEY, fresh_key())
        .replace(SEEN, str(page.thread.last_number))
    )


def token(request: RostraRequest) -> str:
    """Return what a form of this reader's proves itself by."""
    secret = request.META.get("CSRF_COOKIE")
    # Django's own would also send the cookie again, with every page that is read.
    return masked(secret) if secret else get_token(request)


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
