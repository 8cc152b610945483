"""A crowd writes: replies, reactions, one form many times, a lock among them.

By day 180 replies of three processes; by night 500 of five, and 1,000 reactions.
"""

from __future__ import annotations

import json

import pytest

from tests.acceptance.beginnings import begin
from tests.acceptance.operating import run, start

pytestmark = pytest.mark.django_db  # also for the PostgreSQL run; the forum is one of its own
PROCESSES = 3
BY_NIGHT = [pytest.mark.nightly, pytest.mark.postgresql_by_night]
BEGIN = """
import json, sys, time
from rostra.forum.access.queries import viewer_for
from rostra.forum.members.models import Member
from rostra.forum.members.queries import account_for
from rostra.forum.reactions.actions import react
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.actions.threads import lock_thread
from rostra.forum.threads.models import Post, Thread
from rostra.forum.threads.submissions import Sent
from rostra.kernel.errors import Refused
def view(name):
    return viewer_for(account_for(Member.objects.get(name=name).pk))
thread = Thread.objects.get(title="Flood barrier")
"""
SET_UP = """
from tests.cast import assemble
from rostra.forum.members.actions import create_member
assemble(1)
for n in range(50):
    create_member(f"Reader {'abcdefghij'[n // 10]}{'abcdefghij'[n % 10]}")
"""
REPLY = (
    BEGIN
    + """
quay = view("Quay")
for n in range({replies}):
    post_reply(quay, thread.pk, f"From {me}, number {{n}}")
"""
)
REACT = (
    BEGIN
    + """
post = Post.objects.get(thread=thread, number=1)
readers = [view(name) for name in
           Member.objects.filter(name__startswith="Reader").order_by("id").values_list("name", flat=True)]
for n, reader in enumerate(readers):
    for kind in ("like", "disagree", "", "thanks")[: 2 + (n + {me}) % 3]:
        react(reader, post.pk, kind)
"""
)
ONE_FORM = (
    BEGIN
    + """
quay = view("Quay")
print(json.dumps([post_reply(quay, thread.pk, "One form.", sent=Sent("ab" * 16)).pk for _ in range(10)]))
"""
)
LOCK = (
    BEGIN
    + """
mod = view("Mod Ferris")
begun = thread.last_number
while thread.last_number < begun + 20:
    thread.refresh_from_db()
lock_thread(mod, thread.pk, locked=True, reason="It has been said by now, all of it.")
"""
)
UNTIL_LOCKED = (
    BEGIN
    + """
quay = view("Quay")
try:
    for n in range(1000):
        post_reply(quay, thread.pk, f"From {me}, number {{n}}")
except Refused as error:
    print(error.reason)
"""
)
UNTIL_CLOSED = (
    BEGIN
    + """
from rostra.forum.bookmarks.actions import keep_post
from rostra.forum.threads.actions.drafts import save_draft
quay = view("Quay")
first = Post.objects.get(thread=thread, number=2)
try:
    for n in range(1000):
        post_reply(quay, thread.pk, f"From {me}, number {{n}}")
        react(quay, first.pk, ("like", "thanks", "")[n % 3])
        save_draft(quay, f"t{{n}}", title="", source=f"Later, {me}")
        keep_post(quay, first.pk, note=f"{me} {{n}}", remind_at=None)
except Refused as error:
    print(error.reason)
"""
)
OF_QUAY = """
from rostra.forum.bookmarks.models import Bookmark
from rostra.forum.reactions.models import Reaction
from rostra.forum.threads.models import Draft
def of_quay():
    quay = Member.objects.get(name="Quay").pk
    return [
        sorted(Post.objects.filter(author_id=quay).values_list("id", flat=True)),
        list(Reaction.objects.filter(member_id=quay).values_list("kind", flat=True)),
        sorted(Draft.objects.filter(member_id=quay).values_list("place", "source")),
        list(Bookmark.objects.filter(member_id=quay).values_list("note", flat=True)),
    ]
"""
CLOSE = (
    BEGIN
    + OF_QUAY
    + """
from django.db import transaction
from rostra.forum.members.actions import set_open
begun = thread.last_number
while thread.last_number < begun + 40:
    thread.refresh_from_db()
quay = Member.objects.get(name="Quay").pk
with transaction.atomic():
    set_open(quay, is_open=False, role="operator", reason="Asked for by its member.")
    print(json.dumps(of_quay()))
"""
)
REGISTER = """
import json
from rostra.forum.members.actions import create_member
from rostra.kernel.errors import Invalid
names = ["Tern Gull", "tern gull", "TERN GULL", "Tern  Gull", "\\uff34ern Gull", "Tern Gu11",
         "Tern Gul1", "Te\\u200brn Gull", "T\\u00e9rn Gull".replace("\\u00e9", "e"), "Tern GuIl"]
made = 0
for n in range(2):
    for name in names[{me}:] + names[:{me}]:
        try:
            create_member(name)
            made += 1
        except Invalid:
            pass
print(made)
"""
SAME_TITLE = (
    BEGIN
    + """
from rostra.forum.threads.actions.threads import start_thread
quay = view("Quay")
for n in range(20):
    start_thread(quay, thread.board_id, "Low water", f"From {me}, number {{n}}")
"""
)
COUNT = (
    BEGIN
    + """
from rostra.forum.modlog.models import LogEntry
from rostra.forum.reactions.models import Reaction, Reputation, Tally
from rostra.forum.reactions.kinds import KINDS
from collections import Counter
numbers = list(Post.objects.filter(thread=thread).order_by("number").values_list("number", "id"))
rows = Counter(Reaction.objects.values_list("kind", flat=True))
print(json.dumps({
    "posts": len(numbers),
    "dense": [n for n, _ in numbers] == list(range(1, len(numbers) + 1)),
    "in order": [i for _, i in numbers] == sorted(i for _, i in numbers),
    "counted": dict(Tally.objects.filter(count__gt=0).values_list("kind", "count")) == dict(rows),
    "score": sum(Reputation.objects.values_list("score", flat=True))
             == sum(KINDS[kind].worth * count for kind, count in rows.items()),
    "reactions": sum(rows.values()),
}))
"""
)


