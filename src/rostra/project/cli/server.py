"""The web server: Granian's workers on one socket that outlives each of them.

Granian opens a socket for every worker on Linux (SO_REUSEPORT). What waits in the queue of a
worker that ends is reset then, so a restart would fail requests (REL-028). Its other way, one
socket handed to all, is taken here: the socket is opened once, or handed over by systemd, and
then outlives the whole server.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import time
from typing import Any, cast

from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer, WorkerProcess

from rostra.project import draining

BACKLOG = 1024
HEADERS_WITHIN = 10_000  # milliseconds
REQUESTS_END_WITHIN = 30  # seconds: a worker that is asked to stop answers what it has begun
STARTS_WITHIN = 3.5  # seconds until the old worker is stopped, once the new one was started
HANDED_OVER = 3  # the first file descriptor that systemd hands over


class Server(MPServer):
    """Granian with one socket for all workers."""

    def __init__(self, listener: socket.socket, workers: int, threads: int, log_level: str) -> None:
        multiprocessing.set_start_method("spawn", force=True)  # SIGHUP starts today's code
        # glibc gives each thread a heap of its own, which is never given back: 8 MB a worker.
        os.environ.setdefault("MALLOC_ARENA_MAX", "2")
        draining.keep_for_workers()
        self.listener = listener
        self.is_ending = False
        address, port = listener.getsockname()[:2]
        super().__init__(
            "rostra.project.wsgi:application",
            address=address,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN, pipeline_flush=True),
            websockets=False,
            log_level=LogLevels(log_level),
            respawn_failed_workers=True,
            respawn_interval=STARTS_WITHIN,
            workers_kill_timeout=REQUESTS_END_WITHIN,
            backlog=BACKLOG,
        )

    # What follows stands in the place of methods of Granian's that are its own affair: the version
    # is pinned, and tests/acceptance/test_serving.py fails where another one does otherwise.

    def _init_shared_socket(self) -> None:
        self.listener.setblocking(False)
        self.listener.set_inheritable(True)
        handle = self.listener.fileno()
        shared: Any = SocketHolder
        own = vars(self)
        own |= {"_sfd": handle, "_ssp": None, "_sso": self.listener}
        own["_shd"] = shared(handle, False, BACKLOG)

    def _spawn_worker(self, *args: Any, **kwargs: Any) -> WorkerProcess:
        worker: Any = super()._spawn_worker(*args, **kwargs)
        end = worker.terminate

        def drain_and_end() -> None:
            if not self.is_ending and _tell_to_drain(worker):
                worker.join(draining.SECONDS)
            end()

        worker.terminate = drain_and_end
        return cast(WorkerProcess, worker)

    def _stop_workers(self) -> None:
        self.is_ending = True  # all at once, not one after another
        told: list[Any] = [worker for worker in self.wrks if _tell_to_drain(worker)]
        over = time.monotonic() + draining.SECONDS
        for worker in told:
            worker.join(max(0.0, over - time.monotonic()))
        super()._stop_workers()  # type: ignore[no-untyped-call]


def _tell_to_drain(worker: Any) -> bool:
    """Tell a worker to take no more connections; return whether there is one to wait for."""
    if not worker.is_alive():
        return False
    worker.interrupt_by_parent = True  # it may end by itself now
    os.kill(worker.inner.pid, draining.SIGNAL)
    return True


def open_listener(listen: str) -> socket.socket:
    """Return the socket to serve on: the one systemd has opened, or one at this address."""
    if os.environ.get("LISTEN_PID") == str(os.getpid()) and os.environ.get("LISTEN_FDS") == "1":
        return socket.socket(fileno=HANDED_OVER)
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, int(port)), family=family, backlog=BACKLOG)
