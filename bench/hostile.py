"""What hostile pictures and pages cost all others: python -m bench.hostile [--seconds S].

A forum of its own is served with one worker, links read and other sites' pictures shown, while it
is asked for pages all the time. First nothing happens; then two members upload a PNG of 13,000 by
13,000 pixels, a GIF of 10,000 frames and half a gigabyte in gzip, over and over; then posts lead to
a server that sends a byte a second, a bomb, redirects in a circle and inside (SEC-034, SEC-040 to
042), as pages and as pictures. Prints what the pages took meanwhile, and what became of all that;
ends with 1 where something was taken, or held longer than its limits allow.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import statistics
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bench.operator import family
from tests.acceptance.operating import ROSTRA, run, serving
from tests.pictures import gif_of, png_of

from rostra.kernel.http import SECONDS

NAMES = """
import socket
look_up = socket.getaddrinfo
def found(host, *words, **more):
    return look_up("127.0.0.1" if str(host).endswith(".example") else host, *words, **more)
socket.getaddrinfo = found
"""
SET_UP = """
from tests.cast import assemble
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from rostra.forum.members.sessions import SessionStore
cast = assemble()
for one in (cast.quay, cast.hill):
    session = SessionStore()
    session[SESSION_KEY] = str(one.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = one.get_session_auth_hash()
    session._session_key = f"{one.pk:032d}"
    session.save(must_create=True)
print(cast.quay.pk, cast.hill.pk, cast.barrier.pk)
"""
STATE = """
import json
from rostra.content.media.models import RemotePicture, Upload
from rostra.forum.documents.models import Document
from rostra.kernel import jobs
print(json.dumps({
    "documents": dict(Document.objects.values_list("url", "state")),
    "pictures": dict(RemotePicture.objects.values_list("url", "state")),
    "uploads": Upload.objects.count(), **jobs.waiting(),
}))
"""
POST = """
from rostra.forum.access.queries import viewer_for
from rostra.forum.members.queries import account_for
from rostra.forum.threads.actions.posts import post_reply
for words in {words!r}:
    post_reply(viewer_for(account_for({member})), {thread}, words)
"""
# Said of a picture or a page that could not be had; what may be there later still waits.
REFUSED = frozenset({"closed", "none", "wanted"})


type Page = tuple[int, str, bytes] | Callable[[BaseHTTPRequestHandler], None]


class Trap:
    """A server to be afraid of; notes how long each request of its holds whoever asked."""

    def __init__(self) -> None:
        self.held: list[tuple[str, float, int]] = []  # what, seconds, bytes that were taken
        self.asked: Counter[str] = Counter()
        self.pages: dict[str, Page] = {}
        bomb = gzip.compress(b"<b>" * 170_000_000, 1)
        for ending in ("", ".png"):
            self.pages |= {
                f"/drip{ending}": self._holding("a byte a second", _drip),
                f"/never{ending}": self._holding("no answer", _wait),
                f"/bomb{ending}": self._holding(
                    "510 MB in gzip", lambda handler: _send(handler, bomb, "gzip")
                ),
                f"/round{ending}": (302, f"/round{ending}", b""),
                f"/inside{ending}": (302, "http://169.254.169.254/latest/", b""),
                f"/private{ending}": (302, "http://10.0.0.1/", b""),
            }
        self.pages["/huge.png"] = 200, "image/png", png_of(13_000, 13_000)
        self.pages["/frames.png"] = 200, "image/png", gif_of(10_000)
        trap = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                trap.asked[self.path] += 1
                page = trap.pages.get(self.path, (404, "text/html", b""))
                if callable(page):
                    page(self)
                    return
                status, kind, body = page
                self.send_response(status)
                self.send_header("Location" if status == 302 else "Content-Type", kind)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path: str, host: str) -> str:
        """Return the address of something here under a name of its own."""
        return f"http://{host}:{self.server.server_address[1]}{path}"

    def _holding(self, what: str, work: Any) -> Any:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            began, sent = time.monotonic(), 0
            with suppress(OSError):
                sent = work(handler) or 0
            self.held.append((what, time.monotonic() - began, sent))

        return answer


class Visitor(threading.Thread):
    """Asks for pages, one after another, until told to stop; notes how long each took."""

    def __init__(self, host: str, pages: dict[str, tuple[str, str]]) -> None:
        super().__init__(daemon=True)
        self.host, self.pages, self.phase = host, pages, ""
        self.took: dict[str, list[float]] = {}
        self.failed: Counter[str] = Counter()
        self.is_over = threading.Event()

    def run(self) -> None:
        connection = http.client.HTTPConnection(self.host, timeout=60)
        while not self.is_over.wait(0.02):
            for name, (path, cookie) in self.pages.items():
                phase, began = self.phase, time.perf_counter()
                connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
                answer = connection.getresponse()
                answer.read()
                took = (time.perf_counter() - began) * 1000
                if phase:
                    self.took.setdefault(f"{phase}: {name}", []).append(took)
                    self.failed[f"{phase}: {name}"] += answer.status != 200


def main() -> None:
    """Measure, and print; ends with 1 where something was not refused within its limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20)
    seconds = parser.parse_args().seconds
    trap = Trap()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "sitecustomize.py").write_text(NAMES)
        environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{folder}:{os.getcwd()}",
            "ROSTRA_DATA": str(Path(folder) / "var"),
            "ROSTRA_LOG_LEVEL": "error",
            "ROSTRA_REQUESTS_PER_MINUTE": "1000000",
            "ROSTRA_GUESTS_WAIT": "off",
            "ROSTRA_POSTING_LIMITS": "off",
            "ROSTRA_FETCH_LINKS": "on",
            "ROSTRA_REMOTE_IMAGES": "proxy",
            "ROSTRA_REACH_INSIDE": "127.0.0.0/8",
        }
        subprocess.run([*ROSTRA, "manage", "migrate", "-v0"], env=environ, check=True)
        *members, thread = map(int, run(SET_UP, environ).split())
        with serving(environ) as server:
            is_well = _measure(environ, server.pid, trap, members, thread, seconds)
    raise SystemExit(not is_well)


