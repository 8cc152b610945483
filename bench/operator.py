"""What an operator does: unpacks the corpora and runs `rostra` in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from bench.corpora.convert import CORPORA, write_archive

TARS = {
    "ng20": ("usenet", "ng20/ng20-dev.tar.xz"),
    "r_sig_mac_mbox": ("usenet", "r_sig_mac_mbox/r-sig-mac-dev.tar.xz"),
    "urho3d_discourse": ("discourse", "urho3d_discourse/urho3d-topics-dev.tar.xz"),
}
NAMES = (*TARS, *CORPORA)


class Corpus(NamedTuple):
    """A corpus that is ready to be imported: by which command, from where."""

    name: str
    kind: str
    path: Path


class Finished(NamedTuple):
    """A command that ended: what it printed, and the most memory it took, in MB."""

    code: int
    out: str
    err: str
    seconds: float
    main_mb: float
    worker_mb: float


def unpack(name: str, data: Path, folder: Path) -> Corpus:
    """Unpack a corpus, or convert it into an archive, under a folder outside the project."""
    target = folder / name
    if name in CORPORA:
        write_archive(CORPORA[name](data / "data" / name), target, f"corpora/{name}")
        return Corpus(name, "archive", target)
    kind, file = TARS[name]
    with tarfile.open(data / "data" / file) as tar:
        tar.extractall(target, filter="data")
    return Corpus(name, kind, target)


class Forum:
    """A forum in a folder of its own; PostgreSQL where DATABASE_URL names one."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.environment = {
            **os.environ,
            "ROSTRA_DATA": str(folder),
            "ROSTRA_BASE_URL": "http://localhost:8000",
            **environment,
        }
        self.environment.pop("DJANGO_SETTINGS_MODULE", None)
        self.run("manage", "migrate", "--verbosity", "0")

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        """Start `rostra` with these words."""
        return subprocess.Popen(
            [sys.executable, "-m", "rostra.project.cli", *map(str, words)],
            env=self.environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str | Path) -> Finished:
        """Run `rostra` with these words to its end, watching how much memory it takes."""
        started = time.monotonic()
        process = self.start(*words)
        peaks: dict[int, int] = {}
        is_over = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, peaks, is_over))
        watcher.start()
        out, err = process.communicate()
        is_over.set()
        watcher.join()
        main = peaks.pop(process.pid, 0)
        worker = max(peaks.values(), default=0)
        seconds = time.monotonic() - started
        return Finished(process.returncode, out, err, seconds, main / 1024, worker / 1024)

    def bring_in(self, corpus: Corpus, *words: str) -> Finished:
        """Import a corpus, printing the report as JSON."""
        return self.run("import", corpus.kind, corpus.path, "--quiet", "--json", *words)


def _watch(main: int, peaks: dict[int, int], is_over: threading.Event) -> None:
    """Keep the most memory of a process and of all that it started, until told to stop."""
    while not is_over.wait(0.3):
        for process in family(main):
            try:
                status = Path(f"/proc/{process}/status").read_text()
            except OSError:
                continue
            for line in status.splitlines():
                if line.startswith("VmHWM:"):
                    peaks[process] = max(peaks.get(process, 0), int(line.split()[1]))


def family(main: int) -> list[int]:
    """Return the process and all that it started, and they."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    found = [main]
    for process in found:
        found += [child for child, parent in parents.items() if parent == process]
    return found
