"""A thread's tools, chosen posts and redaction, as pages."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostra.forum.modlog.models import LogEntry
from rostra.forum.modlog.queries import EVERYTHING, entries
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.actions.splitting import merge_threads, split_thread
from rostra.forum.threads.actions.threads import lock_thread, start_thread
from rostra.forum.threads.models import Post, Thread
from tests.web.visits import as_, thread_address

REASON = "Another matter than the thread's."


@pytest.fixture
def other(cast) -> Thread:
    return start_thread(cast.view(cast.hill), cast.harbour.pk, "Dredging", "The dredger is back.")


def reply(cast, words="About the dredger.") -> Post:
    return post_reply(cast.view(cast.hill), cast.barrier.pk, words)


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ({"do": "lock", "hours": "24"}, "thread.lock"), ({"do": "slow", "seconds": "300"}, "thread.slow"),
        ({"do": "pin"}, "thread.pin"), ({"do": "move", "board": "region"}, "thread.move"),
        ({"do": "merge", "into": "other"}, "thread.merge"),
    ],
)  # fmt: skip
def test_each_tool_is_one_act_with_rule_and_reason(web, cast, other, form, kind):
    named = {
        "region": cast.region.pk,
        "other": f"http://localhost:8000/threads/{other.pk}.x#post-1",
    }
    form = {name: named.get(value, value) for name, value in form.items()}
    address = f"/threads/{cast.barrier.pk}/tools"
    as_(web, cast, "mod")
    assert web.get(address).status_code == 200
    refused = web.post(address, {**form, "rule": "R5", "reason": "Short."})
    assert refused.status_code == 422 and "Short." in refused.text
    assert web.post(address, {**form, "rule": "R5", "reason": REASON}).status_code == 303
    (entry,) = entries(EVERYTHING, limit=1)
    assert (entry.kind, entry.rule and entry.rule[0], entry.reason) == (kind, "R5", REASON)
    assert "/tools" not in as_(web, cast, "hill").get(thread_address(cast)).text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"do": "merge", "into": "nowhere"}, "There is no such thread"),
        ({"do": "merge", "into": "999999"}, "There is no such thread"),
        ({"do": "lock", "hours": "5"}, "Please choose one of the list."), ({"do": "burn"}, "Please choose one of the list."),
    ],
)  # fmt: skip
def test_what_a_tool_cannot_do_is_said_and_kept(web, cast, form, words):
    as_(web, cast, "mod")
    page = web.post(f"/threads/{cast.barrier.pk}/tools", {**form, "rule": "R5", "reason": REASON})
    assert page.status_code == 422
    assert words in page.text
    assert REASON.replace("'", "&#39;") in page.text


def test_who_does_not_moderate_there_meets_no_tool(web, cast):
    """SEC-050: not by the page's address, nor by its form."""
    post = reply(cast)
    for who in (None, "hill"):
        as_(web, cast, who)
        for address in (f"/threads/{cast.barrier.pk}/tools", f"/threads/{cast.barrier.pk}/choose",
                        f"/staff/posts?post={post.pk}", f"/posts/{post.pk}/redact"):  # fmt: skip
            assert web.get(address).status_code in (302, 403), address
    secret = Post.objects.get(thread=cast.secret).pk
    assert as_(web, cast, "hill").get(f"/posts/{secret}/redact").status_code == 404


def test_posts_are_chosen_and_split_off_and_the_old_page_leads_there(web, cast):
    post = reply(cast)
    as_(web, cast, "mod")
    assert f'value="{post.pk}"' in web.get(f"/threads/{cast.barrier.pk}/choose").text
    page = web.get(f"/staff/posts?post={post.pk}").text
    assert "About the dredger." in page and f"/posts/{post.pk}/redact" in page
    form = {"do": "split", "posts": str(post.pk), "rule": "R5", "reason": REASON}
    assert web.post("/staff/posts", {**form, "title": " "}).status_code == 422
    told = web.post("/staff/posts", {**form, "title": "The dredger"})
    new = Thread.objects.latest("id")
    assert told["Location"] == f"/threads/{new.pk}.the-dredger"
    guest = as_(web, cast, None)
    old = guest.get(thread_address(cast)).text
    assert "Moved to another thread." in old and f'href="/posts/{post.pk}"' in old
    assert "About the dredger." in guest.get(f"/posts/{post.pk}", follow=True).text
    assert "1 post moved" in guest.get("/moderation-log").text


