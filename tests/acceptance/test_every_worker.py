"""What guests see is never older than the last change, whichever worker answers (SEC-052, SEC-113)."""

from __future__ import annotations

import subprocess
import urllib.request

import pytest

from tests.acceptance.beginnings import CAST, begin
from tests.acceptance.operating import ROSTRA, serving

ROUNDS, ASKED = 15, 6
ACT = """
import sys
from rostra.forum.members.models import Member
from rostra.forum.members.queries import account_for
from rostra.forum.access.queries import viewer_for
from rostra.forum.threads.actions.posts import post_reply, remove_post
from rostra.forum.threads.models import Thread
def view(name):
    return viewer_for(account_for(Member.objects.get(name=name).pk))
quay, mod = view("Quay"), view("Mod Ferris")
thread_id = Thread.objects.get(title="Flood barrier").pk
for line in sys.stdin:
    if line.startswith("post"):
        kept = post_reply(quay, thread_id, line.split()[1])
    else:
        remove_post(mod, kept.pk, "One in two goes, for the test.")
    print("done", flush=True)
"""


@pytest.fixture
def served(environ):
    """A forum with two workers: the address of its thread, and its environment."""
    path = begin(environ, CAST)
    environ["ROSTRA_WORKERS"] = "2"
    with serving(environ, "--no-jobs"):
        yield environ["ROSTRA_BASE_URL"] + path, environ


@pytest.mark.django_db  # marks it for the PostgreSQL run; the forum is one of its own
@pytest.mark.postgresql_by_night
def test_every_worker_shows_a_change_with_its_next_answer(served):
    address, environ = served
    with subprocess.Popen(
        [*ROSTRA, "manage", "shell", "-v0", "-c", ACT],
        env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as writer:  # fmt: skip
        for number in range(ROUNDS):
            word = f"canary-{number}-"
            assert word not in _page(address)
            _tell(writer, f"post {word}")
            assert [word in _page(address) for _ in range(ASKED)] == [True] * ASKED
            _tell(writer, "remove")
            assert [word in _page(address) for _ in range(ASKED)] == [False] * ASKED
        writer.stdin.close()


def _tell(writer, line):
    writer.stdin.write(f"{line}\n")
    writer.stdin.flush()
    assert writer.stdout.readline() == "done\n"


def _page(address):
    with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 (ours)
        return answer.read().decode()
