"""REL-022: the disk fills up while people write, and becomes free again."""

from __future__ import annotations

import http.cookiejar
import os
import re
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from bench.faults.place import Drill, Unfit, child, close_all, ended, in_child, unsound

TYPED = "ar-typed-by-a-member"


def run(drill: Drill) -> dict[str, Any]:
    """Fill the disk and empty it again, round after round."""
    with _small_disk(drill, 80):
        ids = drill.set_up()
        statuses: dict[int, int] = {}
        slowest, refused = 0.0, 0
        with drill.serving("--no-jobs"):
            member = _Member(drill)
            drill.need(member.save("20")[0] in (200, 303), "cannot write even on an empty disk")
            for _ in range(drill.rounds):
                filler = drill.data / "filler"
                _fill(filler)
                drill.need(child_fails(ids), "a full disk takes posts")
                _fill(filler)
                status, page = member.save("50")
                statuses[status] = statuses.get(status, 0) + 1
                refused += 1
                drill.need(status in (503, 507), f"a write on a full disk is answered {status}")
                drill.need(TYPED in page, "what was typed is not in the page")
                for path in ("/", f"/threads/{ids['barrier']}.flood-barrier", "/members"):
                    drill.need(member.get(path)[0] == 200, f"{path} cannot be read")
                told = drill.rostra("doctor")
                drill.need(
                    "free space" in told.stdout,
                    f"doctor does not tell: {told.stdout}{told.stderr[-200:]}",
                )
                filler.unlink()
                began = time.monotonic()
                while member.save("20")[0] not in (200, 303):
                    drill.need(time.monotonic() - began < 10, "it does not heal in 10 seconds")
                    time.sleep(0.1)
                slowest = max(slowest, time.monotonic() - began)
        found = [one for one in in_child(unsound) if not one.startswith("free space")]
        drill.need(not found, f"{found}")
        close_all()
        return {"rounds": drill.rounds, "answers": "/".join(map(str, statuses)), "reads": "200",
                "typed": "kept", "healed_s": f"{slowest:.1f}", "refused": refused}  # fmt: skip


def child_fails(ids: dict[str, int]) -> bool:
    """Write until there is no room: it ends with an error, and nothing of half is left."""
    return ended(child(_write_until_full, ids)) == 0


def _write_until_full(ids: dict[str, int]) -> None:
    from bench.faults.work import Client
    from django.db import OperationalError

    out = os.open(os.devnull, os.O_WRONLY)
    client = Client("full", ids, 1, lambda line: os.write(out, line.encode()))
    with suppress(OperationalError):
        for _ in range(3000):
            client.act()
        raise AssertionError("never full")


def _fill(path: Any) -> None:
    """Take all the room there is."""
    with path.open("ab", buffering=0) as file:
        for size in (2**20, 4096, 512):
            with suppress(OSError):
                while True:
                    file.write(bytes(size))


@contextmanager
def _small_disk(drill: Drill, megabytes: int) -> Iterator[None]:
    drill.data.mkdir(parents=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(drill.data)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        raise Unfit("this machine lets nobody mount a small disk: run it as root")
    try:
        yield
    finally:
        os.chdir("/")
        subprocess.run(["umount", "-l", str(drill.data)], check=False)


class _Member:
    """A member with a browser's cookies, who saves how they read."""

    def __init__(self, drill: Drill) -> None:
        self.drill = drill
        self.web = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
        from tests.cast import PASSWORD

        status, page = self.get("/account/login")
        assert status == 200, page[:200]
        status, page = self.send("/account/login", {"login": "Quay", "password": PASSWORD}, page)
        drill.need(status == 200, f"cannot log in: {status}")
        self.form = self.get("/account/reading")[1]

    def save(self, per_page: str) -> tuple[int, str]:
        """Send the form with its choice and some words."""
        words = {"language": "en", "per_page": per_page, "note": TYPED}
        return self.send("/account/reading", words, self.form)

    def get(self, path: str) -> tuple[int, str]:
        return self._ask(path, None)

    def send(self, path: str, words: dict[str, str], page: str) -> tuple[int, str]:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        token = {"csrfmiddlewaretoken": found[1]} if found else {}
        return self._ask(path, urllib.parse.urlencode(words | token).encode())

    def _ask(self, path: str, data: bytes | None) -> tuple[int, str]:
        address = f"http://localhost:{self.drill.port}{path}"
        try:
            with self.web.open(address, data, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
