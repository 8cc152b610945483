"""The proxy configuration of the README, as it stands, in Debian's nginx."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.acceptance.operating import free_port
from tests.acceptance.proxies import NGINX, nginx

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    not Path(NGINX).exists(), reason="nginx is not installed: apt-get install nginx-light"
)


class Echo(BaseHTTPRequestHandler):
    """Tells which headers arrived and how long the body was."""

    def do_GET(self):
        self.do_POST()

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = f"{self.headers['Host']} {self.headers['X-Forwarded-For']} {len(self.rfile.read(length))}"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture(scope="module")
def proxied(tmp_path_factory):
    """nginx with our file; only names, ports and time limits (for a short test) are replaced."""
    folder = tmp_path_factory.mktemp("nginx")
    app = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=app.serve_forever, daemon=True).start()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=forum.example", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    tls, plain = free_port(), free_port()
    text = (ROOT / "docs" / "deploy" / "nginx.conf").read_text()
    for old, new in {
        "127.0.0.1:8000": f"127.0.0.1:{app.server_address[1]}",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{tls} ssl",
        "/etc/letsencrypt/live/forum.example/fullchain.pem": str(folder / "cert.pem"),
        "/etc/letsencrypt/live/forum.example/privkey.pem": str(folder / "key.pem"),
        "client_header_timeout 10s": "client_header_timeout 1s",
        "client_body_timeout 10s": "client_body_timeout 1s",
    }.items():
        assert old in text
        text = text.replace(old, new)
    with nginx(folder, text, tls):
        yield tls, plain
    app.shutdown()
    app.server_close()


def connect(port: int) -> ssl.SSLSocket:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    raw = socket.create_connection(("127.0.0.1", port), 10)
    return context.wrap_socket(raw, server_hostname="forum.example")


def ask(port: int, request: str) -> str:
    with connect(port) as sock:
        sock.sendall(request.encode())
        answer = b""
        while chunk := sock.recv(65536):
            answer += chunk
    return answer.decode()


def test_what_a_client_says_of_its_address_is_dropped(proxied):
    """SEC-082."""
    answer = ask(
        proxied[0],
        "GET / HTTP/1.1\r\nHost: forum.example\r\nX-Forwarded-For: 6.6.6.6\r\nConnection: close\r\n\r\n",
    )
    assert answer.endswith("forum.example 127.0.0.1 0")


@pytest.mark.parametrize("path", ["/staff%2faccess", "/a%5Cb", "/x/%2F?y"])
def test_no_slash_by_another_spelling(proxied, path):
    """SEC-070."""
    request = f"GET {path} HTTP/1.1\r\nHost: forum.example\r\nConnection: close\r\n\r\n"
    assert " 404 " in ask(proxied[0], request).splitlines()[0]
    request = request.replace(path, "/search?q=a%2fb")
    assert " 200 " in ask(proxied[0], request).splitlines()[0]


def test_plain_http_leads_to_tls(proxied):
    with socket.create_connection(("127.0.0.1", proxied[1]), 5) as sock:
        sock.sendall(b"GET /x?y HTTP/1.1\r\nHost: forum.example\r\nConnection: close\r\n\r\n")
        answer = sock.recv(4096).decode()
    assert re.search(r"301 .*\r\nLocation: https://forum\.example/x\?y\r\n", answer, re.S)


def test_a_body_beyond_7_mb_is_refused(proxied):
    answer = ask(
        proxied[0],
        "POST / HTTP/1.1\r\nHost: forum.example\r\nContent-Length: 8000000\r\nConnection: close\r\n\r\n",
    )
    assert " 413 " in answer.splitlines()[0]


@pytest.mark.parametrize(
    "start",
    [
        "GET / HTTP/1.1\r\nHost: forum",
        "POST / HTTP/1.1\r\nHost: forum.example\r\nContent-Length: 9\r\n\r\nab",
    ],
    ids=["headers", "body"],
)
def test_who_stops_sending_is_let_go(proxied, start):
    """REL-042: headers and bodies that stop are closed; the application never saw them."""
    with connect(proxied[0]) as sock:
        sock.sendall(start.encode())
        sock.settimeout(10)
        answer = sock.recv(65536).decode()
    assert answer == "" or " 408 " in answer.splitlines()[0]
