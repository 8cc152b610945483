"""One message out of its bytes: headers in any shape, text in any or no declared encoding."""

from __future__ import annotations

import quopri
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_tz
from hashlib import sha256
from typing import Literal

_HEADER = re.compile(r"\A([!-9;-~]{1,80})[ \t]*:[ \t]?(.*)", re.DOTALL)
_ID = re.compile(r"<[^<>\s]+>")
_SPELLED = re.compile(r"^\s*\"?([\w.+=%/-]+)\"? (?:at|AT|\(at\)) ([\w-]+(?:\.[\w-]+)*)", re.ASCII)
_ADDRESS_LIKE = re.compile(r"\S@\S|[\w.-] at [\w-]+\.\w|%40")
_WORDS = re.compile(r"[^\W\d_]{3,}(?:[._][^\W\d_]{2,})*")
_MIME = re.compile(r"multipart/|text/html|format=\"?flowed|message/", re.IGNORECASE)
_NOT_CODED = re.compile(rb"=(?![0-9A-F]{2}|[ \t]{0,80}(?:\r?\n|\Z))")
_CODED = re.compile(rb"=(?:([0-9A-F]{2})|[ \t]{0,80}(?:\r?\n|\Z))")
_UNFIT = re.compile("[\x00\ud800-\udfff]")
# Codecs that Python has and mail has not.
_NO_CHARSET = re.compile(r"escape|idna|punycode|undefined|mbcs|oem", re.IGNORECASE)
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
_WIDEST_ZONE = 14 * 3600
_MOST_PARTS = 200


@dataclass(slots=True)
class Mail:
    """What an importer needs of a message."""

    message_id: str
    references: tuple[str, ...]
    in_reply_to: tuple[str, ...]
    subject: str
    address: str  # lower case; never leaves the importer
    name: str
    date: datetime | None
    text: str
    is_html: bool = False
    attachments: list[str] = field(default_factory=list)


def parse(raw: bytes, now: datetime) -> Mail:
    """Read a message; whatever is missing or broken in it is left empty."""
    head, _, body = _halves(raw)
    headers = _headers(head)
    sender = _decoded(headers.get("from", ""))
    beside, address = _parts(sender)
    ids = _ID.findall(headers.get("message-id", ""))
    mail = Mail(
        message_id=ids[0] if ids else "",
        references=tuple(_ID.findall(headers.get("references", ""))),
        in_reply_to=tuple(_ID.findall(headers.get("in-reply-to", ""))),
        subject=" ".join(_decoded(headers.get("subject", "")).split()),
        address=address,
        name=_name(beside, address),
        date=date_of(headers.get("date", ""), now),
        text="",
    )
    mail.text, mail.is_html, mail.attachments = _text_of(raw, body, headers)
    return mail


def text_of(raw: bytes) -> tuple[str, bool]:
    """Return a message's text and whether it is html: all that is new when it is read again."""
    head, _, body = _halves(raw)
    headers = _headers(head) if b"\ncontent-" in b"\n" + head.lower() else {}
    text, is_html, _attachments = _text_of(raw, body, headers)
    return text, is_html


def member_key(address: str) -> str:
    """Return a stable key for an author that does not hold the address."""
    return sha256(address.encode("utf-8", "replace")).hexdigest()[:24]


def name_of(sender: str, address: str) -> str:
    """Return a name to show: never an address.

    Without a name of its own, the part before the "@" stands in where it is made of letters
    alone; one with digits is an account, not a name, and becomes "Author" and a short key.
    """
    return _name(_parts(sender)[0], address)


def _name(beside: str, address: str) -> str:
    name = " ".join(beside.split())
    if name and not _ADDRESS_LIKE.search(name):
        return name[:100]
    local = address.partition("@")[0]
    if _WORDS.fullmatch(local):
        return re.sub(r"[._]", " ", local)[:100]
    return f"Author {member_key(address)[:6]}" if address else ""


def date_of(text: str, now: datetime) -> datetime | None:
    """Return a date in UTC; None for one that is missing, impossible or in the future."""
    try:
        parts = parsedate_tz(text)
        if parts is None:
            return None
        zone = parts[9] or 0
        if abs(zone) > _WIDEST_ZONE:
            zone = 0
        found = datetime(*parts[:6], tzinfo=UTC) - timedelta(seconds=zone)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return found if _EARLIEST <= found <= now + timedelta(days=1) else None


def decode(raw: bytes, declared: str | None = None) -> str:
    """Decode text: as declared where that works, else as UTF-8, else as windows-1252."""
    for charset in (declared, "utf-8", "windows-1252"):
        if charset and not _NO_CHARSET.search(charset):
            try:
                text = raw.decode(charset.strip("\"' "))
                return text.replace("\x00", "") if text.isascii() else _UNFIT.sub("", text)
            except (LookupError, ValueError):
                continue
    return _UNFIT.sub("", raw.decode("latin-1"))


