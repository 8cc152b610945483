"""Is this process alive, is it ready: for a load balancer and a clock, on any host name.

`/health/live` answers as long as the process does; `/health/ready` also asks the database. One
word of a fixed list and no detail: what exactly is wrong stands in the log and in the metrics
(SEC-114).
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal

from django.db import DatabaseError, connection

from rostra.kernel import dialect, disks

type Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
type Health = Literal["ok", "degraded: disk", "degraded: data folder", "unavailable: database"]

KEPT = 1.0  # seconds: asking costs a statement at most so often


class HealthPages:
    """The WSGI application with the two addresses in front."""

    def __init__(self, application: Application, data: Path) -> None:
        self.application = application
        self.data = data
        self.lock = threading.Lock()
        self.found: tuple[float, Health] = (0.0, "ok")

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith("/health/") or path not in ("/health/live", "/health/ready"):
            return self.application(environ, start_response)
        environ.get("rostra.about", {})["route"] = "health"
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _answer(environ, start_response, "405 Method Not Allowed", "GET")
        found: Health = "ok" if path == "/health/live" else self.health()
        is_well = not found.startswith("unavailable")
        status = "200 OK" if is_well else "503 Service Unavailable"
        return _answer(environ, start_response, status, found)

    def health(self) -> Health:
        """Return how this process is, found out at most once in `KEPT` seconds."""
        with self.lock:
            at, found = self.found
            if at + KEPT < time.monotonic():
                found = health_of(self.data)
                self.found = time.monotonic(), found
            return found


def health_of(data: Path) -> Health:
    """Ask the database, look at the folder of data and the room on its disk."""
    try:
        dialect.rows("SELECT 1")
    except DatabaseError:
        connection.close()
        return "unavailable: database"
    try:
        if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
            return "degraded: data folder"
        room = disks.room(data)
    except OSError:
        return "degraded: data folder"
    return "degraded: disk" if room.is_at_its_end else "ok"


def _answer(
    environ: dict[str, Any], start_response: Any, status: str, words: str
) -> Iterable[bytes]:
    body = f"{words}\n".encode()
    start_response(
        status,
        [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )
    return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [body]
