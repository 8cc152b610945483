"""A web worker that is to end first takes no new connection and closes the ones it has, kindly.

A server that is stopped closes connections on which a request may be on its way at that moment.
Here the worker is told a little earlier: from then on every answer says `Connection: close`, and
the socket it accepts on is put out of its reach, so that what comes next goes to the others.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from types import FrameType

SIGNAL = signal.SIGUSR1
SECONDS = 1.0  # between being told and the end

DESCRIPTORS = "/proc/self/fd"

asked = threading.Event()


def listen_for_it() -> None:
    """Drain when told to; call it in the main thread of a worker."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(SIGNAL, _begin)


def _begin(number: int, frame: FrameType | None) -> None:
    asked.set()
    # Others hold the same socket, so it cannot be shut: its number is given another one, which
    # nobody knows and nothing comes from.
    idle = socket.create_server(("127.0.0.1", 0))
    idle.setblocking(False)
    for handle in _listening():
        if handle != idle.fileno():
            os.dup2(idle.fileno(), handle)


def _listening() -> list[int]:
    """Return the file descriptors of this process that accept connections."""
    found: list[int] = []
    if not os.path.isdir(DESCRIPTORS):  # another system: connections are closed as they come
        return found
    for name in os.listdir(DESCRIPTORS):
        try:
            with socket.socket(fileno=os.dup(int(name))) as candidate:
                if candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    found.append(int(name))
        except OSError:
            continue  # no socket, or closed meanwhile
    return found
