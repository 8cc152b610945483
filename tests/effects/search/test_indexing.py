"""What is indexed and when: after events, after imports, after a loss; killed and gone on with."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from rostra.effects.search import actions, listeners, newest, queries
from rostra.effects.search.backends import backend
from rostra.effects.search.documents import document_of
from rostra.effects.search.models import Entry, Span
from rostra.effects.search.parse import parse
from rostra.effects.search.places import ID_BITS, mark_of, place_of
from rostra.effects.search.queries import Scope
from rostra.forum.threads.actions.posts import edit_post, post_reply, remove_post, restore_post
from rostra.forum.threads.actions.threads import move_thread, start_thread
from rostra.forum.threads.models import Post
from rostra.kernel import jobs
from rostra.transfer.integrity import examine
from rostra.transfer.load.run import load
from rostra.transfer.records import BoardRecord, MemberRecord, PostRecord, ThreadRecord

pytestmark = pytest.mark.django_db
REASON = "Insults a group of people."


def work() -> None:
    """Do what is due, as a worker would."""
    while jobs.run_due():
        pass


def numbers(cast, text, who=None, **scope):
    found = queries.search(cast.view(who), parse(text), Scope(**scope))
    return [hit.post.number for hit in found.hits]


def indexed_words(post_id: int) -> set[str]:
    """Return what the index itself would find, whatever the live rows say."""
    return {
        word
        for word in ("zanzibar", "samarkand", "flood", "timbuktu")
        if post_id
        in queries._post_ids(
            list(newest.by_date(queries._wanted(NOBODY, parse(word), Scope()), None))
        ).values()
    }


class _Nobody:
    readable = frozenset()


NOBODY = _Nobody()


def test_after_each_event(cast):
    quay, mod = cast.view(cast.quay), cast.view(cast.mod)
    thread = start_thread(quay, cast.region.pk, "Timbuktu", "samarkand")
    reply = post_reply(quay, thread.pk, "zanzibar")
    assert numbers(cast, "zanzibar") == []
    work()
    opening = Post.objects.get(thread=thread, number=1)
    assert indexed_words(opening.pk) == {"timbuktu", "samarkand"}
    assert indexed_words(reply.pk) == {"zanzibar"}
    edit_post(quay, reply.pk, "samarkand now")
    work()
    assert indexed_words(reply.pk) == {"samarkand"}
    remove_post(mod, reply.pk, REASON)
    work()
    assert numbers(cast, "samarkand") == [1]
    assert sorted(numbers(cast, "samarkand", cast.mod)) == [1, 2]
    restore_post(mod, reply.pk, REASON)
    move_thread(mod, thread.pk, cast.harbour.pk, reason=REASON)
    work()
    inside = frozenset({cast.harbour.pk})
    assert sorted(numbers(cast, "samarkand", board_ids=inside)) == [1, 2]
    assert numbers(cast, "samarkand", board_ids=frozenset({cast.region.pk})) == []
    assert queries.faults() == []


def test_a_listener_may_run_twice(cast):
    post = post_reply(cast.view(cast.quay), cast.barrier.pk, "zanzibar")
    for _ in range(3):
        actions.index_posts([post.pk])
    assert numbers(cast, "zanzibar") == [4]
    assert Entry.objects.filter(post_id=post.pk).count() == 1
    assert backend().count() == Entry.objects.count()


def test_a_post_that_is_no_more_leaves_the_index(cast):
    post = post_reply(cast.view(cast.quay), cast.barrier.pk, "zanzibar")
    work()
    Post.objects.filter(pk=post.pk).delete()
    actions.index_posts([post.pk])
    assert indexed_words(post.pk) == set()
    assert backend().count() == Entry.objects.count()


def test_what_was_edited_while_it_was_folded_is_folded_again(cast, monkeypatch):
    post = post_reply(cast.view(cast.quay), cast.barrier.pk, "zanzibar")
    real = actions.searching.htmls_of

    def edited_meanwhile(post_ids):
        Post.objects.filter(pk=post.pk).update(html="<p>samarkand</p>")
        return real(post_ids)

    monkeypatch.setattr(actions.searching, "htmls_of", edited_meanwhile)
    actions.index_posts([post.pk])
    assert indexed_words(post.pk) == {"samarkand"}


class Reader:
    """An origin of a few posts; `fails` after some."""

    origin = "old"

    def __init__(self, count, fails=None):
        self.count, self.fails = count, fails

    def prepare(self):
        return self.count

    def records(self):
        yield BoardRecord(id="b", title="Old board")
        yield MemberRecord(id="m", name="Old hand")
        yield ThreadRecord(id="t", board="b", title="Old samarkand", starter="m")
        at = datetime(2001, 2, 3, tzinfo=UTC)
        for n in range(self.count):
            yield PostRecord(
                id=str(n), thread="t", source=f"zanzibar {n}", dialect="plain", author="m",
                created_at=at + timedelta(days=n),
            )  # fmt: skip


def test_what_an_import_brings_is_found(cast, tmp_path):
    """The worker looks for it by id; the import knows nothing of the search."""
    actions.catch_up()
    load(Reader(30), tmp_path, processes=1)
    assert numbers(cast, "zanzibar") == []
    listeners.catch_up()  # as the clock does every minute
    work()
    assert len(numbers(cast, "zanzibar")) == 20
    assert numbers(cast, "title:samarkand") == [1]
    assert examine() == []


def test_catching_up_goes_on_where_it_stopped(cast, tmp_path):
    load(Reader(30), tmp_path, processes=1)
    steps = [actions.catch_up(10) for _ in range(5)]
    assert [step.indexed for step in steps] == [10, 10, 10, 4, 0]
    assert [step.is_done for step in steps] == [False, False, False, True, True]


def test_ids_given_out_before_and_written_later_are_found(cast):
    """An import reserves ids; a post that is written meanwhile has a higher one."""
    late = post_reply(cast.view(cast.quay), cast.barrier.pk, "zanzibar")
    row = Post.objects.get(pk=late.pk)
    Post.objects.filter(pk=late.pk).delete()
    post_reply(cast.view(cast.quay), cast.barrier.pk, "later")
    actions.catch_up()
    row.number = 90
    row.save(force_insert=True)
    actions.catch_up()
    assert numbers(cast, "zanzibar") == [90]


@pytest.mark.parametrize("killed_at", [1, 2, 3, 5])
@pytest.mark.parametrize("restart", [False, True])
def test_reindexing_is_killed_and_gone_on_with(cast, tmp_path, monkeypatch, killed_at, restart):
    load(Reader(40), tmp_path, processes=1)
    actions.catch_up()
    monkeypatch.setattr(actions, "BATCH", 10)
    real, calls = actions._replace, itertools.count(1)

    def dies(post_ids, documents):
        if next(calls) == killed_at:
            raise KeyboardInterrupt
        real(post_ids, documents)

    monkeypatch.setattr(actions, "_replace", dies)
    with pytest.raises(KeyboardInterrupt):
        actions.reindex(restart=restart)
    assert queries.is_being_rebuilt() is (restart or killed_at > 1)
    monkeypatch.setattr(actions, "_replace", real)
    written = []
    actions.reindex(progress=written.append)
    assert sum(written) == 44 - 10 * (killed_at - 1)
    assert not queries.is_being_rebuilt()
    assert queries.faults() == []
    assert len(numbers(cast, "zanzibar")) == 20


def test_reindexing_drops_what_is_no_more_and_brings_what_was_lost(cast):
    work()
    actions.catch_up()
    lost = Entry.objects.order_by("place").first()
    Entry.objects.filter(pk=lost.pk).delete()
    backend().erase([lost.place])
    Entry.objects.create(place=5, post_id=987_654, span=1)
    assert [fault.what for fault in queries.faults()] == [
        "posts are not indexed", "words and entries differ",
    ]  # fmt: skip
    assert [str(f).partition(":")[0] for f in examine()] == ["search index", "search index"]
    actions.reindex()
    assert queries.faults() == []
    assert not Entry.objects.filter(post_id=987_654).exists()
    assert examine() == []


def test_while_it_is_rebuilt_everything_else_is_found(cast, monkeypatch):
    """Without --restart the old words stay until the new ones are there."""
    post_reply(cast.view(cast.quay), cast.barrier.pk, "zanzibar")
    actions.catch_up()
    monkeypatch.setattr(actions, "BATCH", 1)
    seen = []
    actions.reindex(progress=lambda _: seen.append(numbers(cast, "zanzibar")))
    assert seen == [[4]] * 5


@pytest.mark.skipif(connection.vendor != "sqlite", reason="FTS5's own tables")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["data", "idx", "content", "docsize", "config"])
def test_a_damaged_index_is_noticed_and_made_anew(transactional_db, table):
    """REL-055: each of FTS5's tables emptied, and dropped."""
    from tests.cast import assemble

    cast = assemble()
    actions.catch_up()
    for harm in (f"DELETE FROM search_words_{table}", f"DROP TABLE search_words_{table}"):
        with connection.cursor() as cursor:
            cursor.execute(harm)
        assert queries.faults() != [] or numbers(cast, "closed") == [1]  # noticed, or no harm
        actions.reindex(restart=True)
        assert queries.faults() == []
        assert numbers(cast, "closed") == [1]


