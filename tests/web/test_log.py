"""The moderation log and the rules, as everybody reads them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from rostra.forum.cases.actions.reporting import report_item
from rostra.forum.modlog import chain, queries, rulebook
from rostra.forum.threads.actions.logging import Why
from rostra.forum.threads.actions.posts import remove_post
from rostra.forum.threads.actions.threads import lock_thread, move_thread
from rostra.forum.threads.models import Post
from tests.web.visits import as_

REASON = "Insults a group of people."


@pytest.fixture
def removed(cast):
    """A post that was removed under rule 2: the number of the entry."""
    post = Post.objects.get(thread=cast.barrier, number=2)
    remove_post(cast.view(cast.mod), post.pk, REASON, why=Why("R2", "report"))
    return queries.head()[0]


def _numbers(answer) -> set[int]:
    return {entry["entry"]["n"] for entry in json.loads(answer.content)["entries"]}


def test_an_entry_says_who_what_where_by_which_rule_and_why(web, cast, removed):
    """C3: the moderator is a stable label, who reported is nobody's to know (SEC-061)."""
    page = web.get("/moderation-log").text
    for words in ("Post removed", "Moderator 1", "R2", "No insults", REASON, "after a report"):
        assert words in page
    assert queries.head()[1] in page
    assert "Mod Ferris" not in page


def test_every_filter_finds_the_entry_or_not(web, cast, removed):
    own, ours = f"board={cast.harbour.pk}", queries.entries()[0]
    label = ours.public["by"]
    finding = (
        "kind=post.remove", "rule=R2", own, f"by={label}", "member=Hill", "member=hill",
        "since=2000-01-01", "until=2999-01-01", f"kind=post.remove&rule=R2&{own}&member=Hill",
    )  # fmt: skip
    missing = (
        "kind=thread.lock", "rule=R3", f"board={cast.region.pk}", f"by={label + 7}",
        "member=Quay", "since=2999-01-01", "until=2000-01-01",
    )  # fmt: skip
    for asked in finding:
        assert removed in _numbers(web.get(f"/moderation-log/entries.json?{asked}")), asked
    for asked in missing:
        assert removed not in _numbers(web.get(f"/moderation-log/entries.json?{asked}")), asked


def test_what_cannot_be_asked_for_is_said_and_kept(web, cast):
    answer = web.get("/moderation-log?member=Nobody+Here&since=yesterday")
    assert answer.status_code == 422
    for words in ("There is no member of that name", "Write a day like", 'value="Nobody Here"'):
        assert words in answer.text
    assert web.get("/moderation-log/feed.atom?since=yesterday").status_code == 404
    assert web.get(f"/moderation-log?board={cast.staff_room.pk}").status_code == 404


def test_a_closed_place_tells_nothing_of_a_member(web, cast):
    """SEC-061: no private title, no reason, and by a member's name not even that there is one."""
    lock_thread(cast.view(cast.mod), cast.secret.pk, locked=True, reason="canary-reason, secret.")
    move_thread(cast.view(cast.mod), cast.barrier.pk, cast.staff_room.pk, reason="canary-moved, so")
    for address in ("/moderation-log", "/moderation-log/feed.atom", "/moderation-log/entries.json"):
        answer = web.get(address)
        assert answer.status_code == 200
        assert "canary" not in answer.text
        assert "Staff room" not in answer.text
    assert _numbers(web.get("/moderation-log/entries.json?member=Quay")) == set()
    staff = as_(web, cast, "mod").get("/moderation-log/entries.json?member=Quay")
    assert len(_numbers(staff)) == 1


def test_programs_can_check_the_chain(web, cast, removed):
    """SEC-119: the JSON holds what the hashes are over, and the head."""
    answer = json.loads(web.get("/moderation-log/entries.json").content)
    links = [
        chain.Link(one["entry"]["n"], one["entry"], one["hash"])
        for one in reversed(answer["entries"])
    ]
    assert (
        chain.first_fault(links, checkpoints={answer["head"]["n"]: answer["head"]["hash"]}) is None
    )


def test_the_feed_has_the_head_and_the_reason(web, cast, removed):
    answer = web.get("/moderation-log/feed.atom")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert queries.head()[1] in answer.text
    assert REASON in answer.text


def test_rules_are_read_by_all_and_changed_by_who_may(web, cast):
    assert "No private data of others" in web.get("/rules").text
    assert "/staff/rules" not in web.get("/rules").text
    assert web.get("/rules/R9").status_code == 404
    assert web.get("/staff/rules/R2").status_code == 403
    as_(web, cast, "admin")
    form = {
        "title": "No insults", "text": "Of nobody, <b>ever</b>.", "seen": "1", "holds": "1",
        "reason": "short",
    }  # fmt: skip
    answer = web.post("/staff/rules/R2", form)
    assert answer.status_code == 422
    assert "Of nobody, &lt;b&gt;ever&lt;/b&gt;." in answer.text
    assert len(rulebook.versions_of("R2")) == 1
    answer = web.post("/staff/rules/R2", {**form, "reason": "It was too long to be read."})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/rules")
    page = web.get("/rules/R2").text
    assert "Of nobody, &lt;b&gt;ever&lt;/b&gt;." in page
    assert "Say what is wrong with a claim" in page
    assert "Rule changed" in web.get("/moderation-log?kind=rule.change").text


def test_a_moderator_says_on_which_rule_an_edit_rests(web, cast):
    """LAW-002."""
    post = Post.objects.get(thread=cast.barrier, number=2)
    as_(web, cast, "mod")
    form = {"source": "Other words.", "reason": REASON, "rule": ""}
    answer = web.post(f"/posts/{post.pk}/edit", form)
    assert answer.status_code == 422
    assert "Say on which rule this rests" in answer.text
    assert web.post(f"/posts/{post.pk}/edit", {**form, "rule": "R4"}).status_code == 303
    assert queries.entries()[0].rule == ("R4", 1)


def test_a_forum_may_show_names(web, cast, removed, settings):
    """C3: by default it does not."""
    settings.ROSTRA = replace(settings.ROSTRA, moderators="names")
    for address in ("/moderation-log", "/moderation-log/feed.atom"):
        page = web.get(address).text
        assert "Mod Ferris" in page
        assert "Moderator 1" not in page


def test_the_numbers_are_a_page_a_sheet_and_json_of_one_quarter(web, cast):
    """LAW-004: the same figures in all three; whoever reads, nobody is named."""
    post = Post.objects.get(thread=cast.barrier, number=2)
    report_item(cast.view(cast.quay), "post", post.pk, rule="R2", line="Insults us all.")
    remove_post(cast.view(cast.mod), post.pk, "Insults a group of people.")
    told = json.loads(web.get("/moderation-log/numbers.json").text)
    removed = [act for act in told["acts"] if act["kind"] == "post.remove"]
    assert [act["number"] for act in removed] == [1]
    rows = list(csv.DictReader(io.StringIO(web.get("/moderation-log/numbers.csv").text)))
    acts = [row for row in rows if row["what"] == "acts"]
    assert sum(int(row["number"]) for row in acts) == sum(act["number"] for act in told["acts"])
    page = web.get("/moderation-log/numbers").text
    assert "Post removed" in page and "<svg" in page
    for name in ("Quay", "Mod Ferris", "Insults us all"):
        for address in ("", ".csv", ".json"):
            assert name not in web.get(f"/moderation-log/numbers{address}").text
    for quarter in ("1999-Q1", "x", "2100-Q4"):
        assert web.get(f"/moderation-log/numbers?quarter={quarter}").status_code == 404
