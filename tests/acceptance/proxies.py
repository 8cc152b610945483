"""nginx before a forum, with a configuration of the test's own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
_KEPT = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def nginx(folder: Path, http: str, port: int) -> Iterator[None]:
    """Run nginx until the end of the block; http: what stands in its `http` block."""
    paths = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in _KEPT)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off; {paths} {http} }}\n"
    )
    with running([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")], port):
        yield


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    """Run a proxy until the end of the block; it listens when this begins."""
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as proxy:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert proxy.poll() is None, proxy.stderr and proxy.stderr.read()
        try:
            yield
        finally:
            proxy.terminate()
            proxy.communicate(timeout=10)
