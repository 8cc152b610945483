"""Answers that never arrive: whoever sends a form again is given the post that came of it."""

from __future__ import annotations

import re
import secrets
import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest

from tests.acceptance.beginnings import CAST, begin
from tests.acceptance.operating import run, serving

pytestmark = pytest.mark.django_db  # also for the PostgreSQL run; the forum is one of its own
AT_ONCE = 6
SIGNED_IN = """
from django.conf import settings
from django.test import Client
from rostra.forum.members.models import Member
client = Client()
client.force_login(Member.objects.get(name="Quay"))
print(client.cookies[settings.SESSION_COOKIE_NAME].OutputString().partition(";")[0])
"""
POSTS = """
from rostra.forum.threads.models import Post
print(*sorted(Post.objects.filter(source__startswith="Lost ").values_list("source", flat=True)), sep="|")
"""


class Client:
    """Sends forms; where it is told to, it hangs up before it has read the answer."""

    def __init__(self, base: str, cookie: str) -> None:
        self.base, self.secret = base, secrets.token_hex(16)
        self.cookie = f"{cookie}; csrf={self.secret}"

    def send(self, path: str, hangs_up: str = "", **form: str) -> str:
        """Return the answer; hangs_up: "at once", or "once answered" (and the post is written)."""
        body = urlencode({"csrfmiddlewaretoken": self.secret, **form}).encode()
        where = urlsplit(self.base)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {where.netloc}\r\nOrigin: {self.base}\r\n"
            f"Cookie: {self.cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        with socket.create_connection((where.hostname, where.port), timeout=60) as line:
            line.sendall(head.encode() + body)
            if hangs_up == "once answered":
                line.recv(1, socket.MSG_PEEK)
            if hangs_up:
                return ""
            return b"".join(iter(lambda: line.recv(65536), b"")).decode()

    def send_again(self, path: str, number: int) -> str:
        """Send a form twice, the first time to no answer; return where the second leads to."""
        form = {"key": secrets.token_hex(16), "source": f"Lost {number:04}", "seen": "9999"}
        self.send(path, "at once" if number % 2 else "once answered", **form)
        while (answer := self.send(path, **form)).startswith("HTTP/1.1 503"):
            pass  # too many bodies at once are put off
        assert answer.startswith("HTTP/1.1 303"), answer[:300]
        return re.search(r"(?i)^location: (\S+)", answer, re.M)[1]


@pytest.mark.postgresql_by_night
@pytest.mark.parametrize("forms", [60, pytest.param(1_000, marks=pytest.mark.nightly)])
def test_an_answer_that_is_lost_is_no_second_post(environ, forms):
    """REL-012: cut after the commit, or at any moment before it."""
    address = begin(environ, CAST).strip()
    cookie = run(SIGNED_IN, environ).strip()
    environ |= {"ROSTRA_WORKERS": "2", "ROSTRA_REQUESTS_PER_MINUTE": "100000"}
    with serving(environ, "--no-jobs"):
        client = Client(environ["ROSTRA_BASE_URL"], cookie)
        path = f"{address.partition('.')[0]}/reply"
        with ThreadPoolExecutor(AT_ONCE) as pool:
            led = list(pool.map(lambda number: client.send_again(path, number), range(forms)))
    assert len(set(led)) == forms
    assert run(POSTS, environ).strip().split("|") == [f"Lost {n:04}" for n in range(forms)]
