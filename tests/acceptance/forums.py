"""Forums of their own for the tests that run whole commands: a folder, or a new database as well."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.beginnings import SERVER, environment, new_database

IS_POSTGRESQL = bool(SERVER)

PAGES = """
import re
from django.test import Client
web = Client(HTTP_HOST="localhost:8000")
waiting, seen, statuses = ["/", "/members", "/moderation-log", "/whats-new"], set(), set()
while waiting and len(seen) < 200:
    path = waiting.pop(0)
    answer = web.get(path)
    seen.add(path)
    statuses.add(answer.status_code)
    found = re.findall(r'href="(/(?:threads|boards|members|posts)/[^"#?]+)', answer.content.decode())
    waiting += [other for other in dict.fromkeys(found) if other not in seen | set(waiting)]
print(len(seen) > 15 and statuses - {301, 302})
"""


@dataclass
class Forum:
    """A forum: where it is and how its commands are run."""

    folder: Path
    environ: dict[str, str]

    @property
    def data(self) -> Path:
        return self.folder / "var"

    def start(self, *words: str, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "rostra.project.cli", *words],
            env=self.environ | more, cwd=self.folder,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*words, **more)
        out, err = process.communicate(timeout=240)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def rostra(self, *words: str, **more: str) -> str:
        done = self.run(*words, **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def shell(self, code: str) -> str:
        return self.rostra("manage", "shell", "-v0", "-c", code).strip()

    def pages(self) -> str:
        """Return the statuses that its pages answer with."""
        return self.shell(PAGES)

    def digest(self) -> dict[str, object]:
        """Return what its whole content adds up to, from an archive of it."""
        import json
        import shutil

        place = self.folder / "archive"
        shutil.rmtree(place, ignore_errors=True)
        self.rostra("export", "archive", str(place), "--quiet")
        found: dict[str, object] = json.loads((place / "archive.json").read_text())["files"]
        return found


def new_forum(folder: Path, name: str) -> Forum:
    """Return a place for a forum: nothing is there yet."""
    folder.mkdir(exist_ok=True)
    environ = environment(folder / "var")
    if IS_POSTGRESQL:
        environ["DATABASE_URL"] = new_database(f"{name}_{os.getpid()}_{secrets.token_hex(4)}")
    return Forum(folder, environ)
