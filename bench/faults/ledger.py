"""What the clients were told, and whether a database still knows it.

A line is written before an act and another after it was acknowledged, as JSON: `c` is the client,
`do` the act, `ok` whether it was acknowledged. Knows nothing of Django: images are judged by it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

type Ask = Callable[[str], Sequence[tuple[Any, ...]]]

LOGGED = frozenset({"remove", "restore", "pin", "unpin", "move"})
CREATING = {"reply": "posts", "start": "posts", "join": "members", "talk": "messages"}
STATES = {"remove": "removed", "restore": "visible", "withdraw": "withdrawn"}


class Ledger:
    """What stands by the lines fed so far; `ask` at the start tells what was there before."""

    def __init__(self, ask: Ask) -> None:
        self.posts: dict[int, tuple[str, str]] = {}
        self.threads: dict[int, tuple[int, bool]] = {}
        self.members: set[str] = set()
        self.reactions: dict[tuple[int, int], str] = {}  # by post and member
        self.messages: dict[int, str] = {}
        self.logged = self.acked = self.was_unacked = 0
        self.flight: dict[str, dict[str, Any]] = {}
        self.take_over(ask)

    def take_over(self, ask: Ask) -> None:
        """Believe the database: what was under way is known to have been done, or not."""
        self.posts = {row[0]: (row[1], row[2]) for row in ask(_POSTS)}
        self.threads = {row[0]: (row[1], bool(row[2])) for row in ask(_THREADS)}
        self.members = {row[0] for row in ask(_MEMBERS)}
        self.reactions = {(row[0], row[1]): row[2] for row in ask(_REACTIONS)}
        self.messages = dict(ask(_MESSAGES))
        self.logged = int(ask(_LOGGED)[0][0])
        self.flight = {}

    def feed(self, line: str) -> None:
        """Take one line."""
        try:
            told = json.loads(line)
        except ValueError:
            return  # cut off by the kill: nobody was told
        if not told["ok"]:
            self.flight[told["c"]] = told
            return
        self.flight.pop(told["c"], None)
        self.acked += 1
        kind, id_ = told["do"], told.get("id")
        self.logged += kind in LOGGED
        if kind in ("reply", "start"):
            self.posts[id_] = told["source"], "visible"
        if kind == "start":
            self.threads[told["thread"]] = told["board"], False
        elif kind == "join":
            self.members.add(told["name"])
        elif kind == "react":
            self.reactions[id_, told["by"]] = told["kind"]
        elif kind == "talk":
            self.messages[id_] = told["source"]
        elif kind == "edit" or kind in STATES:
            self.posts[id_] = _after(self.posts[id_], told)
        elif kind in ("pin", "unpin", "move"):
            self.threads[id_] = _moved(self.threads[id_], told)

    def faults(self, ask: Ask) -> list[str]:
        """Return what the database lacks, or has without anybody having asked for it."""
        posts = {row[0]: (row[1], row[2]) for row in ask(_POSTS)}
        threads = {row[0]: (row[1], bool(row[2])) for row in ask(_THREADS)}
        members = {row[0] for row in ask(_MEMBERS)}
        under_way = {told["id"]: told for told in self.flight.values() if "id" in told}
        found = [
            f"post {id_}: acknowledged {was}, there is {posts.get(id_)}"
            for id_, was in self.posts.items()
            if posts.get(id_) != was and posts.get(id_) != _after(was, under_way.get(id_))
        ]
        found += [
            f"thread {id_}: acknowledged {row}, there is {threads.get(id_)}"
            for id_, row in self.threads.items()
            if threads.get(id_) != row and threads.get(id_) != _moved(row, under_way.get(id_))
        ]
        found += [f"member {name} is lost" for name in self.members - members]
        found += self._reacted(ask, under_way)
        creating = [CREATING.get(told["do"]) for told in self.flight.values()]
        messages = dict(ask(_MESSAGES))
        found += [
            f"message {id_}: acknowledged {source!r}, there is {messages.get(id_)!r}"
            for id_, source in self.messages.items()
            if messages.get(id_) != source
        ]
        unasked = {
            "posts": len(posts.keys() - self.posts.keys()),
            "members": len(members - self.members),
            "messages": len(messages.keys() - self.messages.keys()),
        }
        self.was_unacked = sum(unasked.values())
        found += [
            f"{count} {what} nobody asked for"
            for what, count in unasked.items()
            if count > creating.count(what)
        ]
        logged = int(ask(_LOGGED)[0][0])
        most = self.logged + sum(told["do"] in LOGGED for told in self.flight.values())
        if not self.logged <= logged <= most:
            found.append(f"{logged} entries of the log, acknowledged {self.logged} to {most}")
        return found

    def _reacted(self, ask: Ask, under_way: dict[int, dict[str, Any]]) -> list[str]:
        """Return what reactions are others than acknowledged; none is ""."""
        there = {(row[0], row[1]): row[2] for row in ask(_REACTIONS)}
        found = []
        for key in self.reactions.keys() | there.keys():
            was, is_ = self.reactions.get(key, ""), there.get(key, "")
            told = under_way.get(key[0], {})
            asked = told["kind"] if told.get("do") == "react" and told["by"] == key[1] else was
            if is_ not in (was, asked):
                found.append(f"reaction {key}: acknowledged {was!r}, there is {is_!r}")
        return found


def _after(was: tuple[str, str], told: dict[str, Any] | None) -> tuple[str, str]:
    if told is None:
        return was
    if told["do"] == "edit":
        return told["source"], was[1]
    return was[0], STATES.get(told["do"], was[1])


def _moved(was: tuple[int, bool], told: dict[str, Any] | None) -> tuple[int, bool]:
    if told is None:
        return was
    if told["do"] == "move":
        return told["board"], was[1]
    return was[0], {"pin": True, "unpin": False}.get(told["do"], was[1])


_POSTS = "SELECT id, source, state FROM threads_post"
_THREADS = "SELECT id, board_id, is_pinned FROM threads_thread"
_MEMBERS = "SELECT name FROM members_member"
_LOGGED = "SELECT count(*) FROM modlog_logentry"
_REACTIONS = "SELECT post_id, member_id, kind FROM reactions_reaction"
_MESSAGES = "SELECT id, source FROM conversations_message"
STATEMENTS = (_POSTS, _THREADS, _MEMBERS, _LOGGED, _REACTIONS, _MESSAGES)
