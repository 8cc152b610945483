"""`rostra serve` as its operator knows it: asked how it is, restarted, stopped, handed a socket."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

import pytest

from tests.acceptance.operating import free_port, log_of, serving

# Also for PostgreSQL; the forum is one of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.postgresql_by_night]


def ask(environ, path, **headers):
    request = urllib.request.Request(environ["ROSTRA_BASE_URL"] + path, headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


PAUSE = 0.005  # seconds: who asks leaves the processor to who answers


class Readers:
    """Readers who ask again at once, half of them on connections they keep."""

    def __init__(self, environ, number):
        self.port = int(environ["ROSTRA_LISTEN"].rpartition(":")[2])
        self.seen = Counter()
        self.is_over = threading.Event()
        self.threads = [
            threading.Thread(target=self._read, args=(bool(n % 2),)) for n in range(number)
        ]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def _read(self, is_kept):
        connection = None
        while not self.is_over.is_set():
            try:
                if connection is None:
                    connection = http.client.HTTPConnection("localhost", self.port, timeout=60)
                connection.request("GET", "/", headers={} if is_kept else {"Connection": "close"})
                answer = connection.getresponse()
                answer.read()
                self.seen[answer.status] += 1
                self.is_over.wait(PAUSE)
                if not is_kept or answer.getheader("Connection") == "close":
                    connection.close()
                    connection = None
            except OSError as error:
                self.seen[repr(error)] += 1
                connection.close()
                connection = None
        if connection is not None:
            connection.close()


def living(family):
    """Return the processes of a group that still run, those aside that only wait to be buried."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(group) == family and state != "Z":
            found.append(folder.name)
    return found


def said(environ, words, timeout=60):
    """Wait until the server has said something."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        with open(log_of(environ)) as log:
            text = log.read()
        if words in text:
            return
        time.sleep(0.05)  # asks a file; nothing tells when it grows
    raise AssertionError(text)


def test_workers_are_replaced_without_a_failed_request(begun):
    """REL-028 on one node: SIGHUP while readers ask."""
    begun |= {"ROSTRA_WORKERS": "2", "ROSTRA_LOG_LEVEL": "info"}
    with serving(begun) as server, Readers(begun, 6) as readers:
        server.send_signal(signal.SIGHUP)
        said(begun, "Stopped old worker-2")
    assert set(readers.seen) == {200}
    assert readers.seen[200] > 100


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_socket_handed_over_outlives_the_server(begun, workers):
    """REL-028: stopped and started anew on systemd's socket; who asks meanwhile waits, not fails.

    It is stopped as soon as one worker answers: the other is still starting then.
    """
    begun["ROSTRA_WORKERS"] = workers
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        begun["ROSTRA_LISTEN"] = f"127.0.0.1:{listener.getsockname()[1]}"
        with Readers(begun, 4) as readers:
            for _ in range(3):
                with serving(begun, listener=listener):
                    pass
            # Who still waits when the last one has ended is answered by one more.
            readers.is_over.set()
            with serving(begun, listener=listener):
                for thread in readers.threads:
                    thread.join()
    assert set(readers.seen) == {200}


def test_what_was_begun_is_answered_and_nothing_is_left_behind(begun):
    with serving(begun) as server:
        family = server.pid
        port = int(begun["ROSTRA_LISTEN"].rpartition(":")[2])
        begun = http.client.HTTPConnection("localhost", port, timeout=60)
        begun.request("GET", "/health/live")  # answered: a worker has this connection
        assert begun.getresponse().read() == b"ok\n"
        begun.putrequest("POST", "/account/login")
        begun.putheader("Content-Type", "application/x-www-form-urlencoded")
        begun.putheader("Content-Length", "9")
        begun.endheaders()
        begun.send(b"login")
        server.terminate()
        begun.send(b"=abc")
        assert begun.getresponse().status == 403  # no token: but answered
        begun.close()
        assert server.wait(60) == 0
    end = time.monotonic() + 20
    while left := living(family):
        assert time.monotonic() < end, left


def test_health_and_figures(environ):
    """SEC-114: one word in public; figures on an address of their own."""
    figures = free_port()
    environ |= {"ROSTRA_METRICS_LISTEN": f"127.0.0.1:{figures}", "ROSTRA_WORKERS": "2"}
    with serving(environ):
        assert ask(environ, "/health/live")[::2] == (200, "ok\n")
        assert ask(environ, "/health/ready", Host="10.0.0.7")[::2] == (200, "ok\n")
        assert ask(environ, "/health/")[0] == 404
        for _ in range(3):
            ask(environ, "/whats-new")
        assert ask(environ, "/metrics")[0] == 404
        text = urllib.request.urlopen(f"http://127.0.0.1:{figures}/metrics", timeout=30).read()
    found = dict(line.rsplit(" ", 1) for line in text.decode().splitlines() if line[0] != "#")
    news = [float(value) for name, value in found.items()
            if name.startswith("rostra_requests_total") and 'status="2xx"' in name
            and ('"kept"' in name or '"whats-new"' in name)]  # fmt: skip
    assert sum(news) == 3
    assert found["rostra_database_up"] == "1.0"
    assert float(found["rostra_jobs_dead"]) == 0
    assert float(found["rostra_disk_free_bytes"]) > 0


def test_lines_are_objects_with_the_number_the_answer_bears(begun):
    """SEC-112: no query, no title, no token in a line; one line, whatever was sent."""
    begun |= {
        "ROSTRA_LOG_REQUESTS": "all", "ROSTRA_LOG_FORMAT": "json", "ROSTRA_LOG_LEVEL": "info",
    }  # fmt: skip
    with serving(begun, "--no-jobs"):
        _, headers, _ = ask(begun, "/setup/sEcReT-tOkEn?next=hidden-query")
        ask(begun, "/threads/12.hidden-title")
        ask(begun, "/x%0D%0A2026-01-01%20ERROR%20forged%1B[31m")
    with open(log_of(begun)) as log:
        text = log.read()
    for secret in ("sEcReT", "hidden"):
        assert secret not in text.replace(begun["ROSTRA_DATA"], "")
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    about = [line for line in lines if line["logger"] == "rostra.web.request_log"]
    assert [line["message"] for line in about[-3:]] == [
        "GET /setup/…",
        "GET /threads/12",
        "GET /x\\r\\n2026-01-01 ERROR forged\\x1b[31m",
    ]
    assert about[-3]["request_id"] == headers["X-Request-ID"]
    assert about[-3]["network"] == "127.0.0.0/24"