def test_spans_fill_and_are_walked_from_the_newest(cast, monkeypatch, tmp_path):
    """Small spans: every order and filter gives what one span would."""
    load(Reader(60), tmp_path, processes=1)
    actions.catch_up()
    viewer = cast.view(None)

    def everything(order):
        after, found = None, []
        while True:
            page = queries.search(viewer, parse("zanzibar"), Scope(), order=order, after=after)
            found += [hit.post.id for hit in page.hits]
            after = page.further
            if after is None:
                return found

    one = {order: everything(order) for order in ("date", "relevance")}
    monkeypatch.setattr(actions, "SPAN", 7)
    actions.reindex(restart=True)
    assert Span.objects.count() > 8
    many = {order: everything(order) for order in ("date", "relevance")}
    assert many["date"] == one["date"] == sorted(one["date"], reverse=True)
    assert sorted(many["relevance"]) == sorted(one["relevance"])
    late = parse("zanzibar after:2001-03-20")
    assert len(queries.search(viewer, late, Scope(), limit=50).hits) == 15


def test_spans_that_overlap_in_time_are_merged(cast, monkeypatch):
    """An import of old posts into a running forum: places come in no order."""
    monkeypatch.setattr(actions, "SPAN", 5)
    replies = [
        post_reply(cast.view(cast.quay), cast.barrier.pk, f"zanzibar {n}") for n in range(20)
    ]
    for n, post in enumerate(replies):
        at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=(n * 7) % 20)
        Post.objects.filter(pk=post.pk).update(created_at=at)
    for post in replies:
        actions.index_posts([post.pk])
    found = queries.search(cast.view(None), parse("zanzibar"), Scope(), order="date", limit=50)
    dates = [hit.post.created_at for hit in found.hits]
    assert len(dates) == 20
    assert dates == sorted(dates, reverse=True)
    few = list(itertools.islice(newest.by_date(
        queries._wanted(cast.view(None), parse("zanzibar"), Scope()), None, 3), 6))  # fmt: skip
    assert [p.place for p in few] == sorted((p.place for p in few), reverse=True)


