"""REL-021: two servers on one folder, a linked database, a network disk, a fork, files copied."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from typing import Any

from bench.faults.place import Drill, child, close_all, ended, in_child, unsound
from bench.faults.work import keep_writing


def run(drill: Drill) -> dict[str, Any]:
    """Try each; every refusal must say what is wrong, and nothing may be harmed by it."""
    from rostra.kernel import disks

    ids = drill.set_up()
    with drill.serving("--no-jobs") as (server, _):
        second = drill.rostra("serve")
        drill.need(
            second.returncode == 1 and f"(process {server.pid})" in second.stderr,
            f"a second server: {second.stderr[-200:]}",
        )
        drill.need(drill.get("/")[0] == 200, "the first server was harmed by the second")

    elsewhere = drill.folder / "linked"
    elsewhere.mkdir()
    (elsewhere / "rostra.sqlite3").symlink_to(drill.data / "rostra.sqlite3")
    linked = drill.rostra("doctor", env=os.environ | {"ROSTRA_DATA": str(elsewhere)})
    drill.need(
        linked.returncode == 1 and "link" in linked.stderr, f"a link: {linked.stderr[-200:]}"
    )
    drill.need("Traceback" not in linked.stderr, "a traceback instead of words")

    table = "30 1 0:2 / / rw - ext4 /dev/vda rw\n31 30 0:50 / {} rw - {} there rw\n"
    for kind in ("nfs4", "cifs", "fuse.sshfs"):
        told = disks.network_kind(drill.data, table.format(drill.data, kind))
        drill.need(told == kind, f"{kind} is not known")
    drill.need(disks.network_kind(drill.data, table.format("/mnt", "nfs4")) is None, "wrong disk")

    def in_two() -> list[str]:
        """A child of a process with open connections writes, and so does its parent."""
        from rostra.kernel import dialect

        dialect.rows("SELECT 1")
        out = os.open(os.devnull, os.O_WRONLY)
        number = child(keep_writing, "child", ids, 1, out, 1, 10)
        keep_writing("parent", ids, 2, out, 1, 10)
        return [] if ended(number) == 0 else ["the child failed"]

    forked = in_child(in_two) + in_child(unsound)
    drill.need(not forked, f"a fork: {forked}")

    out = os.open(os.devnull, os.O_WRONLY)
    writer = child(keep_writing, "busy", ids, 3, out, 1, 30)
    copied = 0
    for number in range(5):  # `cp` of live files: what is found damaged is told, never served
        place = drill.folder / f"copy{number}"
        place.mkdir()
        for name in ("rostra.sqlite3", "rostra.sqlite3-wal"):
            if (drill.data / name).exists():
                shutil.copy(drill.data / name, place / name)
        with (
            closing(sqlite3.connect(place / "rostra.sqlite3")) as copy,
            suppress(sqlite3.DatabaseError),
        ):
            copied += copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    drill.need(ended(writer) == 0, "the writer failed")
    close_all()
    return {"refused": 3, "kinds": 3, "forks": 1, "cp_whole_of_5": copied}
