"""LAW-003: every act that can be appealed against can be overturned, and is undone by that."""

from __future__ import annotations

import pytest

from rostra.forum.appeals.actions import decide_appeal, file_appeal
from rostra.forum.appeals.undoing import WAYS
from rostra.forum.modlog import queries as modlog
from rostra.forum.modlog.models import LogEntry, Statement
from rostra.forum.modlog.rules import RESTRICTIONS
from rostra.transfer.integrity import examine
from tests.forum.appeals.every_kind import CASES

SUMMARY = "The quoted words were another member's."


def test_every_kind_that_makes_a_statement_has_its_way_back_and_its_test():
    """One that is new needs a way in `appeals/undoing.py`, and a row of the table above."""
    assert set(WAYS) == RESTRICTIONS
    assert set(CASES) == RESTRICTIONS


@pytest.mark.parametrize("kind", sorted(CASES))
def test_what_is_overturned_lies_as_before(cast, kind):
    """In the transaction of the decision, by an entry of its own that names the act."""
    case = CASES[kind](cast)
    before, faults = case.look(), examine()
    case.act()
    assert case.look() != (before if case.undone is None else case.undone)
    statement = Statement.objects.get(entry__kind=kind)
    n = statement.entry_id
    assert statement.member_id == case.member.pk
    file_appeal(cast.view(case.member), n, "I only quoted what the article says.")
    outcome = decide_appeal(cast.view(cast.admin), n, "overturned", SUMMARY)
    assert case.look() == (before if case.undone is None else case.undone)
    told = LogEntry.objects.get(n=outcome)
    undone_by = LogEntry.objects.get(n=told.public["facts"]["undone_by"])
    assert (told.kind, undone_by.reverts) == ("appeal.overturned", n)
    assert not Statement.objects.filter(entry_id__gte=undone_by.n).exists()
    assert modlog.first_fault() is None
    assert examine() == faults
