"""Cleaning up after a member, as a page."""

from __future__ import annotations

from rostra.forum.cleaning.models import Cleaning
from rostra.forum.members.models import Member
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.models import Post
from rostra.web import addresses
from tests.cast import WHY
from tests.web.visits import as_, thread_address

TICKED = {"posts": "1", "profile": "1", "suspend": "1", "entry": "", "why": ""}


def test_everything_is_shown_done_and_undone_on_one_page(web, cast):
    """ABU-006."""
    post = post_reply(cast.view(cast.newcomer), cast.barrier.pk, "https://watches.example/ <b>")
    page = addresses.member(cast.newcomer.pk, cast.newcomer.name)
    address = f"/members/{cast.newcomer.pk}/clean"
    for who in (None, "hill"):
        assert as_(web, cast, who).get(address).status_code == 403
        assert address not in web.get(page).text
    assert address in as_(web, cast, "mod").get(page).text
    shown = web.get(address).text
    assert "watches.example" in shown
    assert "Remove 1 post" in shown
    form = {**TICKED, "do": "clean", "rule": "R5", "reason": "<short"}
    wrong = web.post(address, form)
    assert (wrong.status_code, "&lt;short" in wrong.text) == (422, True)
    assert web.post(address, {**form, "reason": WHY}).status_code == 303
    row = Cleaning.objects.get()
    assert "Put all of it back" in web.get(address).text
    assert WHY in web.get(thread_address(cast)).text  # in the place of the post
    log = web.get("/moderation-log").text
    assert "All that a member left taken away" in log
    assert f"Part of entry {row.log_n}" in log
    undo = {**TICKED, "do": "undo", "rule": "", "reason": "", "entry": str(row.log_n)}
    wrong = web.post(address, {**undo, "why": "<no"})
    assert (wrong.status_code, "&lt;no" in wrong.text) == (422, True)
    web.post(address, {**undo, "why": WHY})
    assert Post.objects.get(pk=post.pk).state == "visible"
    assert Member.objects.get(pk=cast.newcomer.pk).suspended_until is None
    assert "Undone, entry" in web.get(address).text


def test_after_staff_one_does_not_clean_up(web, cast):
    as_(web, cast, "mod")
    assert "nor after the staff" in web.get(f"/members/{cast.admin.pk}/clean").text
    form = {**TICKED, "do": "clean", "rule": "R5", "reason": WHY}
    assert web.post(f"/members/{cast.admin.pk}/clean", form).status_code == 403
    assert not Cleaning.objects.exists()
