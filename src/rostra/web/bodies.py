"""Bodies of requests: not too large, with a length, and slow ones cannot take every thread."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from typing import Any, cast

from rostra.web import bare

type Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

AGAIN = "5"  # seconds
# Where files are brought: there bodies may be larger.
TAKES_FILES = re.compile(
    r"/(?:files|account/picture|staff/settings/logo|boards/\d+/start|threads/\d+/reply|posts/\d+/edit)",
    re.ASCII,
)


def with_room_for_readers(
    application: Application,
    threads: int,
    largest: int,
    largest_file: Callable[[], int] = lambda: 0,
) -> Application:
    """Return the application; requests with a body beyond half of the threads get 503.

    A body of more than `largest` bytes (and `largest_file()` more where files are brought) is
    refused unread, and so is one that does not say its length: a proxy gives it one, and nobody
    can send without end (SEC-105).
    """
    room = threading.BoundedSemaphore(max(1, threads // 2))

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        if length == "0" and not environ.get("HTTP_TRANSFER_ENCODING"):
            return application(environ, start_response)
        if length == "0":
            return _refuse(environ, start_response, "411 Length Required")
        if not length.isdecimal() or not length.isascii():
            return _refuse(environ, start_response, "400 Bad Request")
        takes_files = TAKES_FILES.fullmatch(environ.get("PATH_INFO", ""))
        if len(length) > 18 or int(length) > largest + (largest_file() if takes_files else 0):
            return _refuse(environ, start_response, "413 Content Too Large")
        if not room.acquire(blocking=False):
            return _refuse(
                environ, start_response, "503 Service Unavailable", ("Retry-After", AGAIN)
            )
        try:
            # Every view of ours answers whole: what is returned holds no open body.
            return application(environ, start_response)
        finally:
            room.release()

    return answer


def in_one_piece(application: Application) -> Application:
    """Return Django's application; what it answers whole is handed to the server whole.

    Of anything else than a list the server sends head and body apart, and on a connection that is
    used again the body waits until the browser says that it has the head: 40 ms a page.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        response: Any = application(environ, start_response)
        if response.streaming:
            return cast(Iterable[bytes], response)
        response.close()
        return [response.content]

    return answer


def _refuse(
    environ: dict[str, Any], start_response: Any, status: str, *more: tuple[str, str]
) -> Iterable[bytes]:
    start_response(status, [("Content-Type", bare.HTML), ("Connection", "close"), *more])
    return [bare.page(int(status[:3]), environ.get("HTTP_ACCEPT_LANGUAGE", ""))]
