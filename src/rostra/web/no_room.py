"""Writing that the disk did not allow: told as that, and what was typed is given back."""

from __future__ import annotations

import errno
import logging
import sqlite3
import sys

from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = logging.getLogger(__name__)

FULL, ELSE = 507, 503
SECRET = ("password", "token", "csrf")
LONGEST = 100_000  # letters of one field


def answer(request: HttpRequest) -> HttpResponse | None:
    """Return 507 for a full disk, 503 for one that cannot be written; None for another error."""
    status = _status(sys.exc_info()[1])
    if status is None or not hasattr(request, "viewer"):
        return None
    log.error("%s: nothing can be written to the disk", status)
    made = render(
        request, "errors/507.html", {"typed": typed(request), "reasons": []}, status=status
    )
    made.headers["Retry-After"] = "10"
    return made


def _status(error: BaseException | None) -> int | None:
    if isinstance(error, OSError):
        return FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else None
    if not isinstance(error, DatabaseError):
        return None
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) in ("53100", "25006"):  # disk full, read-only
        return FULL if getattr(cause, "sqlstate", None) == "53100" else ELSE
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:
        return None
    if code == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_SHMSIZE:
        return FULL
    whole = code & 0xFF
    return ELSE if whole in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR) else None


def typed(request: HttpRequest) -> list[str]:
    """Return the texts of a form, without what must not be shown."""
    return [
        value[:LONGEST]
        for name, value in request.POST.items()
        if isinstance(value, str) and value.strip() and not any(s in name for s in SECRET)
    ]
