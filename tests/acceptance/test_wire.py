"""Bytes on the wire that mean two things to two servers, or too much to one."""

from __future__ import annotations

import re
import shutil
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from tests.acceptance.beginnings import environment
from tests.acceptance.operating import free_port, serving
from tests.acceptance.proxies import NGINX, nginx, running

INNER = "GET /moderation-log HTTP/1.1\r\nHost: HOST\r\n\r\n"
# Each is a POST whose end is doubtful; where it is cut too early, INNER becomes a request.
DOUBTFUL = {
    "both": "Content-Length: LENGTH\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nINNER",
    "both, te first": "Transfer-Encoding: chunked\r\nContent-Length: LENGTH\r\n\r\n0\r\n\r\nINNER",
    "two lengths": "Content-Length: 0\r\nContent-Length: LENGTH\r\n\r\nINNER",
    "two in one": "Content-Length: 0, LENGTH\r\n\r\nINNER",
    "plus": "Content-Length: +0\r\n\r\nINNER",
    "hex": "Content-Length: 0x0\r\n\r\nINNER",
    "minus": "Content-Length: -1\r\n\r\nINNER",
    "empty": "Content-Length: \r\n\r\nINNER",
    "not chunked": "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\nINNER",
    "chunked last": "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\nINNER",
    "xchunked": "Content-Length: LENGTH\r\nTransfer-Encoding: xchunked\r\n\r\nINNER",
    "space before colon": "Content-Length: LENGTH\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\nINNER",
    "tab before value": "Content-Length: LENGTH\r\nTransfer-Encoding:\tchunked\r\n\r\n0\r\n\r\nINNER",
    "vertical tab": "Content-Length: LENGTH\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\nINNER",
    "folded": "Content-Length: LENGTH\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\nINNER",
    "folded length": "X: y\r\n Content-Length: 0\r\nContent-Length: LENGTH\r\n\r\nINNER",
    "bare lf": "Content-Length: LENGTH\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nINNER",
    "bare cr": "Content-Length: LENGTH\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nINNER",
    "nul": "Content-Length: LENGTH\r\nX: a\x00b\r\n\r\nINNER",
    "chunk extension": "Transfer-Encoding: chunked\r\n\r\n0;a=\"\r\n\r\nINNER\"\r\n\r\n",
    "chunk of bare lf": "Transfer-Encoding: chunked\r\n\r\n2\nxx\n0\n\nINNER",
    "chunk size overflow": "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\nINNER",
    "chunk size signed": "Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\nINNER",
}  # fmt: skip
QUIET = 0.4  # seconds after an answer in which another one would come
HAPROXY = shutil.which("haproxy") or "/usr/sbin/haproxy"


@pytest.fixture(scope="module")
def forum(tmp_path_factory):
    """A forum that is served: its port, and its process."""
    folder = tmp_path_factory.mktemp("wire")
    environ = environment(folder / "var")
    with serving(environ, "--no-jobs") as server:
        yield int(environ["ROSTRA_LISTEN"].rpartition(":")[2]), server.pid


@pytest.fixture(scope="module", params=["none", "nginx", "haproxy"])
def door(request, forum, tmp_path_factory):
    """The port to ask at: the forum's own, or a proxy's before it, which lets INNER not through."""
    port, _ = forum
    if request.param == "none":
        yield port
        return
    program = {"nginx": NGINX, "haproxy": HAPROXY}[request.param]
    if not Path(program).exists():
        pytest.skip(f"{request.param} is not installed: apt-get install {request.param}")
    folder, own = tmp_path_factory.mktemp(request.param), free_port()
    if request.param == "nginx":
        http = (
            f"upstream up {{ server 127.0.0.1:{port}; keepalive 4; }}\n"
            f"server {{ listen 127.0.0.1:{own}; location / {{ proxy_pass http://up;"
            ' proxy_http_version 1.1; proxy_set_header Connection "";'
            " proxy_set_header Host $http_host; }"
            " location /moderation-log { return 403; } }"
        )
        with nginx(folder, http, own):
            yield own
    else:
        (folder / "conf").write_text(
            "defaults\n mode http\n timeout client 10s\n timeout server 10s\n timeout connect 5s\n"
            f"frontend f\n bind 127.0.0.1:{own}\n default_backend b\n"
            " http-request deny if { path_beg /moderation-log }\n"
            f"backend b\n http-reuse always\n server s 127.0.0.1:{port}\n"
        )
        with running([program, "-db", "-f", str(folder / "conf")], own):
            yield own


def speak(port: int, text: str) -> str:
    """Send bytes, and return all that comes until the other side ends or is quiet."""
    with socket.create_connection(("127.0.0.1", port), 10) as sock:
        sock.settimeout(3)
        answer = b""
        with suppress(OSError):  # refused before all of it was sent
            sock.sendall(text.encode("latin-1"))
        with suppress(OSError):
            while chunk := sock.recv(65536):
                answer += chunk
                sock.settimeout(QUIET)
        return answer.decode("utf-8", "replace")


