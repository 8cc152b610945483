"""A web worker that is to end first takes no new connection and closes the ones it has, kindly.

A server that is stopped closes connections on which a request may be on its way at that moment.
Here the worker is told a little earlier: from then on every answer says `Connection: close`, and
the socket it accepts on is put out of its reach, so that what comes next goes to the others. It
ends when the last connection is closed, or when its time is over: some are kept by idle browsers.
"""

from __future__ import annotations

import os
import signal
import socket
import stat
import threading
import time

SIGNAL = signal.SIGUSR1
# At most, between being told and the end. Longer than the ten seconds after which the server closes
# a connection nothing comes on: whoever is still there then is being answered, not idle.
SECONDS = 12.0
LOOKS_EVERY = 0.05  # seconds
QUIET_LOOKS = 5  # without anybody, one after another: one may just be being accepted

DESCRIPTORS = "/proc/self/fd"

asked = threading.Event()


def keep_for_workers() -> None:
    """Hold the signal back in this thread and all it starts, workers too: they wait for it.

    A worker that is told while it is still starting then finds it waiting. A handler would not do:
    Python calls it in the main thread, which misses it when it comes just before that falls asleep.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {SIGNAL})


def listen_for_it() -> None:
    """Drain when told to, also if that was before this call; see `keep_for_workers`."""
    threading.Thread(target=_drain_when_told, daemon=True).start()


def _drain_when_told() -> None:
    """End this process when nobody is connected to it any more, or its time is over."""
    signal.sigwait({SIGNAL})
    asked.set()
    idle = socket.create_server(("127.0.0.1", 0))
    idle.setblocking(False)
    ports: set[int] = set()
    end = time.monotonic() + SECONDS
    quiet = 0
    while quiet < QUIET_LOOKS and time.monotonic() < end:
        ports |= _stop_accepting(idle)  # again each time: a worker that starts may open another
        time.sleep(LOOKS_EVERY)
        is_left = ports and not any(own in ports for _, own in _sockets(is_listening=False))
        quiet = quiet + 1 if is_left else 0
    os.kill(os.getpid(), signal.SIGTERM)


def _stop_accepting(idle: socket.socket) -> set[int]:
    """Put an idle socket in the place of all that listen; return the ports those had.

    Other processes hold the same ones, so they cannot be shut: their numbers are given a socket
    nobody knows and nothing comes from.
    """
    unknown = idle.getsockname()[1]
    ports = set()
    for handle, own in _sockets(is_listening=True):
        if own != unknown:
            os.dup2(idle.fileno(), handle)
            ports.add(own)
    return ports


def _sockets(*, is_listening: bool) -> list[tuple[int, int]]:
    """Return the descriptors of this process that are such TCP sockets, each with its own port."""
    found: list[tuple[int, int]] = []
    if not os.path.isdir(DESCRIPTORS):  # another system: connections are closed as they come
        return found
    for name in os.listdir(DESCRIPTORS):
        try:
            if not stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                continue
            with socket.socket(fileno=os.dup(int(name))) as candidate:
                accepts = candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
                if bool(accepts) == is_listening and candidate.family != socket.AF_UNIX:
                    found.append((int(name), candidate.getsockname()[1]))
        except OSError:
            continue  # closed meanwhile
    return found
