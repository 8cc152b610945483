"""The demo forum: as large and as whole as it says, the same on every database."""

from datetime import timedelta

import pytest
from django.db import transaction

from rostra.forum.access.queries import viewer_for
from rostra.forum.claims.models import Claim
from rostra.forum.holds.models import Hold
from rostra.forum.members import names
from rostra.forum.members.models import Member
from rostra.forum.modlog.queries import entries, first_fault
from rostra.forum.polls.models import Poll
from rostra.forum.threads.models import Post, State, Thread
from rostra.kernel import clock
from rostra.project import seed
from rostra.transfer.integrity import examine
from tests.forgetting import forget_everything

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    """Seed once for all tests here, and take everything back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        assert seed.is_empty()
        forget_everything()  # this comes before what does so for each test
        seed.seed()
        yield
        transaction.set_rollback(True)


def titled(title):
    return Thread.objects.get(title__startswith=title)


def test_it_is_no_longer_empty_and_a_second_time_changes_nothing():
    before = (Member.objects.count(), Post.objects.count(), len(entries(limit=100)))
    assert not seed.is_empty()
    seed.seed()
    assert (Member.objects.count(), Post.objects.count(), len(entries(limit=100))) == before


def test_there_is_as_much_as_promised():
    assert Member.objects.count() >= 60
    assert 25 <= Thread.objects.count() <= 45
    assert 650 <= Post.objects.count() <= 900
    assert titled("Barrier maintenance").last_number == 300
    assert Thread.objects.exclude(answer=None).exists()
    assert Thread.objects.filter(is_locked=True).exists()
    assert Thread.objects.filter(is_pinned=True).exists()
    assert Thread.objects.filter(reply_count=0).count() >= 2


def test_two_posts_wait_for_the_moderators():
    waiting = Hold.objects.filter(state="waiting").order_by("id").values_list("kind", "names")
    assert list(waiting) == [("reply", " word "), ("thread", " word ")]


def test_there_is_a_poll_with_votes_in_it():
    poll = Poll.objects.get()
    assert poll.voter_count == sum(option.vote_count for option in poll.options.all()) == 18
    assert poll.closes_at is None


def test_a_claim_runs_through_the_states():
    """From a single source by way of a quarrel to what the other side concedes."""
    claim, other = Claim.objects.order_by("id")
    assert [status for _, status in claim.history] == ["single_source", "contested", "conceded"]
    assert (other.status, other.surest) == ("single_source", "probably")
    assert titled("Council 'closed flood barrier").claim_count == 2


def test_nobody_of_the_demo_can_sign_in():
    assert not Member.objects.filter(is_claimed=True).exists()
    assert {m.password for m in Member.objects.all()} == {"!"}


def test_the_names_are_names_that_members_may_take():
    shown = list(Member.objects.values_list("name", flat=True))
    assert [name for name in shown if not names.may_be_name(name)] == []


@pytest.mark.parametrize(
    ("first", "last"),
    [("؀", "ۿ"), ("֐", "׿"), ("一", "鿿"), ("Ѐ", "ӿ"), ("Ͱ", "Ͽ")],
    ids=["Arabic", "Hebrew", "Chinese", "Cyrillic", "Greek"],
)
def test_many_scripts_are_read_here(first, last):
    def has(text):
        return any(first <= c <= last for c in text)

    assert any(has(name) for name in Member.objects.values_list("name", flat=True))
    assert sum(has(source) for source in Post.objects.values_list("source", flat=True)) >= 2


def test_the_letters_of_persian_and_urdu_are_there():
    sources = "".join(Post.objects.values_list("source", flat=True))
    assert set("پچژگ") <= set(sources)
    assert set("ٹڈڑںے") <= set(sources)


def test_a_guest_sees_neither_the_staff_room_nor_the_lounge():
    guest = viewer_for(None)
    hidden = Thread.objects.exclude(board_id__in=guest.readable)
    assert {t.board.title for t in hidden} == {"Members' lounge", "Moderators' room"}
    assert "Moderators' room" not in {
        t.board.title for t in Thread.objects.filter(board_id__in=guest.boards)
    }


def test_the_log_and_all_counters_are_whole():
    assert first_fault() is None
    assert examine() == []
    kinds = {row.kind for row in entries(limit=100)}
    assert kinds == {
        "group.join", "access.set", "thread.pin", "thread.lock", "thread.move",
        "post.remove", "post.restore", "post.edit", "words.change", "member.warn", "member.limit",
    }  # fmt: skip
    assert Post.objects.filter(state=State.WITHDRAWN).count() == 1
    assert Post.objects.filter(state=State.REMOVED).count() == 1


def test_what_was_edited_away_is_gone():
    assert not Post.objects.filter(source__contains="0555").exists()


def test_it_looks_alive_and_nothing_is_in_the_future():
    now = clock.now()
    newest = Post.objects.order_by("-created_at").first().created_at
    assert now - timedelta(hours=1) < newest <= now
    assert not Member.objects.filter(joined_at__gt=now).exists()


def test_posts_stand_in_the_order_in_which_they_were_written():
    for thread in Thread.objects.all():
        numbered = thread.posts.exclude(number=None).order_by("number")
        dates = list(numbered.values_list("created_at", flat=True))
        assert dates == sorted(dates)
    assert not Post.objects.filter(author__joined_at__gt=clock.now()).exists()


def test_nobody_says_the_same_thing_twice():
    sources = list(titled("Barrier maintenance").posts.values_list("source", flat=True))
    assert len(set(sources)) == 300


def test_quotes_are_the_words_that_were_said():
    html = "".join(Post.objects.values_list("html", flat=True))
    assert html.count("data-quote=") >= 60
    assert html.count('data-word="unverified"') == 0
    assert html.count('data-word="altered"') <= 1
    assert html.count("data-said=") == 0


def test_markup_left_nothing_lying_about():
    for post in Post.objects.exclude(html__contains="<code"):
        assert "[/" not in post.html
        assert "{-" not in post.html
        assert "[[" not in post.html
