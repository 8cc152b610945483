"""Posts of before, covered as the list says now: by whom, how far, and at what cost."""

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rostra.effects.search.parse import parse
from rostra.effects.search.queries import Scope, search
from rostra.forum.members.actions import create_member
from rostra.forum.members.models import Member
from rostra.forum.threads.actions import covering
from rostra.forum.threads.actions.listeners import UNDER_WAY
from rostra.forum.threads.actions.posts import edit_post, post_reply, remove_post
from rostra.forum.threads.models import Post, Revision, Thread
from rostra.forum.words.actions import unwatch_words, watch_words
from rostra.forum.words.matching import Matcher
from rostra.forum.words.models import WatchedWord
from rostra.kernel import clock, jobs
from rostra.kernel.models import Job
from rostra.transfer.models import Mapped, Origin
from tests.web.visits import thread_address

WHY = "Said for the tests of watched words."


def watch(cast, *words, act="censor", link=""):
    watch_words(cast.view(cast.mod), words, act, link=link, reason=WHY)


def unwatch(cast, *words):
    ids = WatchedWord.objects.filter(word__in=words).values_list("id", flat=True)
    unwatch_words(cast.view(cast.mod), list(ids), reason=WHY)


def work(steps=99):
    """Do all that is queued, or so many steps of the walk."""
    while jobs.run_due():
        continue
    with time_machine.travel(clock.now() + UNDER_WAY * 2, tick=True):
        while steps and jobs.run_aside():
            steps -= 1
        while jobs.run_due():
            continue


def reply(cast, source, who=None):
    return post_reply(cast.view(who or cast.hill), cast.barrier.pk, source)


def html(post):
    return Post.objects.get(pk=post.pk).html.strip().replace(' dir="auto"', "")


def found(cast, words):
    return [hit.post.id for hit in search(cast.view(None), parse(words), Scope()).hits]


def test_a_word_that_is_covered_from_today_is_covered_in_posts_of_before(cast):
    post = reply(cast, "Well, **damn** it.")
    removed = reply(cast, "Damn.")
    remove_post(cast.view(cast.mod), removed.pk, WHY)
    work()
    assert found(cast, "damn") == [post.pk]
    before, thread = Post.objects.get(pk=post.pk), Thread.objects.get(pk=cast.barrier.pk)
    watch(cast, "damn")
    work()
    after = Post.objects.get(pk=post.pk)
    assert after.html == before.html.replace("damn", "■■■■")
    assert html(removed) == "<p>■■■■.</p>"  # what moderators see of it, too
    assert (after.source, after.edit_count, after.edited_at) == (before.source, 0, None)
    assert not Revision.objects.exists()
    assert found(cast, "damn") == []
    assert Thread.objects.get(pk=cast.barrier.pk).version == thread.version + 2


def test_a_word_that_is_no_longer_covered_is_there_again(cast):
    watch(cast, "damn", "heck")
    source = "Damn, @Quay, what the heck is #1?\n\n> Damn\n\nA ■ of mine."
    post, plain = reply(cast, source), reply(cast, "A ■ of mine.")
    fragment = html(plain)
    unwatch(cast, "damn")
    work()
    assert "Damn" in html(post) and "heck" not in html(post)
    assert html(post).count("■") == 5
    unwatch(cast, "heck")
    work()
    edited = edit_post(cast.view(cast.hill), plain.pk, source)
    assert html(post) == html(edited)  # as an edit of its author's would be
    assert html(post) != fragment


def test_one_word_for_another_and_a_word_within_a_phrase(cast):
    watch(cast, "damn")
    post = reply(cast, "Damn fine, heck.")
    unwatch(cast, "damn")
    watch(cast, "heck", "damn fine")
    work()
    assert html(post) == "<p>■■■■■■■■■, ■■■■.</p>"
    watch(cast, "damn fine", act="link", link="/boards/1")
    work()
    assert "Damn fine" in html(post) and "■■■■." in html(post)


def test_links_are_for_what_is_written_from_now_on(cast):
    post = reply(cast, "The harbour is damn cold.")
    watch(cast, "harbour", act="link", link="/boards/1")
    watch(cast, "damn")
    work()
    assert html(post) == "<p>The harbour is ■■■■ cold.</p>"
    linked = html(reply(cast, "The harbour."))
    watch(cast, "heck")
    work()
    assert linked.count("<a ") == 1 and html(Post.objects.latest("id")) == linked


