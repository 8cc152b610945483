"""Requests to the outside: none reaches inside, none lasts, none grows."""

from __future__ import annotations

import gzip
import re
import socket
import ssl
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rostra.kernel import http
from rostra.kernel.http import Failed, fetch, is_inside, target_of

HERE = (ip_network("127.0.0.0/8"),)
INSIDE = [
    "127.0.0.1", "127.255.255.254", "0.1.2.3", "10.1.2.3", "100.64.0.1", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.168.1.1", "198.18.0.1", "224.0.0.1", "239.1.1.1",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1",
    "::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::",
    "2001::1", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1",
]  # fmt: skip
SPELLINGS = [
    "0x7f.1",
    "2130706433",
    "127.1",
    "017700000001",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "[::1]",
    "localhost",
]


@pytest.mark.parametrize("address", [*INSIDE, str(ip_address(0))])
def test_sec_034_what_is_inside(address):
    assert is_inside(ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"]
)
def test_what_is_outside(address):
    assert not is_inside(ip_address(address))


@pytest.mark.parametrize("host", SPELLINGS)
def test_sec_034_however_it_is_spelled(host):
    with pytest.raises(Failed, match="address_is_inside"):
        fetch(f"http://{host}/", most=100)


@pytest.mark.parametrize(
    "url",
    ["", "x", "//host/", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "http://",
     "http:///x", "http://a@example.org/", "http://a:b@example.org/", "http://:80/", "http://[::1/",
     "http://example.org:99999/", "http://exa mple\u2028.org\u0000é/", "javascript:alert(1)"],
)  # fmt: skip
def test_what_is_no_address(url):
    with pytest.raises(Failed, match="address_is_none"):
        target_of(url)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://Example.ORG", ("http", "example.org", 80, "/")),
        ("https://example.org./a b?c=é#d", ("https", "example.org", 443, "/a%20b?c=%C3%A9")),
        ("https://bücher.example:8443/%41", ("https", "xn--bcher-kva.example", 8443, "/%41")),
    ],
)
def test_an_address_in_parts(url, target):
    assert target_of(url) == target


def _heard(line):
    """Return a whole request: a form comes apart from what is said before it."""
    heard = b""
    while (piece := line.recv(65536)) != b"":
        heard += piece
        head, end, body = heard.partition(b"\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", head)
        if end and len(body) >= int(length[1] if length else 0):
            break
    return heard.decode()


class Server:
    """Says to each who comes what it was given, piece by piece, and notes what was asked."""

    def __init__(self, *answers, pause=0.0, context=None):
        self.answers, self.pause, self.asked = list(answers), pause, []
        self.context = context
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        with suppress(OSError):
            while True:
                line, _ = self.socket.accept()
                with suppress(ssl.SSLError):
                    self._answer(line if self.context is None else self._secured(line))

    def _secured(self, line):
        with line:  # which gives the connection on
            return self.context.wrap_socket(line, server_side=True)

    def _answer(self, line):
        with line, suppress(OSError):
            self.asked.append(_heard(line))
            pieces = self.answers[min(len(self.asked), len(self.answers)) - 1]
            for piece in pieces() if callable(pieces) else [pieces]:
                line.sendall(piece)
                if self.pause and self.is_over.wait(self.pause):
                    return

    def close(self):
        self.is_over.set()
        self.socket.close()


@pytest.fixture
def serve():
    begun = []

    def begin(*answers, **more):
        begun.append(Server(*answers, **more))
        return begun[-1]

    yield begin
    for server in begun:
        server.close()


def _page(body, head=b""):
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + head + b"\r\n" + body


def test_a_page_is_fetched(serve):
    server = serve(_page(b"<p>Hello"))
    found = fetch(f"{server.url}/a?b", most=100, headers={"User-Agent": "Rostra"}, allowed=HERE)
    assert (found.status, found.body, found.is_whole) == (200, b"<p>Hello", True)
    assert found.headers["content-type"] == "text/html"
    assert server.asked[0].startswith("GET /a?b HTTP/1.1\r\n")
    assert "User-Agent: Rostra\r\n" in server.asked[0]
    assert f"Host: {server.url[7:]}\r\n" in server.asked[0]


def test_a_form_is_sent_and_nothing_followed(serve):
    server = serve(b"HTTP/1.1 302 Go on\r\nLocation: /on\r\n\r\n")
    assert fetch(server.url, most=100, form={"a": "é&"}, allowed=HERE).status == 302
    assert server.asked[0].startswith("POST / HTTP/1.1\r\n")
    assert server.asked[0].endswith("\r\n\r\na=%C3%A9%26")


def test_sec_034_nothing_is_connected_to_what_is_inside(serve):
    server = serve(_page(b"secret"))
    with pytest.raises(Failed, match="address_is_inside"):
        fetch(server.url, most=100)
    assert server.asked == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_sec_035_each_hop_is_looked_at(serve, status):
    inside = serve(_page(b"secret"))
    onward = inside.url.replace("127.0.0.1", "127.0.0.2")
    server = serve(f"HTTP/1.1 {status} Go on\r\nLocation: {onward}/x\r\n\r\n".encode())
    with pytest.raises(Failed, match="address_is_inside"):
        fetch(server.url, most=100, allowed=[ip_network("127.0.0.1/32")])
    assert (len(server.asked), inside.asked) == (1, [])


