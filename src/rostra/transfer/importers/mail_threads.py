"""Threads out of messages: by what each answers, then by subject among the rest."""

from __future__ import annotations

import heapq
import json
import re
import sqlite3
from array import array
from itertools import groupby

_LEAD = re.compile(r"re(?:\^\d+|\[\d+\])?\s*:\s*", re.IGNORECASE)
_UNKNOWN = -(1 << 62)


def bare_subject(subject: str, tag: str = "") -> str:
    """Return a subject without the "Re:" and the list's "[tag]" that lead it, however often."""
    shown = " ".join(subject.split())
    mark = f"[{tag.lower()}]"
    while True:
        if lead := _LEAD.match(shown):
            shown = shown[lead.end() :]
        elif tag and shown.lower().startswith(mark):
            shown = shown[len(mark) :].lstrip()
        else:
            return shown


def tie(db: sqlite3.Connection) -> None:
    """Give every message its parent, its thread's number and its place in the thread."""
    parents = _parents(db)
    _break_cycles(parents)
    roots = _roots(parents)
    _join_subjects(db, roots)
    dates = _dates(db, len(parents))
    ranked = _ranked(parents, roots, dates)
    db.executemany(
        "UPDATE message SET parent = ?, thread = ?, rank = ? WHERE seq = ?",
        ((parents[seq] or None, thread, rank, seq) for seq, thread, rank in ranked),
    )


def _parents(db: sqlite3.Connection) -> array[int]:
    """Find for each message the nearest one that it names; 0 stands for none."""
    size = db.execute("SELECT coalesce(max(seq), 0) FROM message").fetchone()[0] + 1
    parents = array("q", bytes(8 * size))
    find = "SELECT seq FROM message WHERE key = ?"
    for seq, refs in db.execute("SELECT seq, refs FROM message WHERE refs != '[]'"):
        for ref in json.loads(refs):
            known = db.execute(find, (ref,)).fetchone()
            if known and known[0] != seq:
                parents[seq] = known[0]
                break
    return parents


def _break_cycles(parents: array[int]) -> None:
    """Make a root of the first message in each ring of messages that answer one another."""
    seen = array("q", bytes(8 * len(parents)))
    for start in range(1, len(parents)):
        at = start
        while at and not seen[at]:
            seen[at] = start
            at = parents[at]
        if at and seen[at] == start:
            parents[_earliest_in_ring(parents, at)] = 0


def _earliest_in_ring(parents: array[int], at: int) -> int:
    earliest, other = at, parents[at]
    while other != at:
        earliest = min(earliest, other)
        other = parents[other]
    return earliest


def _roots(parents: array[int]) -> array[int]:
    """Find each message's root; paths are shortened as they are walked."""
    roots = array("q", bytes(8 * len(parents)))
    for seq in range(1, len(parents)):
        path = []
        at = seq
        while not roots[at] and parents[at]:
            path.append(at)
            at = parents[at]
        root = roots[at] or at
        for one in (*path, at):
            roots[one] = root
    return roots


def _join_subjects(db: sqlite3.Connection, roots: array[int]) -> None:
    """Let roots with one subject in one board be one thread: the first of them stands for all."""
    db.execute(
        "CREATE TEMP TABLE subject"
        " (board TEXT, words TEXT, seq INTEGER, PRIMARY KEY (board, words))"
    )
    for seq, board, subject in db.execute("SELECT seq, board, subject FROM message ORDER BY seq"):
        if roots[seq] != seq:
            continue
        words = bare_subject(subject, board).lower()
        db.execute("INSERT OR IGNORE INTO subject VALUES (?, ?, ?)", (board, words, seq))
        where = (board, words)
        roots[seq] = db.execute(
            "SELECT seq FROM subject WHERE board = ? AND words = ?", where
        ).fetchone()[0]
    db.execute("DROP TABLE subject")
    for seq in range(1, len(roots)):
        roots[seq] = roots[roots[seq]]


def _dates(db: sqlite3.Connection, size: int) -> array[int]:
    dates = array("q", [_UNKNOWN]) * size
    for seq, date in db.execute("SELECT seq, date FROM message WHERE date IS NOT NULL"):
        dates[seq] = date
    return dates


def _ranked(
    parents: array[int], roots: array[int], dates: array[int]
) -> list[tuple[int, int, int]]:
    """Number threads by their beginning, and messages so that each follows what it answers."""
    ordered = sorted(range(1, len(roots)), key=roots.__getitem__)
    threads: list[tuple[int, int, list[int]]] = []
    for _, group in groupby(ordered, key=roots.__getitem__):
        seqs = list(group)
        placed = _in_order(seqs, parents, dates)
        threads.append((_known(dates, placed), placed[0], placed))
    threads.sort()
    return [
        (seq, thread, rank)
        for thread, (_, _, placed) in enumerate(threads, 1)
        for rank, seq in enumerate(placed)
    ]


def _in_order(seqs: list[int], parents: array[int], dates: array[int]) -> list[int]:
    """Order a thread by date, but never an answer before what it answers.

    A date before the parent's is taken as the parent's, an unknown one too.
    """
    children: dict[int, list[int]] = {}
    for seq in seqs:
        children.setdefault(parents[seq], []).append(seq)
    beginning = _known(dates, seqs)
    ready = [(_date(dates, seq, beginning), seq) for seq in children[0]]
    heapq.heapify(ready)
    placed: list[int] = []
    while ready:
        date, seq = heapq.heappop(ready)
        placed.append(seq)
        for child in children.get(seq, ()):
            heapq.heappush(ready, (max(date, dates[child]), child))
    return placed


def _date(dates: array[int], seq: int, otherwise: int) -> int:
    return dates[seq] if dates[seq] != _UNKNOWN else otherwise


def _known(dates: array[int], seqs: list[int]) -> int:
    """Return the first date that is known among messages."""
    return min((dates[seq] for seq in seqs if dates[seq] != _UNKNOWN), default=_UNKNOWN)
