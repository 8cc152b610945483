"""Loading an origin: nothing lost, nothing twice, nothing bound to who is here already."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from rostra.forum.access.queries import viewer_for
from rostra.forum.documents.models import Link
from rostra.forum.members.models import Member
from rostra.forum.reactions.models import Reputation
from rostra.forum.threads.models import Post, Thread
from rostra.kernel import jobs
from rostra.kernel.models import Job
from rostra.transfer.integrity import examine
from rostra.transfer.load.run import AlreadyRunning, _alone, load
from rostra.transfer.models import Mapped, OldAddress
from rostra.transfer.records import (
    BoardRecord,
    MemberRecord,
    OtherRecord,
    PostRecord,
    ReactionRecord,
    Skipped,
    ThreadRecord,
)

AT = datetime(2012, 3, 4, 5, 6, tzinfo=UTC)


class Reader:
    """An origin of the test's own; may die after some records."""

    def __init__(self, *records, origin="old", die_after=None):
        self.origin, self.items, self.die_after = origin, records, die_after

    def prepare(self):
        return sum(isinstance(item, PostRecord) for item in self.items)

    def records(self):
        for number, item in enumerate(self.items):
            if number == self.die_after:
                raise KeyboardInterrupt
            yield item


def forum(posts=5):
    """A small origin: two boards, three people, a thread with quotes and reactions."""
    yield BoardRecord(id="b", title="Old board", addresses=("/forums/old.1/",))
    yield BoardRecord(id="p", title="Old staff", is_private=True)
    yield MemberRecord(id="1", name="Quay", joined_at=AT)
    yield MemberRecord(id="2", name="Wanda Voss")
    yield ThreadRecord(
        id="t", board="b", title="Old thread", starter="1", created_at=AT, answer="102"
    )
    yield ThreadRecord(id="s", board="p", title="Secret", starter="2")
    yield PostRecord(id="101", thread="t", author="1", source="The gate was open.", dialect="bbcode",
                     created_at=AT, addresses=("/posts/1/",))  # fmt: skip
    yield PostRecord(id="102", thread="t", author="2", created_at=AT, dialect="bbcode", reply_to="101",
                     source="[quote=Quay;101]gate was open[/quote] No.")  # fmt: skip
    yield ReactionRecord(post="102", member="1", kind="like")
    yield ReactionRecord(post="102", count=3, kind="like")
    yield PostRecord(id="103", thread="t", author_name="Passer-by", source="Hm.", dialect="plain")
    yield PostRecord(
        id="104", thread="t", author="2", source="Gone.", dialect="plain", state="removed"
    )
    yield PostRecord(id="s1", thread="s", author="2", source="Hush.", dialect="plain")
    for n in range(5, posts + 1):
        yield PostRecord(
            id=str(100 + n), thread="t", author="1", source=f"More {n}", dialect="plain"
        )


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "import"


pytestmark = pytest.mark.django_db


def test_everything_arrives_counted_and_whole(folder):
    report = load(Reader(*forum()), folder, processes=1)
    assert report.is_balanced()
    assert report.as_json()["counts"]["post"] == {
        "read": 6, "written": 6, "already_there": 0, "skipped": 0,
    }  # fmt: skip
    thread = Thread.objects.get(title="Old thread")
    posts = list(Post.objects.filter(thread=thread).order_by("number"))
    assert [p.number for p in posts] == [1, 2, 3, 4, 5]
    assert (posts[2].author_id, posts[2].author_name) == (None, "Passer-by")
    assert posts[1].reply_to_id == posts[0].pk
    assert f'data-quote="{posts[0].pk}"' in posts[1].html
    assert (thread.answer_id, thread.kind) == (posts[1].pk, "question")
    assert (thread.reply_count, thread.last_number) == (3, 5)
    assert Reputation.objects.get(member__name="Wanda Voss").score == 4
    assert OldAddress.objects.get(address="/posts/1/").new_id == posts[0].pk
    assert json.loads((folder / "report.json").read_text())["balanced"]
    assert examine() == []


def test_a_second_run_adds_nothing(folder):
    load(Reader(*forum()), folder, processes=1)
    before = list(Post.objects.order_by("id").values_list("id", "html", "number"))
    report = load(Reader(*forum()), folder, processes=1)
    assert set(report.written.elements()) == set()
    assert report.is_balanced()
    assert list(Post.objects.order_by("id").values_list("id", "html", "number")) == before
    assert examine() == []


def test_what_came_since_is_added_at_the_end(folder):
    load(Reader(*forum()), folder, processes=1)
    report = load(Reader(*forum(posts=9)), folder, processes=1)
    assert report.written["post"] == 4
    thread = Thread.objects.get(title="Old thread")
    assert thread.last_number == 9
    assert examine() == []


@pytest.mark.parametrize("die_after", range(1, 17))
def test_killed_anywhere_it_goes_on_where_it_was(folder, die_after, monkeypatch):
    """REL-056: the result is that of an uninterrupted run."""
    from rostra.transfer.load import run

    monkeypatch.setattr(run, "POSTS", 2)
    monkeypatch.setattr(run, "RECORDS", 3)
    with pytest.raises(KeyboardInterrupt):
        load(Reader(*forum(posts=8), die_after=die_after), folder, processes=1)
    load(Reader(*forum(posts=8)), folder, processes=1)
    posts = Post.objects.filter(thread__title="Old thread").order_by("number")
    sources = ["The gate was open.", "[quote=Quay;101]gate was open[/quote] No.", "Hm.", "Gone."]
    assert list(posts.values_list("source", flat=True))[:4] == sources
    assert Post.objects.count() == 9
    assert Reputation.objects.get(member__name="Wanda Voss").score == 4
    assert examine() == []