def _measure(
    environ: dict[str, str], server: int, trap: Trap, members: list[int], thread: int, seconds: int
) -> bool:
    host = environ["ROSTRA_BASE_URL"].partition("://")[2]
    pages = {
        "guest, kept": (f"/threads/{thread}.x", ""),
        "guest, news": ("/whats-new", ""),
        "member": (f"/threads/{thread}.x", _cookie(members[0])),
    }
    # The slug that a page is kept under is the one it redirects to.
    connection = http.client.HTTPConnection(host, timeout=60)
    connection.request("GET", f"/threads/{thread}.x")
    at = connection.getresponse().headers["Location"]
    pages = {
        name: (at if path.endswith(".x") else path, who) for name, (path, who) in pages.items()
    }
    visitor = Visitor(host, pages)
    visitor.start()
    time.sleep(2)
    visitor.phase = "nothing happens"
    time.sleep(seconds)
    visitor.phase = "hostile uploads"
    said = _upload(host, members, seconds)
    visitor.phase = "hostile pages"
    began = time.monotonic()
    hosts = iter(f"h{n}.example" for n in range(100))
    links = [trap.url(path, next(hosts)) for path in trap.pages]
    words = [f"![x]({link})" if link.endswith(".png") else link for link in links]
    run(POST.format(words=words, member=members[0], thread=thread), environ)
    state = _settled(environ, links)
    lasted = time.monotonic() - began
    memory = max(_peak(process) for process in family(server)) / 1024
    visitor.is_over.set()
    visitor.join()
    _print_pages(visitor)
    print(f"\n{'upload':34} times  longest  answer")
    for what, rows in said.items():
        words = {status: error.partition(":")[0].partition(".")[0] for _, status, error in rows}
        counts = Counter(status for _, status, _ in rows)
        answers = "; ".join(f"{n} x {status} {words[status]}" for status, n in counts.items())
        print(f"{what:34} {len(rows):5} {max(row[0] for row in rows):6.2f} s  {answers}")
    print(f"\n{'another server':34} times  longest  taken")
    for what in sorted({what for what, _, _ in trap.held}):
        rows = [row for row in trap.held if row[0] == what]
        most = max(sent for _, _, sent in rows)
        print(f"{what:34} {len(rows):5} {max(row[1] for row in rows):6.1f} s  {most:,} bytes")
    circle = trap.asked["/round"], trap.asked["/round.png"]
    print(f"a circle of redirects was asked for {circle[0]} and {circle[1]} times")
    became = Counter([*state["documents"].values(), *state["pictures"].values()])
    print(f"of {len(links)} links, in {lasted:.0f} s: {dict(became)}; jobs {state['dead']} dead")
    print(f"the largest process of the server: {memory:.0f} MB")
    longest = max((held for _, held, _ in trap.held), default=0.0)
    return bool(
        set(became) <= REFUSED
        and state["uploads"] == state["dead"] == 0
        and not any(visitor.failed.values())
        and all(status in (422, 429) for rows in said.values() for _, status, _ in rows)
        and longest < SECONDS + 2
    )


