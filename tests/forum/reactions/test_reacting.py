"""Reacting: one each, counted exactly, for what may be read; both databases."""

import pytest

from rostra.forum.reactions.actions import react
from rostra.forum.reactions.models import Reaction, Reputation, Tally
from rostra.forum.reactions.queries import beside, who_reacted
from rostra.forum.threads.actions import posts, threads
from rostra.forum.threads.models import Post, Thread
from rostra.kernel.errors import Invalid, NotFound, Refused, TooMany
from rostra.transfer.integrity import examine
from tests.forum.threads.test_writing import limits  # noqa: F401 (a fixture)

REASON = "Insults a group of people."


@pytest.fixture
def post(cast) -> Post:
    return Post.objects.get(thread=cast.barrier, number=1)


def score(member) -> int:
    return sum(Reputation.objects.filter(member=member).values_list("score", flat=True))


def counts(post) -> dict[str, int]:
    return dict(Tally.objects.filter(post=post, count__gt=0).values_list("kind", "count"))


def test_each_member_has_one_reaction_and_may_change_it(cast, post):
    react(cast.view(cast.hill), post.pk, "like")
    react(cast.view(cast.mod), post.pk, "like")
    assert (counts(post), score(cast.quay)) == ({"like": 2}, 2)
    react(cast.view(cast.hill), post.pk, "disagree")
    assert (counts(post), score(cast.quay)) == ({"like": 1, "disagree": 1}, 0)
    react(cast.view(cast.hill), post.pk, "sad")
    assert (counts(post), score(cast.quay)) == ({"like": 1, "sad": 1}, 1)
    react(cast.view(cast.hill), post.pk, "")
    assert (counts(post), score(cast.quay)) == ({"like": 1}, 1)
    assert examine() == []


def test_the_same_again_changes_nothing(cast, post):
    react(cast.view(cast.hill), post.pk, "like")
    version = Thread.objects.get(pk=cast.barrier.pk).version
    react(cast.view(cast.hill), post.pk, "like")
    assert counts(post) == {"like": 1}
    assert Thread.objects.get(pk=cast.barrier.pk).version == version


def test_a_guests_kept_page_is_out_of_date_with_a_reaction(cast, post):
    version = Thread.objects.get(pk=cast.barrier.pk).version
    react(cast.view(cast.hill), post.pk, "like")
    assert Thread.objects.get(pk=cast.barrier.pk).version > version


def test_nobody_reacts_to_themselves_or_as_a_guest(cast, post):
    for who in (cast.quay, None):
        with pytest.raises(Refused):
            react(cast.view(who), post.pk, "like")
    with pytest.raises(Invalid):
        react(cast.view(cast.hill), post.pk, "superlike")
    assert not Reaction.objects.exists()


def test_nobody_reacts_to_what_they_cannot_see(cast):
    """SEC-049: as if it were not there."""
    with pytest.raises(NotFound):
        react(cast.view(cast.hill), Post.objects.get(thread=cast.secret).pk, "like")
    with pytest.raises(NotFound):
        react(cast.view(cast.hill), 987_654, "like")


def test_nothing_moves_in_what_is_locked_removed_or_withdrawn(cast, post):
    """SEC-066."""
    other = posts.post_reply(cast.view(cast.quay), cast.barrier.pk, "To go.")
    react(cast.view(cast.hill), other.pk, "like")
    posts.remove_post(cast.view(cast.mod), other.pk, REASON)
    with pytest.raises((Refused, NotFound)):
        react(cast.view(cast.hill), other.pk, "")
    with pytest.raises(Refused):
        react(cast.view(cast.mod), other.pk, "like")
    threads.lock_thread(cast.view(cast.mod), cast.barrier.pk, locked=True, reason=REASON)
    with pytest.raises(Refused):
        react(cast.view(cast.hill), post.pk, "like")


def test_a_newcomers_day_has_twenty_reactions(cast, limits):  # noqa: F811
    """ABU-001."""
    made = [posts.post_reply(cast.view(cast.mod), cast.barrier.pk, f"Post {n}.") for n in range(21)]
    for one in made[:20]:
        react(cast.view(cast.newcomer), one.pk, "like")
    with pytest.raises(TooMany) as caught:
        react(cast.view(cast.newcomer), made[20].pk, "like")
    assert caught.value.reason == "reactions_a_day"
    react(cast.view(cast.newcomer), made[0].pk, "sad")  # another one is not one more
    react(cast.view(cast.newcomer), made[0].pk, "")


def test_who_reacted_comes_newest_first(cast, post):
    react(cast.view(cast.hill), post.pk, "like")
    react(cast.view(cast.mod), post.pk, "thanks")
    rows = who_reacted(post.pk)
    assert [(row.name, row.kind) for row in rows] == [("Mod Ferris", "thanks"), ("Hill", "like")]
    assert [row.name for row in who_reacted(post.pk, before=rows[0].id)] == ["Hill"]
    assert beside([post.pk], [], cast.hill.pk)[2] == {post.pk: "like"}
    assert beside([post.pk], [], cast.quay.pk)[2] == {}
