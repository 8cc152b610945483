"""Fills an empty forum with the demo: content by way of the loader, then real acts of moderators.

The same content gives the same forum every time, but for its dates, which count back from now.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

import click
from django.conf import settings

from rostra.effects.search.actions import catch_up
from rostra.forum.access.actions import set_access
from rostra.forum.access.presets import table
from rostra.forum.access.queries import viewer_for
from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.queries import whole_tree
from rostra.forum.members import queries as members
from rostra.forum.members.actions import join_group
from rostra.forum.members.groups import Groups, ensure_groups
from rostra.forum.modlog.actions import ensure_rules
from rostra.forum.polls.actions import start_with_poll, vote
from rostra.forum.polls.rules import Plan
from rostra.forum.sanctions.actions.giving import Ground, limit_member, warn_member
from rostra.forum.sanctions.rules import DAYS, Wish
from rostra.forum.threads.actions import posts, threads
from rostra.forum.threads.actions.logging import Why
from rostra.forum.threads.queries import highest_thread_id
from rostra.forum.words.actions import watch_words
from rostra.kernel import clock
from rostra.project.demo import content
from rostra.project.demo.content import Line, Person, Play
from rostra.project.demo.notes import play_notes
from rostra.project.seed_claims import Claims
from rostra.transfer.load.mapping import Map
from rostra.transfer.load.run import load
from rostra.transfer.records import (
    BoardRecord,
    MemberRecord,
    PostRecord,
    ReactionRecord,
    Record,
    ThreadKind,
    ThreadRecord,
)

ORIGIN = "demo"
LIKELY = {"like": 64, "thanks": 14, "insightful": 17, "funny": 0, "sad": 0, "disagree": 0}
SMILIE = re.compile(r":\)|:D|:[a-z]+:")


def is_empty() -> bool:
    """Return whether this forum has no boards, no members and no threads."""
    return not whole_tree().rows and members.count() == 0 and highest_thread_id() == 0


def seed() -> None:
    """Fill the forum with the demo; a second time changes nothing."""
    reader = DemoReader(clock.now())
    report = load(reader, settings.ROSTRA.data / "imports" / ORIGIN, processes=1)
    if report.written["post"]:
        acts = Moderation(reader)
        acts.carry_out()
        acts.have_notes_decided()
    while not catch_up().is_done:  # what is to be found is found from the first request on
        pass
    click.echo(
        f"The demo: {report.written['member']} invented members, "
        f"{report.written['thread']} threads, {report.written['post']} posts."
    )


class DemoReader:
    """The demo's content as records."""

    origin = ORIGIN

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.cast = content.people(now)
        self.plays = content.plays(now, self.cast)
        self.boards: dict[str, dict[str, Any]] = content.table("boards")

    def prepare(self) -> int:
        """Return how many posts will come."""
        return sum(len(play.lines) for play in self.plays)

    def records(self) -> Iterator[Record]:
        """Yield boards, members, threads, then all posts by date, so that their ids are too."""
        yield from self._boards()
        yield from self._members()
        ordered = sorted(
            ((line, play) for play in self.plays for line in play.lines),
            key=lambda pair: int(pair[0].key),
        )
        yield from (self._thread(play) for play in self.plays)
        for line, play in ordered:
            yield PostRecord(
                id=line.key,
                thread=play.slug,
                source=line.source,
                dialect="native",
                author=line.who,
                created_at=line.at,
                reply_to=line.reply_to,
            )
        # Not for safety: the same reactions every time.
        chance = random.Random(1013)  # noqa: S311
        for line, play in ordered:
            yield from self._reactions(line, play, chance)

    def line_of(self, slug: str, number: int) -> Line:
        """Return a thread's post by its number."""
        play = next(play for play in self.plays if play.slug == slug)
        return play.lines[number - 1]

    def _boards(self) -> Iterator[BoardRecord]:
        for position, (key, row) in enumerate(self.boards.items()):
            yield BoardRecord(
                id=key,
                title=row["title"],
                description=row.get("description", ""),
                parent=row.get("parent"),
                position=position,
                is_category=row.get("is_category", False),
                is_private=row.get("is_private", False),
            )

    def _members(self) -> Iterator[MemberRecord]:
        first: dict[str, datetime] = {}
        for play in self.plays:
            for line in play.lines:
                first[line.who] = min(first.get(line.who, line.at), line.at)
        for person in sorted(self.cast.values(), key=lambda person: person.joined_at):
            latest = first.get(person.key, self.now) - timedelta(minutes=13)
            person.joined_at = min(person.joined_at, latest)
            yield MemberRecord(
                id=person.key, name=person.name, title=person.title, joined_at=person.joined_at
            )

    def _thread(self, play: Play) -> ThreadRecord:
        opening = play.lines[0]
        answer = play.head.get("answer")
        return ThreadRecord(
            id=play.slug,
            board=play.head["board"],
            title=play.head["title"],
            starter=opening.who,
            created_at=opening.at,
            answer=play.lines[int(answer) - 1].key if answer else None,
            kind=cast(ThreadKind, play.head.get("kind", "discussion")),
            link=play.head.get("link", ""),
            excerpt=play.head.get("excerpt", ""),
            tags=tuple(filter(None, play.head.get("tags", "").split(", "))),
            addresses=(f"/demo/{play.slug}",),
        )

    def _reactions(self, line: Line, play: Play, chance: random.Random) -> Iterator[ReactionRecord]:
        count = line.likes
        if count is None:
            count = chance.choices((0, 1, 2, 3, 5, 8), (30, 25, 18, 12, 9, 6))[0]
        able = self._witnesses(line, play)
        likely = _likely(line, play)
        for person in chance.sample(able, min(count, len(able))):
            kind = chance.choices(list(likely), list(likely.values()))[0]
            later = timedelta(minutes=int(chance.expovariate(1 / 400)) + 1)
            at = min(line.at + later, self.now)
            yield ReactionRecord(post=line.key, kind=kind, member=person.key, at=at)

    def _witnesses(self, line: Line, play: Play) -> Sequence[Person]:
        """Return who may react: those who were there by then; in a closed room those who write."""
        people = [
            person
            for person in self.cast.values()
            if person.key != line.who and person.joined_at <= line.at
        ]
        if self.boards[play.head["board"]].get("access", "public") == "public":
            return people
        inside = {other.who for other in play.lines}
        return [person for person in people if person.key in inside]


