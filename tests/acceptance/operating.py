"""Code run inside a forum of its own, and the forum served, as its operator would do it."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

ROSTRA = (sys.executable, "-m", "rostra.project.cli")
# Starts a command with a socket it was handed over, as systemd does.
HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.executable, [sys.executable, "-m", "rostra.project.cli", *sys.argv[2:]])
"""


def start(code: str, environ: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*ROSTRA, "manage", "shell", "-v0", "-c", code],
        env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def run(code: str, environ: dict[str, str]) -> str:
    process = start(code, environ)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out.strip()


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def serving(
    environ: dict[str, str], *options: str, listener: socket.socket | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the forum of an environment until the block ends; its lines go to `served.log`.

    Sets the address in `environ`; with a listener that is handed over to the server.
    """
    port = listener.getsockname()[1] if listener else free_port()
    environ |= {
        "ROSTRA_LISTEN": f"127.0.0.1:{port}",
        "ROSTRA_BASE_URL": f"http://localhost:{port}",
    }
    command = [*ROSTRA, "serve", *options]
    handles: tuple[int, ...] = ()
    if listener:
        handles = (listener.fileno(),)
        command = [sys.executable, "-c", HAND_OVER, str(listener.fileno()), "serve", *options]
    os.makedirs(environ["ROSTRA_DATA"], exist_ok=True)
    with (
        open(log_of(environ), "ab") as log,
        subprocess.Popen(
            command, env=environ, stdout=log, stderr=log, pass_fds=handles, start_new_session=True
        ) as server,
    ):
        try:
            until_ready(server, port)
            yield server
        finally:
            server.terminate()
            server.wait(60)


def until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the server answers that it is ready; it holds its socket before that."""
    while server.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/health/ready")
            answer = connection.getresponse()
            assert answer.read() == b"ok\n"
            connection.close()
        except ConnectionRefusedError:
            continue
        return
    raise AssertionError("the server ended")


def log_of(environ: dict[str, str]) -> str:
    """Return the path of what the served forum has said."""
    return os.path.join(environ["ROSTRA_DATA"], "served.log")