def _halves(raw: bytes) -> tuple[bytes, bytes, bytes]:
    raw = raw.lstrip(b"\r\n")
    crlf, lf = raw.find(b"\r\n\r\n"), raw.find(b"\n\n")
    if crlf >= 0 and (lf < 0 or crlf < lf):
        return raw[:crlf], b"\r\n\r\n", raw[crlf + 4 :]
    return raw.partition(b"\n\n")


def _headers(head: bytes) -> dict[str, str]:
    """Read the headers; of a repeated one the first counts."""
    headers: dict[str, str] = {}
    lines: list[str] = []
    for line in decode(head).replace("\r\n", "\n").split("\n"):
        if line[:1] in (" ", "\t") and lines:
            lines[-1] += line
        else:
            lines.append(line)
    for line in lines:
        if found := _HEADER.match(line):
            headers.setdefault(found.group(1).lower(), found.group(2).strip())
    return headers


def _decoded(text: str) -> str:
    if "=?" not in text:
        return text
    try:
        parts = decode_header(text)
    except Exception:
        return text
    return "".join(
        part if isinstance(part, str) else decode(part, charset) for part, charset in parts
    )


def _parts(sender: str) -> tuple[str, str]:
    """Part a sender into what stands beside the address, and the address."""
    if spelled := _SPELLED.match(sender):
        address = f"{spelled.group(1)}@{spelled.group(2)}"
        return sender[spelled.end() :].strip(" ()\"'<>"), address.lower()
    name, address = parseaddr(sender)
    return name.strip(" \"'"), address.lower() or sender.lower().strip()


def _text_of(raw: bytes, body: bytes, headers: dict[str, str]) -> tuple[str, bool, list[str]]:
    """Return the text, whether it is html, and what is attached."""
    kind = headers.get("content-type", "")
    coding = headers.get("content-transfer-encoding", "").lower()
    if _MIME.search(kind) or coding in ("quoted-printable", "base64"):
        try:
            return _from_parts(message_from_bytes(raw))
        except Exception:  # noqa: S110 (whatever is broken in it, its bytes are still text)
            pass
    if not coding and _is_quoted_printable(body):
        body = quopri.decodestring(body)
    charset = re.search(r"charset=\"?([\w.:-]{1,40})", kind, re.IGNORECASE)
    return decode(body, charset.group(1) if charset else None), False, []


def _is_quoted_printable(body: bytes) -> bool:
    """Tell whether a text is coded and does not say so: lists drop the header, not the coding.

    Every "=" of it must be a coded byte or the soft end of a line, and there must be both.
    """
    signs = body.count(b"=")
    if signs < 3 or _NOT_CODED.search(body):
        return False
    found = _CODED.findall(body)
    return len(found) == signs and 0 < sum(map(bool, found)) < signs


def _from_parts(message: Message) -> tuple[str, bool, list[str]]:
    attachments: list[str] = []
    texts: dict[Literal["plain", "html"], str] = {}
    for number, part in enumerate(message.walk()):
        if part.is_multipart() or number > _MOST_PARTS:
            continue
        kind = part.get_content_type()
        name = part.get_filename()
        if kind == "text/plain" and not name and "plain" not in texts:
            texts["plain"] = _part_text(part)
        elif kind == "text/html" and not name and "html" not in texts:
            texts["html"] = _part_text(part)
        else:
            attachments.append(f"{name or 'unnamed'} ({kind})")
    is_html = "plain" not in texts and "html" in texts
    return texts.get("plain", texts.get("html", "")), is_html, attachments


def _part_text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    text = decode(payload, part.get_content_charset()) if isinstance(payload, bytes) else ""
    if part.get_param("format") == "flowed":
        return _unflowed(text, is_spaced=part.get_param("delsp") == "yes")
    return text


def _unflowed(text: str, *, is_spaced: bool) -> str:
    """Join the soft line ends of RFC 3676."""
    lines: list[str] = []
    pieces: list[str] = []
    marks_before = ""
    for line in text.splitlines():
        bare = line.lstrip(">")
        marks = line[: len(line) - len(bare)]
        shown = bare.removeprefix(" ")
        if not pieces or marks != marks_before:
            lines += ["".join(pieces)] if pieces else []
            pieces = [f"{marks} " if marks else ""]
        is_soft = shown.endswith(" ") and shown != "-- "
        pieces.append(shown[:-1] if is_soft and is_spaced else shown)
        marks_before = marks
        if not is_soft:
            lines.append("".join(pieces))
            pieces = []
    return "\n".join([*lines, "".join(pieces)])
