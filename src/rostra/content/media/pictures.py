"""Having a foreign picture made anew, in a process that may do nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from typing import Any, NamedTuple

from rostra.content.media import decoder
from rostra.kernel.errors import Invalid, TooMany

AGAIN = 5  # seconds, where all are busy
_WAIT = 20.0  # seconds for a turn
_at_once = threading.BoundedSemaphore(1)  # a process of ours; each may take 512 MB


class Made(NamedTuple):
    """A picture of ours: its size in pixels, and its bytes, the largest first."""

    width: int
    height: int
    is_animated: bool
    parts: tuple[bytes, ...]


def made_of(data: bytes, form: str, shape: str) -> Made:
    """Return what is made of a picture; raises Invalid naming why none is, TooMany.

    form: what it begins as (`formats.PICTURES`); shape: picture, or avatar for a square.
    """
    if not _at_once.acquire(timeout=_WAIT):
        raise TooMany(AGAIN, "pictures_busy")
    try:
        with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as result:
            source.write(data)
            source.seek(0)
            code = _run(source, result, form, shape)
            result.seek(0)
            return _read(code, result.read())
    finally:
        _at_once.release()


def _run(source: Any, result: Any, form: str, shape: str) -> int:
    """Return the exit code of the decoder; it knows nothing of our environment."""
    program = [sys.executable, "-I", "-B", decoder.__file__, form, shape]
    try:
        return subprocess.run(  # noqa: S603 (our own program, no shell)
            program,
            stdin=source,
            stdout=result,
            stderr=subprocess.DEVNULL,
            env={"MALLOC_ARENA_MAX": "1"},
            timeout=2 * decoder.SECONDS,  # it has so many of the processor; others work as well
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        raise Invalid({"file": "picture_too_much_work"}) from None


def _read(code: int, result: bytes) -> Made:
    head, _, rest = result.partition(b"\n")
    try:
        facts = json.loads(head)
        if code == decoder.REFUSED:
            raise Invalid({"file": str(facts["reason"])})
        parts, at = [], 0
        for size in facts["sizes"] if code == 0 else ():
            parts.append(rest[at : at + size])
            at += size
        is_whole = code == 0 and bool(parts) and at == len(rest)
    except (ValueError, KeyError, TypeError):
        is_whole = False
    if not is_whole:  # killed by a limit, or by what it was made to read
        raise Invalid({"file": "picture_too_much_work"})
    return Made(facts["width"], facts["height"], facts["is_animated"], tuple(parts))
