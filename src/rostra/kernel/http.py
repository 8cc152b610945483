"""Requests to the outside that cannot reach inside.

Every address a name stands for is looked at, and the connection is made to that address and no
other: what the name answers a moment later does not matter. All hops of a request share one time.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
import zlib
from _thread import start_new_thread
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from queue import Empty, SimpleQueue
from typing import Any, Literal, NamedTuple, cast
from urllib.parse import quote_from_bytes, urlencode, urljoin, urlsplit

import idna

HOPS = 3
SECONDS = 10.0
PORTS = {"http": 80, "https": 443}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PIECE = 65_536  # bytes
_KEPT = "%/:=&?~#+!$,;'@()*[]"  # of an address as it was typed

type Address = IPv4Address | IPv6Address
type Network = IPv4Network | IPv6Network
type Reason = Literal[
    "address_is_none", "address_is_inside", "host_is_unknown", "no_answer", "took_too_long",
    "too_many_hops",
]  # fmt: skip

# What is not the public internet, or leads from it to what is not. Python's `is_global` takes
# several of these for public (64:ff9b::7f00:1, ::127.0.0.1, 2002:7f00:1::, 192.0.0.8).
INSIDE: tuple[Network, ...] = tuple(
    ip_network(row)
    for row in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64",
        "2001::/32", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip


class Failed(Exception):
    """Nothing was fetched; the argument is the reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: where it came from in the end, and its body, unpacked and perhaps cut off."""

    url: str
    status: int
    headers: Mapping[str, str]  # by names in small letters
    body: bytes
    is_whole: bool


class Target(NamedTuple):
    """An address in the parts a request is made of."""

    scheme: str
    host: str  # as it is looked up, in ASCII
    port: int
    path: str  # with the query


@cache
def networks(text: str) -> tuple[Network, ...]:
    """Return the networks of a setting: by comma."""
    return tuple(ip_network(word.strip()) for word in text.split(",") if word.strip())


def is_inside(address: Address) -> bool:
    """Return whether an address is none of the public internet's."""
    return not address.is_global or any(address in network for network in INSIDE)


def fetch(
    url: str,
    *,
    most: int,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    allowed: Sequence[Network] = (),
    hops: int = HOPS,
    seconds: float = SECONDS,
) -> Fetched:
    """Get what is at an address, at most `most` bytes of it; raises Failed.

    form: sent by POST instead; whoever sends one follows no hop.
    allowed: networks that are inside and may be reached all the same, at any port.
    seconds: for everything, all hops together.
    """
    until = time.monotonic() + seconds
    told = {"Accept-Encoding": "gzip", "Connection": "close", **(headers or {})}
    body = None if form is None else urlencode(form).encode()
    if body is not None:
        hops = 0
        told["Content-Type"] = "application/x-www-form-urlencoded"
    for _ in range(hops + 1):
        answer = _ask(target_of(url), url, body, most, told, allowed, until)
        onward = answer.headers.get("location", "")
        if answer.status not in REDIRECTS or not onward or not hops:
            return answer
        url = urljoin(url, onward)
    raise Failed("too_many_hops")


