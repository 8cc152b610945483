"""Words about oneself, the look of pages, one's own activity, and a member's page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from rostra.forum.members.models import Member
from rostra.forum.members.queries import profile_of
from rostra.forum.reactions.actions import react
from rostra.forum.threads.actions.drafts import save_draft
from rostra.forum.threads.models import MemberStats, Post
from rostra.web import addresses
from tests.web.visits import as_, thread_address

HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(1)> [url=javascript:alert(1)]x[/url]"


@pytest.fixture
def settled(cast):
    """The cast, where nobody is new any more."""
    Member.objects.update(joined_at=timezone.now() - timedelta(days=400))
    for member in (cast.quay, cast.hill):
        MemberStats.objects.update_or_create(member=member, defaults={"post_count": 30})
    return cast


def test_words_about_oneself_and_below_posts(web, settled):
    as_(web, settled, "quay")
    form = {"about": "I *measure* tides.\n\nأقيس المد.", "signature": "See https://tides.example"}
    assert web.post("/account/profile", form).status_code == 303
    page = web.get(addresses.member(settled.quay.pk, "Quay")).text
    assert "<em>measure</em>" in page and page.count('<p dir="auto">') >= 2
    thread = web.get(thread_address(settled)).text
    assert thread.count('class="signature"') == 2
    assert "nofollow" in thread.partition('class="signature"')[2][:300]
    assert form["about"].split("\n")[0] in web.get("/account/profile").text
    web.post("/account/profile", {"about": "", "signature": ""})
    assert 'class="signature"' not in web.get(thread_address(settled)).text


def test_hostile_words_about_oneself_are_words(web, settled):
    """SEC-001: what is shown on a page is cleaned as posts are."""
    form = {"about": HOSTILE, "signature": HOSTILE.replace("<img src=x onerror=alert(1)>", "")}
    as_(web, settled, "quay").post("/account/profile", form)
    for address in (addresses.member(settled.quay.pk, "Quay"), thread_address(settled)):
        page = web.get(address).text
        assert "<script>alert" not in page and "<img src=x" not in page
        assert 'href="javascript' not in page


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"about": "x" * 2001, "signature": ""}, "too long"),
        ({"about": "Kept.", "signature": "x" * 256}, "255 characters"),
        ({"about": "Kept.", "signature": "a\n\n\n\nb"}, "four lines"),
        ({"about": "Kept.", "signature": "# Loud"}, "words and links"),
        ({"about": "Kept.", "signature": "> quoted"}, "words and links"),
    ],
)
def test_too_much_comes_back_with_what_was_typed(web, settled, form, words):
    answer = as_(web, settled, "quay").post("/account/profile", form)
    assert answer.status_code == 422
    assert words in answer.text and form["about"] in answer.text
    assert profile_of(settled.quay.pk).about == ""


def test_newcomers_advertise_nothing(web, cast):
    """ABU-004: links below each post are what spam accounts are made for."""
    answer = as_(web, cast, "newcomer").post(
        "/account/profile", {"about": "Cheap watches!", "signature": ""}
    )
    assert answer.status_code == 403
    assert "Cheap watches!" in answer.text
    assert profile_of(cast.newcomer.pk).about == ""


def test_signatures_can_be_hidden(web, settled):
    as_(web, settled, "quay").post("/account/profile", {"about": "", "signature": "Tides!"})
    as_(web, settled, "hill").post(
        "/account/reading", {"language": "", "per_page": "20", "hides_signatures": "1"}
    )
    assert "Tides!" not in web.get(thread_address(settled)).text
    assert "Tides!" in as_(web, settled, "newcomer").get(thread_address(settled)).text


@pytest.mark.parametrize("address", ["/", "/whats-new", "/members", "/account/reading"])
def test_the_look_one_chose_is_on_every_page_and_nobody_elses(web, cast, address):
    as_(web, cast, "hill")
    form = {
        "language": "", "per_page": "20", "theme": "dark", "density": "compact",
        "time_zone": "Asia/Kolkata",
    }  # fmt: skip
    assert web.post("/account/reading", form).status_code == 303
    wanted = ' data-theme="dark" data-density="compact" data-zone="Asia/Kolkata">'
    assert f'<html lang="en" dir="ltr"{wanted}' in web.get(address).text
    assert '<html lang="en" dir="ltr">' in as_(web, cast, "quay").get(address).text


@pytest.mark.parametrize(
    "odd",
    [{"theme": "neon"}, {"density": "x"}, {"time_zone": "../etc/passwd"}, {"time_zone": "UTC\n"}],
)
def test_a_look_that_is_none_is_refused(web, cast, odd):
    form = {"language": "", "per_page": "20", **odd}
    assert as_(web, cast, "hill").post("/account/reading", form).status_code == 422
    assert Member.objects.get(pk=cast.hill.pk).theme == ""


def test_a_members_threads_and_reactions(web, cast):
    post = Post.objects.get(thread=cast.barrier, number=1)
    react(cast.view(cast.hill), post.pk, "like")
    address = addresses.member(cast.quay.pk, "Quay")
    assert "Flood barrier" in web.get(f"{address}?show=threads").text
    given = web.get(f"{addresses.member(cast.hill.pk, 'Hill')}?show=given").text
    assert "Flood barrier" in given and "Like" in given
    assert "canary" not in web.get(f"{addresses.member(cast.mod.pk, 'x')}?show=threads").text
    assert web.get(f"{address}?show=secrets").status_code == 404


def test_ones_own_activity_and_limits(web, cast):
    save_draft(cast.view(cast.hill), f"t{cast.barrier.pk}", title="", source="Half a thought.")
    page = as_(web, cast, "hill").get("/account/activity").text
    assert "Half a thought." in page and f"/threads/{cast.barrier.pk}/reply" in page
    assert "New here" in page and "Your first day ends" in page
    assert "Half a thought." not in as_(web, cast, "quay").get("/account/activity").text
    web.logout()
    assert web.get("/account/activity").status_code == 403