def test_sec_035_three_hops_and_no_more(serve):
    onward = b"HTTP/1.1 302 Go on\r\nLocation: /on\r\n\r\n"
    server = serve(onward, onward, onward, _page(b"there"))
    assert fetch(server.url, most=100, allowed=HERE).url == f"{server.url}/on"
    assert len(server.asked) == 4
    server = serve(onward)
    with pytest.raises(Failed, match="too_many_hops"):
        fetch(server.url, most=100, allowed=HERE)
    assert len(server.asked) == 4


def test_sec_036_only_what_was_looked_at_is_connected_to(monkeypatch):
    """A name that is outside when it is looked at and inside a moment later."""
    answers = ["192.88.98.1", "127.0.0.1", "127.0.0.1"]
    tried = []
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *words, **more: [(2, 1, 6, "", (answers.pop(0), 0))]
    )
    monkeypatch.setattr(http._Timely, "connect", lambda self, to: tried.append(to) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fetch("http://turning.example/", most=100)
    assert tried == [("192.88.98.1", 80)]


def test_sec_036_one_address_inside_is_enough_to_refuse(monkeypatch):
    rows = [(2, 1, 6, "", (address, 0)) for address in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *words, **more: rows)
    with pytest.raises(Failed, match="address_is_inside"):
        fetch("http://both.example/", most=100)


def test_services_of_machines_are_no_pages(monkeypatch):
    rows = [(2, 1, 6, "", ("1.1.1.1", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *words, **more: rows)
    with pytest.raises(Failed, match="address_is_inside"):
        fetch("http://mail.example:25/", most=100)


def _drops():
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        yield b"X"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(_drops, id="a byte at a time in the header"),
        pytest.param(lambda: iter([_page(b""), *[b"x"] * 10_000]), id="in the body"),
        pytest.param(lambda: iter([b""] * 10_000), id="never"),
    ],
)
def test_sec_040_it_ends_in_time(serve, answer):
    """However slowly a server speaks, all of it together ends; here after half a second of ten."""
    server = serve(answer, pause=0.05)
    begun = time.monotonic()
    with pytest.raises(Failed, match="took_too_long"):
        fetch(server.url, most=1_000_000, allowed=HERE, seconds=0.5)
    assert time.monotonic() - begun < http.SECONDS


def test_sec_040_a_name_that_nobody_answers_for(monkeypatch):
    is_over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *words, **more: [is_over.wait(10)][1:])
    with pytest.raises(Failed, match="took_too_long"):
        fetch("http://slow.example/", most=100, seconds=0.1)
    is_over.set()


@pytest.fixture
def secure(tmp_path):
    """A context for a server named localhost that vouches for itself, and the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context, file


def test_who_vouches_for_itself_is_not_believed(serve, secure, monkeypatch):
    context, file = secure
    server = serve(_page(b"Hello"), context=context)
    url = server.url.replace("http://127.0.0.1", "https://localhost")
    with pytest.raises(Failed, match="no_answer"):
        fetch(url, most=100, allowed=HERE)
    trusting = ssl.create_default_context(cafile=str(file))
    trusting.sslsocket_class = http._TimelySecure
    monkeypatch.setattr(http, "_context", lambda: trusting)
    assert fetch(url, most=100, allowed=HERE).body == b"Hello"


def _endless():
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    while True:
        yield b"10000\r\n" + b"x" * 0x10000 + b"\r\n"


BOMB = gzip.compress(b"\0" * 50_000_000)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(_endless, id="endless"),
        pytest.param(_page(b"x" * 200_000, b"Content-Length: 10000000000\r\n"), id="ten gigabytes"),
        pytest.param(_page(BOMB, b"Content-Encoding: gzip\r\n"), id="a bomb"),
    ],
)
def test_sec_041_it_ends_when_there_is_enough(serve, answer):
    server = serve(answer)
    found = fetch(server.url, most=100_000, allowed=HERE)
    assert (len(found.body), found.is_whole) == (100_000, False)


def test_what_is_packed_is_unpacked(serve):
    words = b"word " * 5_000
    server = serve(_page(gzip.compress(words), b"Content-Encoding: gzip\r\n"))
    assert fetch(server.url, most=100_000, allowed=HERE).body == words
    assert "Accept-Encoding: gzip\r\n" in server.asked[0]


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"\0\0\0", b"HTTP/9.9 hm\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"x" * 100_000 + b"\r\n\r\n", _page(b"x", b"Content-Encoding: br\r\n"),
        _page(b"no gzip", b"Content-Encoding: gzip\r\n"),
    ],
)  # fmt: skip
def test_what_is_no_answer(serve, answer):
    with pytest.raises(Failed, match="no_answer"):
        fetch(serve(answer).url, most=100, allowed=HERE)