def test_nobody_becomes_a_local_account(cast, folder):
    """SEC-127: a name that is taken gets a number; mentions and quotes do not bind either."""
    report = load(
        Reader(*forum(), PostRecord(id="x", thread="t", author="2", dialect="native",
                                    source="@Quay and @Mod Ferris")),
        folder, processes=1,
    )  # fmt: skip
    assert report.renamed == 1
    imported = Member.objects.get(name="Quay 2")
    assert not imported.is_claimed
    assert not imported.has_usable_password()
    assert Thread.objects.get(title="Old thread").starter_id == imported.pk
    assert "data-member" not in Post.objects.get(source="@Quay and @Mod Ferris").html
    assert Mapped.objects.get(kind="member", old_id="1").new_id == imported.pk


def test_a_private_board_stays_private(folder):
    """Fails closed: what guests could not read before, they cannot read after."""
    load(Reader(*forum()), folder, processes=1)
    secret = Thread.objects.get(title="Secret")
    assert secret.board_id not in viewer_for(None).boards
    assert Thread.objects.get(title="Old thread").board_id in viewer_for(None).readable


def test_everything_left_out_is_named_with_its_reason(folder):
    report = load(
        Reader(
            *forum(),
            Skipped("post: 77", "small_action"),
            ThreadRecord(id="u", board="nowhere", title="Lost"),
            PostRecord(id="y", thread="u", author="1", source="Lost too", dialect="plain"),
            PostRecord(id="101", thread="t", author="1", source="Again", dialect="plain"),
            ReactionRecord(post="zz"),
            OtherRecord(kind="polls"),
        ),
        folder,
        processes=1,
    )
    assert report.is_balanced()
    assert dict(report.reasons) == {
        "small_action": 1, "board_unknown": 1, "thread_unknown": 1, "id_occurs_twice": 1,
        "post_unknown": 1, "only_restored_into_an_empty_forum": 1,
    }  # fmt: skip
    lines = (folder / "skipped.jsonl").read_text().splitlines()
    assert len(lines) == 6


@pytest.mark.parametrize("die_after", [None, 9, 12, 14])
def test_what_is_quoted_before_it_comes_is_found_in_the_end(folder, die_after, monkeypatch):
    """Posts may refer to later ones, in a later batch too; a kill between them changes nothing."""
    from rostra.transfer.load import run

    monkeypatch.setattr(run, "POSTS", 2)
    early = PostRecord(id="e", thread="t", author="2", dialect="bbcode",
                       source="[quote=Quay;900]It will come.[/quote] See!")  # fmt: skip
    late = PostRecord(id="900", thread="t", author="1", dialect="plain", source="It will come.")
    items = [*forum(), early, *list(forum(posts=8))[-3:], late]
    if die_after:
        with pytest.raises(KeyboardInterrupt):
            load(Reader(*items, die_after=die_after), folder, processes=1)
    report = load(Reader(*items), folder, processes=1)
    assert report.is_balanced()
    html = Post.objects.get(source=early.source).html
    assert f'data-quote="{Post.objects.get(source=late.source).pk}"' in html
    assert "unverified" not in html
    assert not (folder / "waiting").exists()


def test_two_at_once_are_refused(folder):
    with _alone(folder), pytest.raises(AlreadyRunning):
        load(Reader(*forum()), folder, processes=1)


@pytest.mark.parametrize("name", ["", "\u202e\u200b", "<b>Bob</b>", "admin", "x" * 300, "😀", "A"])
def test_every_name_becomes_a_member(folder, name):
    """An import never loses a member, however odd the name."""
    load(
        Reader(MemberRecord(id="1", name=name), MemberRecord(id="2", name=name)),
        folder,
        processes=1,
    )
    names = list(Member.objects.values_list("name", flat=True))
    assert len(names) == len(set(names)) == 2
    assert all(0 < len(n) <= 60 and n.isprintable() for n in names)
    assert "admin" not in names


def test_hostile_text_arrives_harmless(folder):
    """SEC-128."""
    source = '<script>alert(1)</script><img src=x onerror=alert(1)><p style="x">Hi</p>'
    load(
        Reader(*forum(), PostRecord(id="h", thread="t", author="1", source=source, dialect="html")),
        folder, processes=1,
    )  # fmt: skip
    html = Post.objects.get(source=source).html
    assert [w for w in ("<script", "onerror", "style=", "<img") if w in html] == []


def test_what_posts_lead_to_is_written_down_afterwards(db, tmp_path):
    """Each batch leaves a job with its posts, so that a killed import loses none."""
    links = [
        PostRecord(id=f"l{n}", thread="t", author="1", source=f"https://old.example/{n}",
                   dialect="plain", created_at=AT)
        for n in range(3)
    ]  # fmt: skip
    load(Reader(*forum(), *links), tmp_path)
    load(Reader(*forum(), *links), tmp_path)
    assert Job.objects.filter(name__endswith="note_links_between").count() == 1
    while jobs.run_due():
        pass
    found = Link.objects.filter(post__thread__title="Old thread").order_by("post_id")
    assert [link.url for link in found] == [f"https://old.example/{n}" for n in range(3)]
    assert not Job.objects.filter(is_dead=True).exists()
