"""What clients do to a forum, told line by line: the writers of the drills."""

from __future__ import annotations

import json
import os
import random
import threading
import traceback
from collections.abc import Callable
from typing import Any

from bench.faults.place import WHY

PATIENCE = 60  # seconds
# How often of a hundred times or so.
ACTS = {
    "reply": 50, "react": 20, "edit": 10, "start": 6, "remove": 6, "restore": 4, "withdraw": 2,
    "pin": 4, "move": 2, "join": 2, "read": 2, "talk": 10,
}  # fmt: skip


class Client:
    """One client: does what it may, tells it before and after; touches nobody else's posts."""

    def __init__(
        self, name: str, ids: dict[str, int], seed: int, tell: Callable[[str], Any]
    ) -> None:
        from rostra.forum.access.queries import viewer_for
        from rostra.forum.members.queries import account_for

        self.name, self.ids, self.tell = name, ids, tell
        self.random = random.Random(seed)
        own, other = self.random.sample(("quay", "hill"), 2)
        self.me, self.other = viewer_for(account_for(ids[own])), viewer_for(account_for(ids[other]))
        self.mod = viewer_for(account_for(ids["mod"], as_operator=True))
        self.posts: list[int] = []
        self.removed: list[int] = []
        self.threads: list[list[Any]] = []  # id, board, is it pinned
        self.talk = 0  # the conversation with the other, once there is one
        self.number = 0

    def act(self) -> None:
        """Do one thing."""
        kind = self.random.choices(list(ACTS), list(ACTS.values()))[0]
        lacks = {
            **dict.fromkeys(("edit", "react", "remove", "withdraw"), self.posts),
            "restore": self.removed,
            **dict.fromkeys(("pin", "move"), self.threads),
        }
        if not lacks.get(kind, True):
            kind = "reply"
        self.number += 1
        getattr(self, f"_{kind}")()

    def _say(self, act: str, ok: int, **facts: Any) -> None:
        self.tell(json.dumps({"c": self.name, "do": act, "ok": ok, **facts}) + "\n")

    def _words(self) -> str:
        return f"{self.name} says {self.number}: " + "water " * self.random.randrange(1, 200)

    def _reply(self) -> None:
        from rostra.forum.threads.actions.posts import post_reply

        there = [self.ids["barrier"], *(row[0] for row in self.threads)]
        source = self._words().strip()
        self._say("reply", 0, source=source)
        post = post_reply(self.me, self.random.choice(there), source)
        self._say("reply", 1, id=post.pk, source=source)
        self.posts.append(post.pk)

    def _edit(self) -> None:
        from rostra.forum.threads.actions.posts import edit_post

        id_, source = self.random.choice(self.posts), self._words().strip()
        self._say("edit", 0, id=id_, source=source)
        edit_post(self.me, id_, source)
        self._say("edit", 1, id=id_, source=source)

    def _react(self) -> None:
        from rostra.forum.reactions.actions import react
        from rostra.forum.reactions.kinds import KINDS

        id_, by = self.random.choice(self.posts), self.other.require_member()
        kind = self.random.choice(["", *KINDS])  # "" takes back what there is
        self._say("react", 0, id=id_, by=by, kind=kind)
        react(self.other, id_, kind)
        self._say("react", 1, id=id_, by=by, kind=kind)

    def _talk(self) -> None:
        from rostra.forum.conversations.actions.messages import send_message, start_conversation

        source = self._words().strip()
        self._say("talk", 0, source=source)
        if self.talk:
            message = send_message(self.me, self.talk, source)
        else:
            title = f"{self.name} and another"
            message = start_conversation(self.me, [self.other.require_member()], title, source)
        self._say("talk", 1, id=message.pk, source=source)
        self.talk = message.conversation_id

    def _start(self) -> None:
        from rostra.forum.threads.actions.threads import start_thread
        from rostra.forum.threads.models import Post

        board, source = self.ids["harbour"], self._words().strip()
        self._say("start", 0, source=source)
        thread = start_thread(self.me, board, f"{self.name} begins {self.number}", source)
        post = Post.objects.values_list("pk", flat=True).get(thread=thread, number=1)
        self._say("start", 1, id=post, source=source, thread=thread.pk, board=board)
        self.threads.append([thread.pk, board, False])

    def _remove(self) -> None:
        from rostra.forum.threads.actions.posts import remove_post

        id_ = self.posts.pop(self.random.randrange(len(self.posts)))
        self._say("remove", 0, id=id_)
        remove_post(self.mod, id_, WHY)
        self._say("remove", 1, id=id_)
        self.removed.append(id_)

    def _restore(self) -> None:
        from rostra.forum.threads.actions.posts import restore_post

        id_ = self.removed.pop()
        self._say("restore", 0, id=id_)
        restore_post(self.mod, id_, WHY)
        self._say("restore", 1, id=id_)
        self.posts.append(id_)

    def _withdraw(self) -> None:
        from rostra.forum.threads.actions.posts import withdraw_post

        id_ = self.posts.pop()
        self._say("withdraw", 0, id=id_)
        withdraw_post(self.me, id_)
        self._say("withdraw", 1, id=id_)

    def _pin(self) -> None:
        from rostra.forum.threads.actions.threads import pin_thread

        row = self.random.choice(self.threads)
        kind = "unpin" if row[2] else "pin"
        self._say(kind, 0, id=row[0])
        pin_thread(self.mod, row[0], pinned=not row[2], reason=WHY)
        self._say(kind, 1, id=row[0])
        row[2] = not row[2]

    def _move(self) -> None:
        from rostra.forum.threads.actions.threads import move_thread

        row = self.random.choice(self.threads)
        board = self.ids["region" if row[1] == self.ids["harbour"] else "harbour"]
        self._say("move", 0, id=row[0], board=board)
        move_thread(self.mod, row[0], board, reason=WHY)
        self._say("move", 1, id=row[0], board=board)
        row[1] = board

    def _join(self) -> None:
        from rostra.forum.members.actions import create_member

        name = f"Member {self.name} {self.number}"
        self._say("join", 0, name=name)
        create_member(name)
        self._say("join", 1, name=name)

    def _read(self) -> None:
        from rostra.forum.members.actions import choose_reading

        self._say("read", 0)
        choose_reading(self.me.require_member(), language="", per_page="20")
        self._say("read", 1)


