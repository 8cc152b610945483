"""REL-025: a disk without inodes, the secret gone, the secret damaged."""

from __future__ import annotations

import os
import subprocess
from typing import Any

from bench.faults.full import _Member, _small_disk
from bench.faults.place import Drill, in_child, unsound


def run(drill: Drill) -> dict[str, Any]:
    """Take one thing after another away from a running forum; reading goes on."""
    with _small_disk(drill, 80):
        ids = drill.set_up()
        answers = []
        with drill.serving("--no-jobs"):
            member = _Member(drill)
            subprocess.run(["mount", "-o", "remount,nr_inodes=40", str(drill.data)], check=True)
            made = []
            try:
                for n in range(100):
                    made.append(drill.data / f"inode{n}")
                    made[-1].touch()
            except OSError:
                made.pop()
            drill.need(len(made) < 100, "there was no end of inodes")
            _read(drill, ids, "no inodes")
            answers.append(member.save("50")[0])
            drill.need(answers[-1] in (200, 303, 503, 507), f"no inodes: {answers[-1]}")
            for path in made:
                path.unlink()

            os.rename(drill.data / "secret", drill.data / "elsewhere")
            _read(drill, ids, "without the secret")
            drill.need(member.save("20")[0] in (200, 303), "without the secret, that it knows")
            os.rename(drill.data / "elsewhere", drill.data / "secret")
        (drill.data / "secret").write_text("short")
        done = drill.rostra("doctor")
        drill.need("too short" in done.stderr and done.returncode == 1, done.stderr[-200:])
        drill.need("Traceback" not in done.stderr, "a traceback for a broken secret")
        (drill.data / "secret").write_text("x" * 64)
        found = [one for one in in_child(unsound) if not one.startswith("free space")]
        drill.need(not found, f"{found}")
        return {"taken": 3, "reads": "200", "answers": "/".join(map(str, answers))}


def _read(drill: Drill, ids: dict[str, int], what: str) -> None:
    for path in ("/", f"/threads/{ids['barrier']}.flood-barrier", "/members"):
        status = drill.get(path)[0]
        drill.need(status == 200, f"{what}: {path} is answered {status}")