def test_what_came_from_elsewhere_is_left_alone(cast):
    native, other = reply(cast, "Damn."), reply(cast, "Damn!")
    Mapped.objects.create(
        origin=Origin.objects.create(name="elsewhere"), kind="post", old_id="7", new_id=native.pk
    )
    Post.objects.filter(pk=other.pk).update(dialect="html")
    watch(cast, "damn")
    work()
    assert (html(native), html(other)) == ("<p>Damn.</p>", "<p>Damn!</p>")


def test_covers_stay_where_nobody_is_left_whose_eyes_it_could_be_for(cast):
    watch(cast, "damn")
    post = reply(cast, "Damn the heck.")
    Post.objects.filter(pk=post.pk).update(author=None, author_name="Guest")
    unwatch(cast, "damn")
    watch(cast, "heck")
    work()
    assert html(post) == "<p>■■■■ the ■■■■.</p>"


def test_who_is_suspended_goes_on_quoting_what_they_could_read(cast, monkeypatch):
    watch(cast, "damn")
    post = reply(cast, f"@Quay: /posts/{cast.barrier.posts.get(number=1).pk} damn")
    expected = html(post).replace("■■■■", "damn")
    Member.objects.filter(pk=cast.hill.pk).update(suspended_until=clock.now() + UNDER_WAY * 99_999)
    seen = []
    real = covering.render_for
    monkeypatch.setattr(
        covering,
        "render_for",
        lambda author, *rest, **more: (seen.append(author), real(author, *rest, **more))[1],
    )
    unwatch(cast, "damn")
    work()
    assert html(post) == expected
    assert [one.is_suspended for one in seen] == [False]
    assert seen[0].readable == cast.view(cast.newcomer).readable


def test_the_walk_goes_on_where_it_was_and_ends_where_another_began(cast, monkeypatch):
    """REL-016: steps that are killed are done again, and nothing is done twice."""
    monkeypatch.setattr(covering, "AT_ONCE", 2)
    posts = [reply(cast, f"Damn the heck {n}.") for n in range(6)]
    watch(cast, "damn")
    work(steps=1)
    assert ["■" in html(post) for post in posts] == [False] * 4 + [True] * 2  # the newest first
    version = Thread.objects.get(pk=cast.barrier.pk).version
    row = Job.objects.get(name__endswith="cover_posts", done_at=None)
    assert row.payload["before"] == posts[4].pk
    covering.cover_some(), covering.cover_some(posts[4].pk)  # a step again, and one too many
    assert Thread.objects.get(pk=cast.barrier.pk).version == version + 2
    watch(cast, "toll", act="hold")  # which is another list, that covers nothing else
    work(steps=1)
    assert ["■" in html(post) for post in posts] == [False] * 2 + [True] * 4
    watch(cast, "heck")
    work(steps=1)  # of the walk before: it looks at nothing
    work()
    assert [html(post) for post in posts] == [f"<p>■■■■ the ■■■■ {n}.</p>" for n in range(6)]
    assert not Job.objects.filter(name__endswith="cover_posts", done_at=None).exists()


def test_other_words_begin_no_walk(cast):
    watch(cast, "toll", act="hold")
    watch(cast, "casino", act="block")
    watch(cast, "quay", act="link", link="/boards/1")
    watch(cast, "toll", act="block")
    unwatch(cast, "casino")
    work()
    assert not Job.objects.filter(name__endswith="cover_posts").exists()
    watch(cast, "toll")
    work()
    watch(cast, "toll", act="hold")  # it is covered no longer
    work()
    assert Job.objects.filter(name__endswith="cover_posts").count() == 2


def test_a_post_without_such_words_costs_one_walk_over_its_text_and_no_page_more(cast, monkeypatch):
    web = Client()
    for n in range(20):
        reply(cast, f"Nothing of that kind, {n}.", create_member(f"Writer {n}"))
    said = reply(cast, "Damn.")
    work()

    def cost(look):
        look()
        with CaptureQueriesContext(connection) as asked:
            look()
        return len(asked)

    def page():
        assert web.get(thread_address(cast)).status_code == 200

    pages = cost(page)
    watch(cast, "damn")
    work()
    assert "■" in html(said)
    assert cost(page) == pages
    Post.objects.filter(pk=said.pk).delete()
    texts = []
    real = Matcher.find
    monkeypatch.setattr(
        Matcher, "find", lambda self, text: (texts.append(text), real(self, text))[1]
    )
    assert cost(covering.cover_some) == 2
    standing = Post.objects.filter(dialect="native").exclude(html="").count()
    assert len(texts) == 2 * standing  # it was looked twice