def target_of(url: str) -> Target:
    """Take an address of the web apart; raises Failed for what is none, or names somebody."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        if not host.isascii():
            host = idna.encode(host, uts46=True).decode()
    except ValueError as error:  # idna's are too
        raise Failed("address_is_none") from error
    is_named = parts.username is not None or parts.password is not None
    if parts.scheme not in PORTS or is_named or not host:
        raise Failed("address_is_none")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = quote_from_bytes(path.encode(), _KEPT)
    return Target(parts.scheme, host, port or PORTS[parts.scheme], sent)


def _ask(
    target: Target,
    url: str,
    body: bytes | None,
    most: int,
    headers: Mapping[str, str],
    allowed: Sequence[Network],
    until: float,
) -> Fetched:
    """Make one request, follow nothing."""
    address = _address_of(target, allowed, until)
    connection = http.client.HTTPConnection(target.host, target.port)
    try:
        connection.sock = _connected(target, address, until)
        told = {**headers, "Host": _host_header(target)}
        connection.request("GET" if body is None else "POST", target.path, body, told)
        response = connection.getresponse()
        known = {name.lower(): value for name, value in response.getheaders()}
        found, is_whole = _body(response, known.get("content-encoding", ""), most)
    except TimeoutError as error:
        raise Failed("took_too_long") from error
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
        raise Failed("no_answer") from error
    finally:
        connection.close()
    return Fetched(url, response.status, known, found, is_whole)


def _host_header(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == PORTS[target.scheme] else f"{host}:{target.port}"


def _address_of(target: Target, allowed: Sequence[Network], until: float) -> Address:
    """Look a host up; raises Failed unless every address it has may be reached."""
    found = _looked_up(target.host, until)
    is_allowed = [any(address in network for network in allowed) for address in found]
    if all(is_allowed):
        return found[0]
    if any(is_inside(one) for one, is_free in zip(found, is_allowed, strict=True) if not is_free):
        raise Failed("address_is_inside")
    if target.port not in PORTS.values():
        raise Failed("address_is_inside")  # services of machines, no pages
    return found[0]


def _looked_up(host: str, until: float) -> list[Address]:
    """Return the addresses of a host; the system's own look-up knows no time, so it is left."""
    answers: SimpleQueue[list[Address]] = SimpleQueue()

    def look() -> None:
        found: list[Address] = []
        with suppress(OSError, ValueError):
            rows = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            # A zone (fe80::1%eth0) is a way in this machine, and no part of the address.
            found = [ip_address(str(row[4][0]).partition("%")[0]) for row in rows]
        answers.put(found)

    start_new_thread(look, ())
    try:
        found = answers.get(timeout=max(0.0, until - time.monotonic()))
    except Empty:
        raise Failed("took_too_long") from None
    if not found:
        raise Failed("host_is_unknown")
    return found


def _connected(target: Target, address: Address, until: float) -> socket.socket:
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    plain = _Timely(family, socket.SOCK_STREAM)
    plain.until = until
    try:
        plain.settimeout(_left(until))
        plain.connect((str(address), target.port))
        if target.scheme == "http":
            return plain
        plain.settimeout(_left(until))
        wrapped = _context().wrap_socket(plain, server_hostname=target.host)
    except BaseException:
        plain.close()
        raise
    secure = cast(_TimelySecure, wrapped)
    secure.until = until
    return secure


@cache
def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.sslsocket_class = _TimelySecure
    return context


def _left(until: float) -> float:
    """Return the seconds that are left, for one call; raises TimeoutError."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Timely(socket.socket):
    """A socket whose calls end together: who sends a byte a second gains nothing by it."""

    until: float

    def recv_into(self, *words: Any, **more: Any) -> int:
        self.settimeout(_left(self.until))
        return super().recv_into(*words, **more)

    def sendall(self, *words: Any) -> None:
        self.settimeout(_left(self.until))
        super().sendall(*words)


class _TimelySecure(ssl.SSLSocket):
    """The same, encrypted."""

    until: float

    def recv_into(self, *words: Any, **more: Any) -> int:
        self.settimeout(_left(self.until))
        return super().recv_into(*words, **more)

    def sendall(self, *words: Any) -> None:
        self.settimeout(_left(self.until))
        super().sendall(*words)


def _body(response: http.client.HTTPResponse, coding: str, most: int) -> tuple[bytes, bool]:
    """Return the first `most` bytes, unpacked no further than that, and whether that is all."""
    unpack = _Unpacked(coding.strip().lower())
    body = b""
    while len(body) <= most:
        piece = response.read1(_PIECE)
        body += unpack.more(piece, most + 1 - len(body))
        if not piece:
            break
    return body[:most], len(body) <= most


class _Unpacked:
    """Unpacks a body piece by piece, never more than is wanted."""

    def __init__(self, coding: str) -> None:
        if coding not in ("", "identity", "gzip", "x-gzip"):
            raise ValueError(coding)
        self.gzip = zlib.decompressobj(31) if "gzip" in coding else None

    def more(self, piece: bytes, most: int) -> bytes:
        if self.gzip is None:
            return piece[:most]
        return self.gzip.decompress(self.gzip.unconsumed_tail + piece, most)
