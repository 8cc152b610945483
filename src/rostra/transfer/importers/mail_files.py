"""Finds messages in files: one a file, many in an mbox, or a Maildir; files are only read."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from rostra.transfer.records import Skipped

LONGEST = 64 * 1024 * 1024
_BLOCK = 1 << 20

_FROM = re.compile(
    rb"From .{0,300}?\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[^\S\n]+"
    rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[^\S\n]+"
    rb"\d{1,2}[^\S\n]+\d{1,2}:\d\d(?::\d\d)?(?:[^\S\n]+[A-Z+0-9-]{1,5})?[^\S\n]+\d{4}\b"
)
_NEXT = re.compile(rb"\n" + _FROM.pattern)
_HEADER = re.compile(rb"(?:>?From )|[!-9;-~]{1,80}[ \t]*:")
_DIGITS = re.compile(r"(\d+)")


class Place(NamedTuple):
    """Where a message lies: a stretch of a file, in an mbox or as a whole."""

    board: str
    path: str  # within the input
    start: int
    length: int
    is_mbox: bool


def open_regular(path: Path | str) -> BinaryIO:
    """Open a file to read; raise OSError for a link, a device, a pipe or a folder."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError("not a regular file")
    return os.fdopen(handle, "rb")


def files_under(root: Path) -> Iterator[Path | Skipped]:
    """Give the regular files under a folder (or the file itself) in the order of their names."""
    if root.is_symlink() or not root.is_dir():
        yield root
    else:
        yield from _files_in(root, root)


def _files_in(folder: Path, root: Path) -> Iterator[Path | Skipped]:
    for entry in sorted(os.scandir(folder), key=lambda entry: natural(entry.name)):
        path = Path(entry.path)
        if entry.is_symlink() or not (entry.is_file() or entry.is_dir()):
            yield Skipped(_within(root, path), "not_a_regular_file")
        elif not entry.is_dir():
            yield path
        elif entry.name != "tmp" or not _is_maildir(folder):
            yield from _files_in(path, root)


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts "9" before "10"."""
    parts = _DIGITS.split(name)
    return tuple((0, int(part), "") if at % 2 else (1, 0, part) for at, part in enumerate(parts))


def readable(name: str) -> str:
    """Return a name that may be shown and stored, whatever bytes a file is called by."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\x00", "")


def places(root: Path, board: str | None) -> Iterator[Place | Skipped]:
    """Give every message under a path, or why a file holds none.

    An mbox goes to the board that is asked for, as does what lies in no folder of its own.
    """
    asked = board or (root.name if root.is_dir() else root.stem)
    for file in files_under(root):
        if isinstance(file, Skipped):
            yield file
            continue
        name = _within(root, file)
        try:
            with open_regular(file) as lines:
                folder = _folder_of(root, file)
                yield from _in_file(lines, name, board or folder or asked, folder or asked)
        except OSError:
            yield Skipped(name, "unreadable_file")


class Messages:
    """Reads messages where they lie; the file of the last mbox stays open for the next message."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._is_dir = root.is_dir()
        self._mbox: tuple[str, BinaryIO] | None = None

    def read(self, place: Place) -> bytes:
        """Return the bytes of a message, with an mbox's own line and marks undone."""
        if not place.is_mbox:
            with self._open(place.path) as file:
                return file.read(place.length)
        if self._mbox is None or self._mbox[0] != place.path:
            self.close()
            self._mbox = place.path, self._open(place.path)
        file = self._mbox[1]
        file.seek(place.start)
        return _unboxed(file.read(place.length))

    def close(self) -> None:
        """Close the mbox that is open."""
        if self._mbox is not None:
            self._mbox[1].close()
            self._mbox = None

    def _open(self, path: str) -> BinaryIO:
        return open_regular(os.path.join(self._root, path) if self._is_dir else self._root)


def _in_file(file: BinaryIO, name: str, mbox_board: str, board: str) -> Iterator[Place | Skipped]:
    head = file.read(1024)
    size = os.fstat(file.fileno()).st_size
    if _FROM.match(head):
        yield from _in_mbox(file, name, mbox_board)
    elif not size:
        yield Skipped(name, "empty_file")
    elif not _HEADER.match(head.lstrip(b"\r\n")):
        yield Skipped(name, "not_a_message")
    elif size > LONGEST:
        yield Skipped(name, "message_too_long")
    else:
        yield Place(board, name, 0, size, is_mbox=False)


def _in_mbox(file: BinaryIO, name: str, board: str) -> Iterator[Place | Skipped]:
    start = 0
    for at in _ends(file):
        if at > start:
            yield _placed(board, name, start, at)
            start = at


def _ends(file: BinaryIO) -> Iterator[int]:
    """Give the places where a message of an mbox ends; blocks are read, and not lines."""
    file.seek(0)
    start, text = 0, b""  # what is not looked through yet
    while block := file.read(_BLOCK):
        text += block
        end = text.rfind(b"\n")  # the last line may go on in the next block
        if end <= 0 and len(text) > 2 * _BLOCK:
            end = len(text)  # one without end is not kept
        if end > 0:
            for found in _NEXT.finditer(text, 0, end):
                yield start + found.start() + 1
            start, text = start + end, text[end:]
    for found in _NEXT.finditer(text):
        yield start + found.start() + 1
    yield start + len(text)


def _placed(board: str, name: str, start: int, end: int) -> Place | Skipped:
    if end - start > LONGEST:
        return Skipped(f"{name} at {start}", "message_too_long")
    return Place(board, name, start, end - start, is_mbox=True)


_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


def _unboxed(raw: bytes) -> bytes:
    raw = raw.partition(b"\n")[2]
    return _QUOTED_FROM.sub(rb"\1", raw) if b">From " in raw else raw


def _within(root: Path, file: Path) -> str:
    return file.relative_to(root).as_posix() if file != root else file.name


def _folder_of(root: Path, file: Path) -> str:
    """Return the folder a file lies in as a newsgroup is written; "" for the outermost."""
    folder = file.parent
    if not root.is_dir():
        return ""
    if folder.name in ("cur", "new") and _is_maildir(folder.parent):
        folder = folder.parent
    if folder == root or root not in folder.parents:
        return ""
    return ".".join(part.strip(".") for part in folder.relative_to(root).parts)


def _is_maildir(folder: Path) -> bool:
    return (folder / "cur").is_dir() and (folder / "new").is_dir()
