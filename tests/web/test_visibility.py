"""Who sees what: secret places, removed words, reasons; and why."""

from __future__ import annotations

import re

import pytest

from rostra.forum.access.actions import set_access
from rostra.forum.threads.actions.posts import edit_post, post_reply, remove_post, withdraw_post
from rostra.forum.threads.models import Post
from tests.cast import WHY
from tests.web.visits import as_, thread_address

REASON = "Insults a group of people."


def test_a_secret_place_is_nowhere(web, cast):
    """SEC-054, 055: absent and forbidden answer alike, and no list or feed tells."""
    secret_post = Post.objects.get(thread=cast.secret)
    for address in (
        f"/threads/{cast.secret.pk}", f"/posts/{secret_post.pk}", f"/boards/{cast.staff_room.pk}",
        f"/threads/{cast.secret.pk}/feed.atom", f"/boards/{cast.staff_room.pk}/feed.atom",
        f"/threads/{cast.secret.pk}/page?to=1",
    ):  # fmt: skip
        number = re.search(r"\d+", address).group()
        absent = web.get(address.replace(number, "987654"))
        hidden = web.get(address)
        assert (hidden.status_code, absent.status_code) == (404, 404)
        both = [re.sub(r'next=[^"]*"', "", answer.text) for answer in (hidden, absent)]
        assert both[0] == both[1]
    for address in ("/", "/whats-new", "/sitemap-0.xml", "/moderation-log", "/members"):
        assert "canary" not in web.get(address).text
        assert "Staff room" not in web.get(address).text


def test_a_reference_to_a_secret_place_is_unknown(web, cast):
    """SEC-047: the writer may see it, the reader not; the kept fragment holds no title."""
    secret_post = Post.objects.get(thread=cast.secret)
    post_reply(
        cast.view(cast.mod),
        cast.barrier.pk,
        f"See http://localhost:8000/threads/{cast.secret.pk} and "
        f'[quote="Mod Ferris, post: {secret_post.pk}"]canary-words of staff[/quote]',
    )
    last = Post.objects.filter(thread=cast.barrier).latest("number")
    assert "canary-title" not in last.html
    page = web.get(thread_address(cast)).text
    assert "canary-title" not in page
    assert "Quoted from a post" in page
    assert "canary-title" in as_(web, cast, "mod").get(thread_address(cast)).text


@pytest.mark.parametrize(
    ("who", "sees"), [(None, False), ("hill", False), ("quay", True), ("mod", True)]
)
def test_removed_words_are_seen_by_author_and_moderators(web, cast, who, sees):
    """SEC-050."""
    post = Post.objects.get(thread=cast.barrier, number=3)
    remove_post(cast.view(cast.mod), post.pk, REASON)
    page = as_(web, cast, who).get(thread_address(cast)).text
    assert "Removed by a moderator" in page
    assert REASON in page
    assert ("Post 3." in page) is sees
    assert "Post 3." not in web.get(f"/threads/{cast.barrier.pk}/feed.atom").text


def test_a_tombstone_bears_the_reason_of_the_removal(web, cast):
    """Whatever was done to the post before or after."""
    post = Post.objects.get(thread=cast.barrier, number=3)
    remove_post(cast.view(cast.mod), post.pk, REASON)
    edit_post(cast.view(cast.mod), post.pk, "Edited since.", reason="Personal data of a third.")
    page = web.get(thread_address(cast)).text
    assert REASON in page
    assert "Personal data of a third." not in page


def test_the_log_hides_the_reasons_of_hidden_places(web, cast):
    secret = Post.objects.get(thread=cast.secret)
    post_reply(cast.view(cast.mod), cast.secret.pk, "More canaries")
    edit_post(cast.view(cast.mod), secret.pk, "x")
    other = Post.objects.filter(thread=cast.secret).latest("number")
    remove_post(cast.view(cast.mod), other.pk, "The canary-reason of staff.")
    assert "canary-reason" not in web.get("/moderation-log").text
    assert "canary-reason" in as_(web, cast, "mod").get("/moderation-log").text


def test_a_withdrawal_looks_like_one(web, cast):
    withdraw_post(cast.view(cast.quay), Post.objects.get(thread=cast.barrier, number=3).pk)
    page = web.get(thread_address(cast)).text
    assert "Withdrawn by its author" in page
    assert "Removed by a moderator" not in page


def test_a_moderators_edit_says_so(web, cast):
    post = Post.objects.get(thread=cast.barrier, number=2)
    edit_post(cast.view(cast.mod), post.pk, "Other words.", reason="Personal data of a third.")
    page = web.get(thread_address(cast)).text
    assert "Last edited by a moderator" in page
    assert "/moderation-log?before=" in page


def test_a_private_board_leaves_every_list_at_once(web, cast):
    """SEC-052."""
    set_access(None, cast.harbour.pk, {cast.groups.moderators: ["see", "read"]}, reason=WHY)
    for address in ("/", "/whats-new", "/sitemap-0.xml", f"/members/{cast.quay.pk}.quay"):
        assert "Flood barrier" not in web.get(address).text
    assert web.get(thread_address(cast)).status_code == 404
    assert as_(web, cast, "mod").get(thread_address(cast)).status_code == 200


@pytest.mark.parametrize(
    ("who", "status"), [(None, 403), ("quay", 403), ("mod", 403), ("admin", 200)]
)
def test_why_can_they_do_that(web, cast, who, status):
    address = f"/staff/access?member=Quay&board={cast.region.pk}"
    answer = as_(web, cast, who).get(address)
    assert answer.status_code == status
    if status == 200:
        rows = dict(re.findall(r'<th scope="row">([^<]+)</th><td>(Yes|No)', answer.text))
        assert (rows["Reply"], rows["Moderate"]) == ("Yes", "No")
        assert "City news" in answer.text
        assert (
            as_(web, cast, who).get("/staff/access?member=Nobody+Here&board=1").status_code == 422
        )


def test_staff_are_told_that_cookies_can_be_listened_to(web, cast, settings):
    """SEC-083: over http a session is everybody's on the way; over https nothing is said."""
    as_(web, cast, "admin")
    assert "reached over http" in web.get("/staff/access").text
    settings.IS_HTTPS = True
    assert "reached over http" not in web.get("/staff/access").text
