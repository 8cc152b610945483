"""Many ballots at once: one vote each, counted exactly, none after the end (REL-013, REL-016)."""

from __future__ import annotations

import pytest

from tests.acceptance.beginnings import CAST, begin
from tests.acceptance.operating import run, start

PROCESSES, EACH = 4, 50

BEGIN = """
from rostra.forum.members.models import Member
from rostra.forum.members.queries import account_for
from rostra.forum.access.queries import viewer_for
from rostra.forum.boards.models import Board
from rostra.forum.polls import actions
from rostra.forum.polls.models import Option, Poll, Vote
from rostra.forum.polls.rules import Plan
from rostra.forum.threads.models import Thread
from rostra.kernel.errors import Refused
def view(name):
    return viewer_for(account_for(Member.objects.get(name=name).pk))
"""
MAKE = (
    BEGIN
    + """
for title in ("One voter", "Many"):
    plan = Plan("Which?", ("A", "B", "C"), most=2)
    actions.start_with_poll(
        view("Quay"), Board.objects.get(title="Harbour").pk, title, "Words.", plan
    )
"""
)
VOTE = (
    BEGIN
    + """
one, many = (Thread.objects.get(title=title).pk for title in ("One voter", "Many"))
people = [view(name) for name in ("Quay", "Hill", "Newcomer", "Mod Ferris", "Ada Minh")]
refused = 0
for n in range({each}):
    try:
        actions.vote(view("Hill"), one, [1 + (n + {me}) % 3])
    except Refused:
        refused += 1
    actions.vote(people[(n + {me}) % 5], many, [1 + n % 3, 1 + (n + {me}) % 3])
    if {me} == 0 and n == {each} // 2:
        actions.close_poll(view("Quay"), one)
print("done", refused)
"""
)
COUNT = (
    BEGIN
    + """
from rostra.transfer.integrity import examine
one, many = (Poll.objects.get(thread__title=title) for title in ("One voter", "Many"))
late = Vote.objects.filter(poll=one, at__gt=one.closes_at).count()
print(one.voter_count, Vote.objects.filter(poll=one).count(), late, many.voter_count,
      [finding.check for finding in examine()
       if finding.check not in ("nightly backup", "free space")])
"""
)


@pytest.mark.django_db  # marks it for the PostgreSQL run; the forum is one of its own
def test_two_hundred_ballots_of_one_member_are_one_vote(environ):
    """REL-016: in parallel, with the poll closed in between; of five members five (REL-013)."""
    begin(environ, CAST)
    run(MAKE, environ)
    at_work = [start(VOTE.format(each=EACH, me=me), environ) for me in range(PROCESSES)]
    refused = 0
    for process in at_work:
        out, err = process.communicate(timeout=240)
        assert process.returncode == 0, err
        refused += int(out.split()[-1])
    assert refused > 0
    assert run(COUNT, environ) == "1 1 0 5 []"
