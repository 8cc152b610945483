"""What is said of each request: a number for it, a line in the log, figures to be counted.

Stands around everything that answers. A line has no query, no slug and no token, and of the
address its network alone: who reads the log learns what was slow or failed, not who read what.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any, Literal

from rostra.kernel import logs
from rostra.web import bare
from rostra.web.client import is_proxy, shortened

type Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
type Lines = Literal["none", "slow", "all"]
type Count = Callable[[str, int, float], None]  # route, status, seconds

ABOUT = "rostra.about"  # in the environ: a dictionary in which those inside say what they know
SLOW = 1.0  # seconds
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
_TOKEN = re.compile(
    r"(?<=^/setup/).+|(?<=^/unsubscribe/).+|(?<=^/reports/).+|(?<=^/account/).*[0-9_].*", re.S
)
_SLUG = re.compile(r"(/[0-9]{1,18})\.[^/]*")
_LONG = re.compile(r"[A-Za-z0-9_-]{20,}")

log = logging.getLogger(__name__)


class Logged:
    """A WSGI application whose requests have numbers, lines and figures."""

    def __init__(
        self,
        application: Application,
        lines: Lines,
        measure: Count | None,
        is_last: Callable[[], bool],
    ) -> None:
        self.application = application
        self.lines = lines
        self.measure = measure
        self.is_last = is_last  # whether a connection ends with this answer
        self.process = secrets.token_hex(3)
        self.numbers = count(1)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        number = f"{self.process}-{next(self.numbers):x}"
        if "HTTP_X_REQUEST_ID" in environ:
            number = _given(environ) or number
        logs.request_id.set(number)
        about: dict[str, str] = {}
        environ[ABOUT] = about
        status = 0

        def answer(line: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            nonlocal status
            status = 200 if line == "200 OK" else int(line[:3])
            if status >= 400:
                headers = [*headers, ("X-Request-ID", number)]
            if self.is_last():
                headers = [*headers, ("Connection", "close")]
            return start_response(line, headers, *exc_info)

        began = time.perf_counter()
        try:
            body = self.application(environ, answer)
        except Exception:
            log.exception("nothing could answer")
            answer("500 Internal Server Error", [("Content-Type", bare.HTML)])
            body = [bare.page(500, environ.get("HTTP_ACCEPT_LANGUAGE", ""), number)]
        seconds = time.perf_counter() - began
        if self.measure is not None:
            self.measure(about.get("route", "other"), status, seconds)
        if self.lines == "all" or (self.lines == "slow" and (seconds > SLOW or status >= 500)):
            self._say(environ, about, status, seconds)
        return body

    def _say(
        self, environ: dict[str, Any], about: dict[str, str], status: int, seconds: float
    ) -> None:
        path = shown(environ.get("PATH_INFO", ""))
        log.log(
            logging.WARNING if status >= 500 or seconds > SLOW else logging.INFO,
            "%s %s",
            environ["REQUEST_METHOD"],
            path,
            extra={
                "status": status,
                "ms": round(seconds * 1000, 1),
                "route": about.get("route", "other"),
                "network": shortened(about.get("address", environ.get("REMOTE_ADDR", ""))),
            },
        )


def shown(path: str) -> str:
    """Return a path as a log may hold it: no token, no title, no controls, not long."""
    path = _TOKEN.sub("…", path[:500])
    path = _SLUG.sub(r"\1", path)
    return logs.escaped(_LONG.sub("…", path))[:200]


def _given(environ: dict[str, Any]) -> str | None:
    """Return the number a proxy of ours has given the request."""
    given = str(environ["HTTP_X_REQUEST_ID"])
    if is_proxy(environ.get("REMOTE_ADDR", "")) and _GIVEN.fullmatch(given):
        return given
    return None
