"""What a member takes along: all of their own, and nothing else."""

from __future__ import annotations

import pytest

from rostra.forum.access.actions import set_access
from rostra.forum.bookmarks.actions import keep_post
from rostra.forum.claims.actions.disputing import dispute_attribution
from rostra.forum.claims.actions.making import make_claim
from rostra.forum.claims.actions.watching import watch_claim
from rostra.forum.conversations.actions.messages import send_message
from rostra.forum.conversations.actions.people import leave_conversation, open_door
from rostra.forum.members.ties import set_tie
from rostra.forum.polls.models import Option
from rostra.forum.reactions.actions import react
from rostra.forum.threads.actions.drafts import save_draft
from rostra.forum.threads.actions.posts import post_reply, remove_post, withdraw_post
from rostra.reading.own_data import own_data
from tests.cast import WHY
from tests.forum.claims.people import raise_to, says
from tests.forum.conversations.talking import talk
from tests.forum.polls.test_voting import polled

pytestmark = pytest.mark.django_db


def things(cast, who="hill"):
    return list(own_data(cast.view(getattr(cast, who))))


def of(cast, kind, who="hill"):
    return [thing for thing in things(cast, who) if thing["kind"] == kind]


def told_to(cast, who="hill"):
    return str(things(cast, who))


def test_everything_of_ones_own_is_there(cast):
    hill = cast.view(cast.hill)
    removed = post_reply(hill, cast.barrier.pk, "Words that will be removed.")
    remove_post(cast.view(cast.mod), removed.pk, "Insults a group of people.")
    withdrawn = post_reply(hill, cast.barrier.pk, "Words taken back.")
    withdraw_post(hill, withdrawn.pk)
    first = cast.barrier.posts.get(number=1)
    react(hill, first.pk, "thanks")
    keep_post(hill, first.pk, note="For later", remind_at=None)
    save_draft(hill, f"t{cast.barrier.pk}", title="", source="Half a thought")
    set_tie(cast.hill.pk, cast.quay.pk, "follow")
    assert things(cast)[0]["name"] == "Hill"
    sources = {post["source"] for post in of(cast, "post")}
    assert {"Words that will be removed.", "Words taken back."} <= sources
    assert [one["reaction"] for one in of(cast, "reaction")] == ["thanks"]
    assert [one["note"] for one in of(cast, "bookmark")] == ["For later"]
    assert [one["source"] for one in of(cast, "draft")] == ["Half a thought"]
    assert [one["name"] for one in of(cast, "follow")] == ["Quay"]


def test_own_messages_and_titles_of_where_one_still_sits(cast):
    """SEC-058: own words yes; a title only while the conversation is theirs to read."""
    first = talk(cast, cast.hill, words="canary of another", title="Matters of two")
    answer = send_message(cast.view(cast.hill), first.conversation_id, "My own words.")
    open_door(cast.hill.pk, "nobody")
    (mine,) = of(cast, "message")
    assert (mine["source"], mine["title"], mine["id"]) == (
        "My own words.", "Matters of two", answer.pk,
    )  # fmt: skip
    assert [one["opens_to"] for one in of(cast, "who_may_write")] == ["nobody"]
    leave_conversation(cast.view(cast.hill), first.conversation_id)
    (mine,) = of(cast, "message")
    assert (mine["source"], mine["title"]) == ("My own words.", None)
    told = told_to(cast)
    assert "canary" not in told and "Matters" not in told


def test_nothing_of_where_one_may_read_no_more(cast):
    """SEC-058: own words yes; others' words, and titles that are hidden now, no."""
    first = cast.barrier.posts.get(number=1)
    source = f'[quote="Quay, post: {first.pk}"]It was closed in time.[/quote]\n\nWas it, though?'
    post_reply(cast.view(cast.hill), cast.barrier.pk, source)
    (before,) = (post for post in of(cast, "post") if "Was it" in post["source"])
    assert before["title"] == "Flood barrier" and "closed in time" in before["source"]
    set_access(None, cast.harbour.pk, {}, reason=WHY)
    (after,) = (post for post in of(cast, "post") if "Was it" in post["source"])
    assert after["title"] is None
    assert after["source"] == "Was it, though?"
    assert "Flood barrier" not in told_to(cast)


def test_what_one_said_of_claims(cast):
    raise_to(cast.hill)
    hill, reply = cast.view(cast.hill), cast.barrier.posts.get(number=2)
    claim = make_claim(hill, reply.pk, "The barrier was closed.")
    entry = says(cast.view(raise_to(cast.quay)), claim, "asserts", "A wire", "wire")
    says(hill, claim, "denies", "A gauge", "gauge")
    dispute_attribution(hill, entry.pk, "Not what it says.")
    watch_claim(hill, claim.pk, "watch")
    assert [one["text"] for one in of(cast, "claim")] == ["The barrier was closed."]
    assert [one["speaker"] for one in of(cast, "claim_entry")] == ["A gauge"]
    assert [one["reason"] for one in of(cast, "claim_dispute")] == ["Not what it says."]
    assert {"kind": "watched", "claim": claim.pk, "level": "watch"} in of(cast, "watched")


def test_polls_one_made(cast):
    thread = polled(cast, who="hill")
    (poll,) = of(cast, "poll")
    assert poll["thread"] == thread.pk and poll["question"]
    assert len(poll["options"]) == Option.objects.filter(poll=thread.pk).count() > 1
    assert of(cast, "poll", "quay") == []