def teller(file: int) -> Callable[[str], Any]:
    """Return what writes a line at once, whole, to a pipe or to a file opened for appending."""
    return lambda line: os.write(file, line.encode())


def keep_writing(
    name: str, ids: dict[str, int], seed: int, file: int, threads: int = 1, acts: int | None = None
) -> None:
    """Write with so many clients until the end: so many acts, or the kill.

    They wait for each other for as long as a busy disk takes: what is asked of them is that nothing
    is lost, not how long a turn may take (that is REL-019).
    """
    _be_patient()

    def run(number: int) -> None:
        try:
            client = Client(f"{name}.{number}", ids, seed + number, teller(file))
            while acts is None or client.number < acts:
                client.act()
        finally:
            from django.db import connections

            connections.close_all()

    def run_or_end(number: int) -> None:
        try:
            run(number)
        except BaseException:
            traceback.print_exc()
            os._exit(1)  # all the others too, or nobody would notice that one is missing

    if threads == 1:
        run(0)
        return
    running = [threading.Thread(target=run_or_end, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


def _be_patient() -> None:
    from django.db import connections

    if connections["default"].vendor == "sqlite":
        connections["default"].close()
        connections.settings["default"]["OPTIONS"]["timeout"] = PATIENCE


def keep_working() -> None:
    """Do jobs until the kill, as `rostra work` does."""
    import time

    from rostra.kernel.jobs import run_due
    from rostra.project import schedule  # noqa: F401  (what the clock starts registers itself)

    while True:
        if not run_due(10):
            time.sleep(0.05)
