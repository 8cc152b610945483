"""Where files lie and how much room there is."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

# Locks, and memory shared by processes, are not to be relied upon over a network.
OVER_NETWORKS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "9p", "davfs",
     "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.rclone", "fuse.s3fs", "fuse.davfs2",
     "fuse.gcsfuse", "fuse.smbnetfs", "fuse.curlftpfs", "fuse.nfs"}
)  # fmt: skip
SHARE, BYTES, LAST_BYTES = 0.10, 2**30, 64 * 2**20


class Room(NamedTuple):
    """Bytes of a disk: free, and in all."""

    free: int
    size: int

    @property
    def is_scarce(self) -> bool:
        """Whether it is time to make room: less than a tenth is free, or than a gigabyte."""
        return self.is_low or self.free < SHARE * self.size

    @property
    def is_low(self) -> bool:
        """Whether less than a gigabyte is free: on a small disk, less than a tenth."""
        return self.free < min(BYTES, SHARE * self.size)

    @property
    def is_at_its_end(self) -> bool:
        """Whether writing may fail at any moment: less than 64 megabytes are free."""
        return self.free < LAST_BYTES


def room(folder: Path) -> Room:
    """Return how much room there is where a folder lies."""
    usage = shutil.disk_usage(folder)
    return Room(usage.free, usage.total)


def network_kind(path: Path, mounts: str | None = None) -> str | None:
    """Return the kind of the network disk that a path lies on; None for a disk of this machine.

    mounts: what the system says of all disks, in the form of /proc/self/mountinfo.
    """
    if mounts is None:
        try:
            mounts = Path("/proc/self/mountinfo").read_text()
        except OSError:
            return None
    whole, best, kind = path.resolve(), -1, ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        place = Path(fields[4].replace("\\040", " "))
        if whole.is_relative_to(place) and len(place.parts) >= best:
            best, kind = len(place.parts), after.split()[0]
    return kind if kind in OVER_NETWORKS else None


def unfit_for_sqlite(database: Path) -> str | None:
    """Return in a sentence why SQLite cannot be trusted with this file; None where it can."""
    if database.is_symlink():
        return (
            f"{database} is a link: two forums could write to one database without knowing it. "
            "Put the file itself there, or make the whole data folder a link"
        )
    kind = network_kind(database.parent)
    if kind is not None:
        return (
            f"{database.parent} lies on a network disk ({kind}), where SQLite loses data: "
            "put the data folder on a disk of this machine, or use PostgreSQL (database_url)"
        )
    return None


def lay_by(path: Path, size: int) -> None:
    """Keep so many bytes for bad days, unless they are kept already or the disk is too full."""
    with suppress(OSError):
        if path.exists() or room(path.parent).free < 4 * size:
            return
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.posix_fallocate(file, 0, size)
        except OSError:
            os.unlink(path)
            raise
        finally:
            os.close(file)