def _likely(line: Line, play: Play) -> dict[str, int]:
    """Return how likely each kind of reaction to this post is."""
    likely = dict(LIKELY)
    if SMILIE.search(line.source):
        likely["funny"] = 50
    elif len(line.source) < 90:
        likely |= {"funny": 14, "insightful": 5}
    if play.head.get("mood") == "contested":
        likely |= {"disagree": 6, "sad": 2}
    return likely


@dataclass
class Moderation:
    """What moderators and authors did after the content was there, by the real actions."""

    reader: DemoReader

    def __post_init__(self) -> None:
        self.map = Map(ORIGIN)
        self.groups: Groups = ensure_groups()
        ensure_rules()

    def carry_out(self) -> None:
        """Do every act in order."""
        for act in content.acts():
            self._do(act)
        Claims(
            self.reader.now,
            lambda key: self._viewer({"by": key}),
            lambda slug, number: self._id("post", self.reader.line_of(slug, number).key),
        ).make()

    def _do(self, act: dict[str, Any]) -> None:
        reason: str = act.get("reason", "")
        match act["kind"]:
            case "join_moderators":
                member_id = self._id("member", act["who"])
                join_group(self.groups.moderators, member_id, reason=reason)
            case "set_access":
                g = self.groups
                rows = table(act["preset"], everyone=g.everyone, members=g.members, staff=g.staff)
                set_access(None, self._id("board", act["board"]), rows, reason=reason)
            case "lock_thread":
                threads.lock_thread(
                    self._viewer(act), self._id("thread", act["thread"]), locked=True, reason=reason
                )
            case "pin_thread":
                threads.pin_thread(
                    self._viewer(act), self._id("thread", act["thread"]), pinned=True, reason=reason
                )
            case "move_thread":
                threads.move_thread(
                    self._viewer(act),
                    self._id("thread", act["thread"]),
                    self._id("board", act["board"]),
                    reason=reason,
                )
            case "watch_words":
                watch_words(self._viewer(act), act["words"], "hold", reason=reason)
            case "post_reply":  # which waits, for a word that is watched
                posts.post_reply(
                    self._viewer(act), self._id("thread", act["thread"]), act["source"]
                )
            case "start_thread":  # which waits as well
                board_id = self._id("board", act["board"])
                threads.start_thread(self._viewer(act), board_id, act["title"], act["source"])
            case "start_poll":
                self._start_poll(act)
            case _:
                self._do_to_post(act, reason)

    def have_notes_decided(self) -> None:
        """Put notes below posts, rated by members of two kinds and decided by the engine itself."""
        by_key = self.map.find("member", list(self.reader.cast))
        keys = {member_id: key for key, member_id in by_key.items()}
        play_notes(
            replace(self._viewer({"by": "ilse"}), capabilities=frozenset({"manage_access"})),
            [(key, by_key[key]) for key in self.reader.cast if key in by_key],
            lambda slug, number: self._id("post", self.reader.line_of(slug, number).key),
            lambda member_id: self._viewer({"by": keys[member_id]}),
        )

    def _start_poll(self, act: dict[str, Any]) -> None:
        board_id = self._id("board", act["board"])
        plan = Plan(act["question"], tuple(act["options"]), is_public=True)
        thread = start_with_poll(self._viewer(act), board_id, act["title"], act["source"], plan)
        for place, keys in enumerate(act["votes"], 1):
            for key in keys:
                vote(self._viewer({"by": key}), thread.pk, [place])

    def _do_to_post(self, act: dict[str, Any], reason: str) -> None:
        line = self.reader.line_of(act["thread"], act["post"])
        post_id, viewer = self._id("post", line.key), self._viewer(act)
        why = Why(rule=act.get("rule", ""))
        match act["kind"]:
            case "remove_post":
                posts.remove_post(viewer, post_id, reason, why=why)
            case "restore_post":
                posts.restore_post(viewer, post_id, reason, why=why)
            case "withdraw_post":
                posts.withdraw_post(viewer, post_id)
            case "edit_post":
                source = line.source.replace(act["old"], act["new"])
                posts.edit_post(viewer, post_id, source, reason=reason, why=why)
            case "warn_member" | "limit_member":
                self._sanction(act, line, post_id)
            case kind:
                raise ValueError(f"the demo knows no act {kind!r}")

    def _sanction(self, act: dict[str, Any], line: Line, post_id: int) -> None:
        """Warn the author of a post, or have them reply no more in its thread for a while."""
        viewer, member_id = self._viewer(act), self._id("member", line.who)
        ground = Ground(act["rule"], act["reason"], act["facts"], post_id)
        if act["kind"] == "warn_member":
            warn_member(viewer, member_id, act["points"], DAYS, ground)
            return
        wish = Wish("limit", act["days"], thread_id=self._id("thread", act["thread"]))
        limit_member(viewer, member_id, wish, ground)

    def _viewer(self, act: dict[str, Any]) -> Viewer:
        return viewer_for(members.account_for(self._id("member", act["by"]), as_operator=True))

    def _id(self, kind: str, key: str) -> int:
        return self.map.find(kind, [key])[key]