def test_only_the_newest_matches_are_ranked(cast, monkeypatch):
    monkeypatch.setattr(newest, "RANKED", 5)
    for n in range(12):
        post_reply(cast.view(cast.quay), cast.barrier.pk, f"zanzibar {'zanzibar ' * (12 - n)}")
    actions.catch_up()
    found = numbers(cast, "zanzibar")
    assert sorted(found) == [11, 12, 13, 14, 15]


def test_places_rise_with_the_date():
    at = datetime(2026, 1, 2, tzinfo=UTC)
    later = [place_of(9, None), place_of(9, datetime(1960, 1, 1, tzinfo=UTC)),
             place_of(8, at), place_of(9, at), place_of(1, at + timedelta(seconds=1)),
             place_of(1, datetime(9999, 1, 1, tzinfo=UTC))]  # fmt: skip
    assert later == sorted(later)
    assert all(0 <= place < 2**63 for place in later)
    assert place_of(2**ID_BITS + 3, None) == 3


def test_every_span_has_a_mark_of_its_own():
    marks = [mark_of(n) for n in range(20_000)]
    assert len(set(marks)) == 20_000


def test_undated_posts_are_found_and_stand_last(cast):
    old = post_reply(cast.view(cast.quay), cast.barrier.pk, "zanzibar")
    post_reply(cast.view(cast.quay), cast.barrier.pk, "zanzibar")
    Post.objects.filter(pk=old.pk).update(created_at=None)
    actions.catch_up()
    page = queries.search(cast.view(None), parse("zanzibar"), Scope(), order="date")
    assert [hit.post.number for hit in page.hits] == [5, 4]


def test_a_guest_author_is_found_by_name(cast):
    post = post_reply(cast.view(cast.quay), cast.barrier.pk, "zanzibar")
    Post.objects.filter(pk=post.pk).update(author=None, author_name="Café Gast")
    actions.catch_up()
    assert numbers(cast, 'author:"cafe gast"') == [4]
    assert numbers(cast, "author:quay zanzibar") == []


def test_a_document_has_no_word_that_a_fact_could_be():
    class Row:
        id, thread_id, board_id, title, author_id, author_name = 1, 2, 3, "=a1", 1, ""
        html, created_at = "<p>=a1 'x':1 \\ e</p>", None

    document = document_of(Row())
    assert document.title == ["a1"]
    assert document.body == ["a1", "x", "1", "e"]
    assert document.facts == ["e", "t2", "b3", "a1"]