def _upload(host: str, members: list[int], seconds: int) -> dict[str, list[tuple[float, int, str]]]:
    """Have each member send all of it, over and over; return how long it took and what was said."""
    bomb = gzip.compress(b"x" * 510_000_000, 9)
    sent = {
        "PNG of 13,000 x 13,000 pixels": ("huge.png", png_of(13_000, 13_000)),
        "GIF of 10,000 frames": ("frames.gif", gif_of(10_000)),
        "510 MB in gzip, as a picture": ("bomb.png", bomb),
        "510 MB in gzip, as a ZIP": ("bomb.zip", bomb),
    }
    said: dict[str, list[tuple[float, int, str]]] = {what: [] for what in sent}
    until = time.monotonic() + seconds

    def send(member: int) -> None:
        while time.monotonic() < until:
            for what, (name, body) in sent.items():
                said[what].append(_sent(host, member, name, body))

    threads = [threading.Thread(target=send, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def _sent(host: str, member: int, name: str, body: bytes) -> tuple[float, int, str]:
    mark = "b0undary"
    whole = (
        (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: image/png\r\n\r\n"
        ).encode()
        + body
        + f"\r\n--{mark}--\r\n".encode()
    )
    connection = http.client.HTTPConnection(host, timeout=120)
    began = time.monotonic()
    connection.request(
        "POST", "/files", whole,
        {
            "Content-Type": f"multipart/form-data; boundary={mark}",
            "Cookie": f"{_cookie(member)}; csrf={'c' * 32}",
            "X-CSRFToken": "c" * 32,
        },
    )  # fmt: skip
    answer = connection.getresponse()
    words = answer.read().decode()
    took = time.monotonic() - began
    connection.close()
    with suppress(ValueError, KeyError):
        words = json.loads(words)["error"]
    return took, answer.status, words


def _settled(environ: dict[str, str], links: list[str]) -> dict[str, Any]:
    """Wait until all that was linked to was looked at; return what is known of it."""
    until = time.monotonic() + 240
    while True:
        state: dict[str, Any] = json.loads(run(STATE, environ))
        pages = [url for url in links if not url.endswith(".png")]
        looked = [state["documents"].get(url, "unread") != "unread" for url in pages]
        if all(looked) and len(looked) == len(pages) and _are_tried(state, links):
            return {**state, "documents": {url: state["documents"][url] for url in pages}}
        if time.monotonic() > until:
            return state
        time.sleep(5)


def _are_tried(state: dict[str, Any], links: list[str]) -> bool:
    pictures = [state["pictures"].get(url) for url in links if url.endswith(".png")]
    return None not in pictures and state["waiting"] == 0


def _drip(handler: BaseHTTPRequestHandler) -> int:
    handler.send_response(200)
    handler.end_headers()
    sent = 0
    with suppress(OSError):
        for _ in range(60):
            sent += handler.wfile.write(b"<") or 0
            time.sleep(1)
    return sent


def _wait(handler: BaseHTTPRequestHandler) -> int:
    """Say nothing until whoever asked has gone."""
    handler.connection.settimeout(60)
    return len(handler.connection.recv(1))


def _send(handler: BaseHTTPRequestHandler, body: bytes, coding: str) -> int:
    """Send a body; return how much of it was taken."""
    handler.send_response(200)
    handler.send_header("Content-Encoding", coding)
    handler.end_headers()
    sent = 0
    with suppress(OSError):
        for at in range(0, len(body), 16_384):
            sent += handler.wfile.write(body[at : at + 16_384]) or 0
    return sent


def _print_pages(visitor: Visitor) -> None:
    print(f"{'while':34}  asked      p50      p99   slowest  failed")
    for phase, took in visitor.took.items():
        took.sort()
        cuts = statistics.quantiles(took, n=100)
        print(
            f"{phase:34} {len(took):6} {cuts[49]:5.1f} ms {cuts[98]:5.0f} ms {took[-1]:6.0f} ms"
            f"  {visitor.failed[phase]:6}"
        )


def _cookie(member: int) -> str:
    return f"session={member:032d}"


def _peak(process: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0


if __name__ == "__main__":
    main()
