"""Hostile publishers: what never ends, grows without end or leads inside holds up nobody."""

from __future__ import annotations

import gzip
import json
import time
import urllib.request
from contextlib import suppress
from functools import cache

import pytest

from tests.forum.documents.press import Press
from tests.journeys.conftest import served
from tests.journeys.test_documents import NAMES
from tests.journeys.test_told import PEOPLE, speak

pytestmark = pytest.mark.long
STATE = """
import json
from django.utils import timezone
from datetime import timedelta
from rostra.forum.documents.models import Document
from rostra.kernel.models import Job
due = Job.objects.filter(done_at=None, run_at__lte=timezone.now() - timedelta(seconds=5))
print(json.dumps({
    "documents": dict(Document.objects.values_list("publisher__domain", "state")),
    "overdue": due.exclude(name__endswith="read_document").count(),
    "dead": due.filter(is_dead=True).count(),
}))
"""


def drip(handler):
    """Send a byte a second for ever."""
    handler.send_response(200)
    handler.end_headers()
    with suppress(OSError):
        while True:
            handler.wfile.write(b"<")
            time.sleep(1)


@cache
def packed():
    """Return a fifth of a gigabyte in a megabyte."""
    return gzip.compress(b"<b>" * 70_000_000, 1)


def bomb(handler):
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.end_headers()
    with suppress(OSError):
        handler.wfile.write(packed())


def test_sec_040_041_042_the_forum_answers_while_pages_are_read(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(NAMES)
    press = Press()
    press.pages = {"/drip": drip, "/bomb": bomb}
    press.put("/inside", b"", status=302, kind="http://169.254.169.254/latest/meta-data/")
    press.put("/round", b"", status=302, kind="/round")
    wanted = {"one.example": "drip", "two.example": "drip", "three.example": "bomb",
              "four.example": "inside", "five.example": "round"}  # fmt: skip
    with served(
        tmp_path, "hostile_publishers", PYTHONPATH=str(tmp_path), ROSTRA_FETCH_LINKS="on",
        ROSTRA_REACH_INSIDE="127.0.0.0/8",
    ) as site:  # fmt: skip

        def state():
            told = json.loads(site.rostra("manage", "shell", "-v0", "-c", STATE))
            ours = {name: told["documents"].get(name) for name in wanted}
            return {**told, "documents": ours}  # the demo's own posts lead to pages, too

        site.rostra("manage", "shell", "-v0", "-c", PEOPLE, stdin="Gro Vik")
        links = [press.url(f"/{path}", host) for host, path in wanted.items()]
        speak(site, "Gro Vik", "What shall the new ferry be called?", "\n\n".join(links))
        until = time.monotonic() + 60
        while not press.asked and time.monotonic() < until:
            time.sleep(0.1)
        took = []
        for _ in range(5):
            began = time.monotonic()
            with urllib.request.urlopen(f"{site.url}/whats-new") as answer:  # noqa: S310 (our own)
                assert answer.status == 200
            took.append(time.monotonic() - began)
        assert sorted(took)[2] < 2
        assert state()["overdue"] == 0  # nothing else waits meanwhile
        found = state()
        while set(found["documents"].values()) != {"closed"} and time.monotonic() < until:
            time.sleep(0.5)
            found = state()
    press.close()
    assert found == {"documents": dict.fromkeys(wanted, "closed"), "overdue": 0, "dead": 0}
    assert [path for path, _ in press.asked].count("/round") == 4
