"""Slow bodies cannot take every thread: at most half of them may hold a request with a body."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

type Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def with_room_for_readers(application: Application, threads: int) -> Application:
    """Return the application; requests with a body beyond half of the threads get 503."""
    room = threading.BoundedSemaphore(max(1, threads // 2))

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH") in (None, "", "0") and not environ.get(
            "HTTP_TRANSFER_ENCODING"
        ):
            return application(environ, start_response)
        if not room.acquire(blocking=False):
            start_response(
                "503 Service Unavailable",
                [("Retry-After", "5"), ("Content-Type", "text/plain; charset=utf-8")],
            )
            return [b"Too many at once. Please send it again in a moment.\n"]
        try:
            # Every view of ours answers whole: what is returned holds no open body.
            return application(environ, start_response)
        finally:
            room.release()

    return answer
