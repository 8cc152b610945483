"""REL-062: a machine with nothing but loopback: no name is found, nothing can be reached."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import Any

from bench.faults.place import Drill, Unfit

LOOPBACK = """
import fcntl, os, socket, struct, sys
sock = socket.socket()
name = struct.pack("16sh14x", b"lo", 1 | 64)
fcntl.ioctl(sock, 0x8914, name)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def run(drill: Drill) -> dict[str, Any]:
    """Serve, and visit every screen, in a network of one's own that leads nowhere."""
    if shutil.which("unshare") is None:
        raise Unfit("there is no unshare: apt-get install util-linux")
    ahead = ["unshare", "-n"]
    if subprocess.run([*ahead, "true"], capture_output=True, check=False).returncode:
        ahead = ["unshare", "-rn"]
        if subprocess.run([*ahead, "true"], capture_output=True, check=False).returncode:
            raise Unfit("this machine gives nobody a network of his own")
    drill.set_up()
    done = subprocess.run(
        [*ahead, sys.executable, "-c", LOOPBACK, "-m", "bench.faults.visiting", str(drill.port)],
        capture_output=True, text=True, check=False, timeout=120, cwd=drill.folder,
    )  # fmt: skip
    drill.need(done.returncode == 0, (done.stdout + done.stderr)[-400:])
    found = re.search(r"pages=(\d+) first=([\d.]+)", done.stdout)
    drill.need(found is not None, done.stdout[-300:])
    assert found is not None
    return {"pages": found[1], "all": "200", "first_page_s": found[2]}