@pytest.fixture
def forum(environ):
    begin(environ, SET_UP)
    return environ


def together(codes, environ):
    """Run these at once; return what each printed."""
    at_work = [start(code, environ) for code in codes]
    said = []
    try:
        for process in at_work:
            out, err = process.communicate(timeout=240)
            assert process.returncode == 0, err
            said.append(out.strip())
    finally:
        for process in at_work:  # one may wait for another that has failed
            process.kill()
    return said


def counted(environ):
    found = json.loads(run(COUNT, environ))
    assert found["dense"]
    assert found["in order"]
    assert found["counted"]
    assert found["score"]
    return found


@pytest.mark.parametrize(
    ("processes", "replies"),
    [pytest.param(PROCESSES, 60, marks=BY_NIGHT[1:]), pytest.param(5, 100, marks=BY_NIGHT)],
)
def test_a_crowd(forum, processes, replies):
    """REL-011: one form ten times from each process at once is one post, and one answer.

    REL-013, 015: replies and reactions at once are numbered and counted exactly.
    REL-018: whoever is in flight when a thread is locked is refused from then on.
    """
    said = together([ONE_FORM] * processes, forum)
    assert len({pk for line in said for pk in json.loads(line)}) == 1
    assert counted(forum)["posts"] == 2

    codes = [REPLY.format(me=me, replies=replies) for me in range(processes)]
    codes += [REACT.format(me=me) for me in range(processes + 2)]
    together(codes, forum)
    found = counted(forum)
    assert found["posts"] == 2 + processes * replies
    assert 0 < found["reactions"] <= 50

    codes = [UNTIL_LOCKED.format(me=me) for me in range(processes - 1)]
    assert together([*codes, LOCK], forum)[:-1] == ["thread_locked"] * (processes - 1)
    assert counted(forum)["posts"] >= 22 + processes * replies


def test_nothing_is_written_once_an_account_is_closed(forum):
    """SEC-072: whatever was on its way when it was closed came before, or not at all."""
    run(BEGIN + 'post_reply(view("Hill"), thread.pk, "Words of another.")', forum)
    codes = [UNTIL_CLOSED.format(me=me) for me in range(PROCESSES)]
    *told, when_closed = together([*codes, CLOSE], forum)
    assert told == ["account_closed"] * PROCESSES
    assert json.loads(run(BEGIN + OF_QUAY + "print(json.dumps(of_quay()))", forum)) == json.loads(
        when_closed
    )
    assert counted(forum)["posts"] >= 40


def test_one_name_a_hundred_times_and_one_title(forum):
    """REL-014: however it is spelled it is one account; threads of one title are told apart."""
    made = together([REGISTER.format(me=me) for me in range(PROCESSES)], forum)
    assert sum(map(int, made)) == 1
    together([SAME_TITLE.format(me=me) for me in range(PROCESSES)], forum)
    places = run(
        BEGIN
        + """
from rostra.web import addresses
found = Thread.objects.filter(title="Low water").values_list("id", "title")
print(json.dumps([addresses.thread(*row) for row in found]))
""",
        forum,
    )
    assert len(set(json.loads(places))) == len(json.loads(places)) == 20 * PROCESSES
