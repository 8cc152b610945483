"""What guests see is never older than the last change, whichever worker answers (SEC-052, SEC-113)."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.request

import pytest

from tests.acceptance.operating import run

ROUNDS, ASKED = 15, 6
SET_UP = """
from tests.cast import assemble
cast = assemble()
print(f"/threads/{cast.barrier.pk}.flood-barrier")
"""
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
    """A forum with two workers: its address, and the thread's."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    environ |= {
        "ROSTRA_LISTEN": f"127.0.0.1:{port}",
        "ROSTRA_BASE_URL": f"http://localhost:{port}",
        "ROSTRA_WORKERS": "2",
        "ROSTRA_LOG_LEVEL": "info",
    }
    subprocess.run(
        [sys.executable, "-m", "rostra.project.cli", "manage", "migrate", "-v0"],
        env=environ, check=True,
    )  # fmt: skip
    path = run(SET_UP, environ)
    with subprocess.Popen(
        [sys.executable, "-m", "rostra.project.cli", "serve", "--no-jobs"],
        env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as server:  # fmt: skip
        assert server.stdout is not None
        started = 0
        for line in server.stdout:
            started += "Started worker" in line
            if started == 2:
                break
        yield f"http://localhost:{port}{path}", environ
        server.terminate()


@pytest.mark.django_db  # marks it for the PostgreSQL run; the forum is one of its own
def test_every_worker_shows_a_change_with_its_next_answer(served):
    address, environ = served
    with subprocess.Popen(
        [sys.executable, "-m", "rostra.project.cli", "manage", "shell", "-v0", "-c", ACT],
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
