"""The pages for the staff: where they begin, boards and access, groups, jobs that were given up."""

from __future__ import annotations

import pytest
from django.utils import timezone

from rostra.forum.access.queries import grant_table
from rostra.forum.boards.models import Board
from rostra.forum.members.models import Group, Membership
from rostra.kernel.models import Job
from tests.web.visits import as_

REASON = "Set up as the council asked for."


def test_staff_begin_where_they_see_what_is_theirs(web, cast):
    page = as_(web, cast, "admin").get("/staff").text
    for words in ("/staff/boards", "/staff/groups", "Before others come", "Django", "Backup"):
        assert words in page
    assert "/staff/cases" in as_(web, cast, "mod").get("/staff").text
    assert "/staff/groups" not in web.get("/staff").text
    for who in (None, "hill"):
        assert as_(web, cast, who).get("/staff").status_code in (302, 403)


def test_a_board_is_opened_and_opened_to_members(web, cast):
    as_(web, cast, "admin")
    form = {"title": "", "parent": "", "position": "2", "reason": REASON, "do": "save"}
    wrong = web.post("/staff/boards/new", form)
    assert wrong.status_code == 422 and REASON in wrong.text
    there = web.post("/staff/boards/new", {**form, "title": "Ferries <1>"})["Location"]
    board = Board.objects.get(title="Ferries <1>")
    assert there == f"/staff/boards/{board.pk}/access"
    filled = web.post(there, {"do": "preset", "preset": "members_only", "reason": ""})
    assert filled.status_code == 200 and filled.text.count("checked") > 6
    ticked = {f"{cast.groups.members}-{verb}": "1" for verb in ("see", "read", "reply")}
    seen = web.post(there, {"do": "preview", "member": "Hill", **ticked})
    assert seen.text.count("<strong>Yes</strong>") == 3 and not grant_table(board.pk)
    assert web.post(there, {"do": "save", "reason": REASON, **ticked}).status_code == 303
    assert grant_table(board.pk) == {cast.groups.members: {"see", "read", "reply"}}
    assert "Ferries &lt;1&gt;" in as_(web, cast, "hill").get("/").text
    assert "Ferries" not in as_(web, cast, None).get("/").text


def test_a_board_at_the_top_has_nothing_to_inherit(web, cast):
    as_(web, cast, "admin")
    form = {"title": "Ferries", "parent": "", "position": "2", "reason": REASON, "do": "save"}
    page = web.get(web.post("/staff/boards/new", form)["Location"]).text
    assert "Nobody sees this board yet." in page
    assert 'name="inherits"' not in page
    below = {**form, "title": "Quays", "parent": str(Board.objects.get(title="Ferries").pk)}
    web.post("/staff/boards/new", below)
    address = f"/staff/boards/{Board.objects.get(title='Quays').pk}/access"
    assert 'name="inherits"' in web.get(address).text


def test_a_group_gets_people_and_rights(web, cast):
    as_(web, cast, "admin")
    form = {"name": "Keepers", "manage_boards": "1", "reason": REASON, "do": "save"}
    there = web.post("/staff/groups/new", form)["Location"]
    group = Group.objects.get(name="Keepers")
    assert group.capabilities == ["manage_boards"]
    person = {"name": "Keepers", "member": "Hill", "reason": REASON, "do": "join"}
    assert web.post(there, {**person, "member": "Nobody"}).status_code == 422
    assert web.post(there, person).status_code == 303
    assert Membership.objects.filter(group=group, member=cast.hill).exists()
    assert "Hill" in web.get(there).text
    assert web.post(there, {**person, "do": "leave"}).status_code == 303
    assert not Membership.objects.filter(group=group).exists()


def test_what_was_given_up_is_seen_and_tried_again(web, cast):
    now = timezone.now()
    job = Job.objects.create(
        name="rostra.nowhere.work", created_at=now, run_at=now, attempts=8, is_dead=True,
        last_error="Traceback: <no route>",
    )  # fmt: skip
    as_(web, cast, "admin")
    assert "&lt;no route&gt;" in web.get("/staff/jobs").text
    assert web.post("/staff/jobs", {"id": str(job.pk)}).status_code == 303
    job.refresh_from_db()
    assert (job.is_dead, job.attempts) == (False, 0)
    assert web.post("/staff/jobs", {"id": str(job.pk)}).status_code == 422


@pytest.mark.parametrize(
    "address",
    ["boards", "boards/new", "boards/{}", "boards/{}/access", "groups", "groups/new", "jobs"],
)
def test_no_other_opens_them(web, cast, address):
    """SEC-050."""
    for who in (None, "hill", "mod"):
        answer = as_(web, cast, who).get(f"/staff/{address.format(cast.harbour.pk)}")
        assert answer.status_code in (302, 403)