def test_a_merged_thread_leads_on_with_what_was_typed(web, cast, other):
    merge_threads(cast.view(cast.mod), other.pk, cast.barrier.pk, reason=REASON)
    as_(web, cast, None)
    for address, there in (
        (f"/threads/{other.pk}.x/page-1", ""), (f"/threads/{other.pk}.old", ""),
        (f"/threads/{other.pk}/feed.atom", "/feed.atom"), (f"/threads/{other.pk}/reply", "/reply"),
    ):  # fmt: skip
        told = web.get(address)
        assert (told.status_code, told["Location"]) == (307, f"/threads/{cast.barrier.pk}{there}")
    page = web.get(thread_address(cast)).text
    assert "The posts below come from another thread:" in page and "Dredging" in page
    as_(web, cast, "hill")
    sent = {"source": "Typed while they were merged.", "key": "0" * 32}
    told = web.post(f"/threads/{other.pk}/reply", sent)
    assert told.status_code == 307 and told["Location"] == f"/threads/{cast.barrier.pk}/reply"
    assert web.post(told["Location"], sent).status_code == 303


def test_words_are_taken_out_and_everybody_sees_that_they_were(web, cast):
    post = reply(cast, "Ask Ida Quist, 4 Mole Lane.")
    as_(web, cast, "mod")
    form = {"passages": "Ida Quist, 4 Mole Lane", "rule": "R4", "reason": "An address of a person."}
    wrong = web.post(f"/posts/{post.pk}/redact", {**form, "passages": "Ida Quost"})
    assert wrong.status_code == 422 and "Ida Quost" in wrong.text
    assert web.post(f"/posts/{post.pk}/redact", form).status_code == 303
    page = as_(web, cast, None).get(thread_address(cast)).text
    assert "Ida Quist" not in page and "▮▮▮▮▮▮" in page and "Last edited by a moderator" in page
    assert "Ida Quist" not in as_(web, cast, "hill").get(f"/posts/{post.pk}/history").text


def cost(web, cast) -> int:
    """Return how many queries the thread's page takes, once more."""
    web.get(thread_address(cast))
    with CaptureQueriesContext(connection) as asked:
        web.get(thread_address(cast))
    return len(asked)


def test_a_page_costs_one_query_more_for_tombstones_however_many(web, cast):
    went = [reply(cast, f"Away {n}").pk for n in range(4)]
    as_(web, cast, "hill")
    before = cost(web, cast)
    split_thread(cast.view(cast.mod), cast.barrier.pk, went[:1], "One", reason=REASON)
    one = cost(web, cast)
    split_thread(cast.view(cast.mod), cast.barrier.pk, went[1:], "Three", reason=REASON)
    assert (one, cost(web, cast)) == (before + 1, before + 1)


def test_what_a_thread_is_locked_for_is_said_above_its_posts(web, cast):
    """Two queries more, of a locked thread alone; guests read it too."""
    as_(web, cast, "hill")
    before = cost(web, cast)
    lock_thread(cast.view(cast.mod), cast.barrier.pk, locked=True, reason=REASON)
    assert cost(web, cast) == before + 2
    page = as_(web, cast, None).get(thread_address(cast)).text
    assert "Another matter than the thread&#39;s." in page
    entry = LogEntry.objects.latest("n")
    assert f"/moderation-log?after={entry.n - 1}#entry-{entry.n}" in page
    lock_thread(cast.view(cast.mod), cast.barrier.pk, locked=False, reason=REASON)
    assert "Another matter" not in web.get(thread_address(cast)).text