@pytest.mark.parametrize("case", DOUBTFUL)
def test_a_request_within_a_request_is_none(forum, door, case):
    """SEC-108: one interpretation, else refused; what hides in a body is never answered."""
    inner = INNER.replace("HOST", f"localhost:{forum[0]}")
    body = DOUBTFUL[case].partition("\r\n\r\n")[2].replace("INNER", inner)
    text = DOUBTFUL[case].replace("INNER", inner).replace("LENGTH", str(len(body)))
    answer = speak(door, f"POST /account/login HTTP/1.1\r\nHost: localhost:{forum[0]}\r\n{text}")
    statuses = re.findall(r"HTTP/1\.1 (\d{3})", answer)
    assert "<h1>Moderation log" not in answer, statuses
    assert all(status[0] == "4" or status in ("501", "502") for status in statuses), statuses
    # Nor does it wait for the next visitor.
    after = speak(
        door,
        f"GET /health/live HTTP/1.1\r\nHost: localhost:{forum[0]}\r\nConnection: close\r\n\r\n",
    )
    assert "\nok\n" in after


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("GET /" + "x" * 100_000 + " HTTP/1.1\r\nHost: HOST\r\n\r\n", {"400", "404", "414", "431"}),
        ("GET /?" + "x" * 10_000_000 + " HTTP/1.1\r\nHost: HOST\r\n\r\n", {"400", "414", "431"}),
        ("GET / HTTP/1.1\r\nHost: HOST\r\n" + "X: y\r\n" * 10_000 + "\r\n", {"400", "431"}),
        ("GET / HTTP/1.1\r\nHost: HOST\r\nX: " + "y" * 1_000_000 + "\r\n\r\n", {"400", "431"}),
        ("GET / HTTP/1.1\r\n\r\n", {"400"}),
        ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", {"400"}),
        ("GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", {"400"}),
        ("GET / HTTP/9.9\r\nHost: HOST\r\n\r\n", {"400", "505"}),
        ("\x16\x03\x01\x02\x00\x01\x00", {"400"}),
        ("TRACE / HTTP/1.1\r\nHost: HOST\r\n\r\n", {"405"}),
        ("CONNECT localhost:22 HTTP/1.1\r\nHost: HOST\r\n\r\n", {"400", "405"}),
        ("PURGE / HTTP/1.1\r\nHost: HOST\r\n\r\n", {"405"}),
    ],
)
def test_what_is_no_request_of_ours_is_refused(forum, text, statuses):
    """SEC-074, 105, 108, 114."""
    port, _ = forum
    answer = speak(port, text.replace("HOST", f"localhost:{port}"))
    found = re.findall(r"HTTP/1\.1 (\d{3})", answer)
    assert not found or found[0] in statuses


def resident(pid: int) -> int:
    """Return the kilobytes in memory of all workers below a process."""
    found = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == pid:
                found += int(re.search(r"VmRSS:\s+(\d+)", (folder / "status").read_text())[1])
        except (OSError, TypeError):
            continue
    return found


def form(kind: str) -> tuple[str, bytes]:
    if kind == "long field":
        return "application/x-www-form-urlencoded", b"login=" + b"a" * 10_000_000
    if kind == "many fields":
        return "application/x-www-form-urlencoded", b"&".join(b"a%d=" % n for n in range(100_000))
    if kind == "many of one name":
        return "application/x-www-form-urlencoded", b"a&" * 1_000_000
    part = b'--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n1\r\n'
    if kind == "many files":
        return "multipart/form-data; boundary=b", part * 10_000 + b"--b--\r\n"
    if kind == "endless headers of a part":
        return "multipart/form-data; boundary=b", b"--b\r\n" + b"X: y\r\n" * 300_000
    if kind == "no end":
        return "multipart/form-data; boundary=b", b"--b\r\n" * 400_000
    return "application/json", b"[" * 10_000_000


@pytest.mark.parametrize(
    "kind",
    ["long field", "many fields", "many of one name", "many files", "endless headers of a part",
     "no end", "json"],
)  # fmt: skip
def test_a_body_that_is_too_much_is_refused_and_not_kept(forum, kind):
    """SEC-105: 4xx; the server is not more than 20 MB larger afterwards."""
    port, pid = forum
    page = speak(
        port,
        f"GET /account/login HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n",
    )
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    cookie = re.search(r"set-cookie: (csrf=[^;]+)", page, re.I)[1]
    before = resident(pid)
    content_type, body = form(kind)
    if content_type.endswith("urlencoded") and len(body) < 2_000_000:
        body = f"csrfmiddlewaretoken={token}&".encode() + body
    with socket.create_connection(("127.0.0.1", port), 30) as sock:
        sock.settimeout(30)
        answer = b""
        try:
            sock.sendall(
                f"POST /account/login HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookie}\r\n"
                f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
                f"Connection: close\r\n\r\n".encode()
            )
            sock.sendall(body)
        except OSError:
            pass  # refused before all of it was sent
        try:
            while chunk := sock.recv(65536):
                answer += chunk
        except OSError:
            pass
    if answer:
        assert answer[9:12] in (b"400", b"403", b"413", b"415", b"422"), answer[:200]
    assert resident(pid) - before < 20_000
