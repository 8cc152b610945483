"""The archive: out and in again, exactly."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from rostra.content.media import pictures, remote
from rostra.content.media.models import RemotePicture, Usage
from rostra.content.previews.pages import read_page
from rostra.effects.notifications.actions import choose_ways
from rostra.forum.appeals.actions import decide_appeal, file_appeal
from rostra.forum.bookmarks.actions import keep_post
from rostra.forum.cases.actions.deciding import Verdict, decide_case
from rostra.forum.cases.actions.reporting import report_item
from rostra.forum.cases.actions.working import add_note
from rostra.forum.cases.models import Case
from rostra.forum.choices.actions import Wish, choose, choose_logo
from rostra.forum.claims.actions.describing import describe_claim
from rostra.forum.claims.actions.disputing import dispute_attribution
from rostra.forum.claims.actions.entries import add_attribution, place_attribution
from rostra.forum.claims.actions.making import make_claim, reword_claim
from rostra.forum.claims.actions.watching import watch_claim
from rostra.forum.claims.circumstances import Circumstances
from rostra.forum.claims.rules import Entry
from rostra.forum.conversations.actions.messages import (
    send_message,
    start_conversation,
    withdraw_message,
)
from rostra.forum.conversations.actions.people import (
    invite_members,
    leave_conversation,
    open_door,
)
from rostra.forum.conversations.actions.people import note_read as seen
from rostra.forum.conversations.actions.reporting import report_message
from rostra.forum.conversations.models import Message
from rostra.forum.documents.actions.linking import note_links
from rostra.forum.documents.actions.listeners import show_card
from rostra.forum.documents.actions.publishing import describe_publisher
from rostra.forum.documents.actions.reading import Look as Found
from rostra.forum.documents.actions.reading import keep
from rostra.forum.documents.models import Document, Link
from rostra.forum.documents.queries import cards_of, saved_text
from rostra.forum.documents.rules import Publishing
from rostra.forum.members.actions import choose_reading, keep_profile
from rostra.forum.members.looks import Look
from rostra.forum.members.models import Member
from rostra.forum.members.queries import Profile
from rostra.forum.members.ties import set_tie
from rostra.forum.modlog.queries import first_fault, head
from rostra.forum.notes.actions.showing import set_state
from rostra.forum.notes.models import Note, Rating
from rostra.forum.notes.models import Seat as NoteSeat
from rostra.forum.notes.queries import below_posts
from rostra.forum.notices.actions import dismiss_notice, write_notice
from rostra.forum.notices.rules import Plan as Notice
from rostra.forum.polls.actions import start_with_poll, vote
from rostra.forum.polls.models import Poll, Vote
from rostra.forum.polls.queries import find_poll
from rostra.forum.polls.rules import Plan
from rostra.forum.smilies.actions import add_smilie
from rostra.forum.smilies.rules import Wish as Smilie
from rostra.forum.statistics.actions import count_day
from rostra.forum.threads.actions.answers import accept_answer
from rostra.forum.threads.actions.marks import mark_read, note_read, watch_board, watch_thread
from rostra.forum.threads.actions.posts import edit_post, post_reply, remove_post
from rostra.forum.threads.actions.splitting import merge_threads, split_thread
from rostra.forum.threads.actions.threads import lock_thread, slow_thread, start_thread
from rostra.forum.threads.heads import Head
from rostra.forum.threads.models import MemberStats, Post, Thread
from rostra.forum.uploads.actions import choose_avatar, upload_file
from rostra.kernel import chosen, clock
from rostra.transfer.archive.head import BrokenArchive
from rostra.transfer.archive.reading import ArchiveReader
from rostra.transfer.archive.restoring import is_restorable, restore
from rostra.transfer.archive.writing import write_archive
from rostra.transfer.integrity import examine
from rostra.transfer.load.run import load
from tests.forum.claims.people import raise_to
from tests.forum.notes.readers import join, proposed
from tests.forum.sanctions.people import sanctioned
from tests.pictures import png
from tests.transfer.test_load import Reader, forum
from tests.transfer.waiting import have_things_wait

pytestmark = pytest.mark.django_db
KEEP = ("django_migrations", "django_content_type", "auth_permission")


def empty_everything() -> None:
    """Make this database an empty forum again."""
    names = connection.introspection.table_names()
    # The table of words has tables of its own; nothing is in them, for no worker runs here.
    tables = [t for t in names if t not in KEEP and not t.startswith("search_words")]
    with connection.cursor() as cursor, connection.constraint_checks_disabled():
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')


def contents(folder):
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


@pytest.fixture
def lived_in(cast, tmp_path):
    """A forum with an import, a quote, a removal, an edit and a log."""
    load(Reader(*forum()), tmp_path / "import", processes=1)
    post = Post.objects.get(thread=cast.barrier, number=3)
    post_reply(
        cast.view(cast.hill),
        cast.barrier.pk,
        f'[quote="Quay, post: {post.pk}"]Post 3.[/quote] @Quay',
    )
    edit_post(cast.view(cast.mod), post.pk, "Other words.", reason="Personal data of a third.")
    remove_post(cast.view(cast.mod), post.pk, "Insults a group of people.")
    _was_moderated(cast)
    _has_readers(cast)
    _types_of_threads(cast)
    _pictures(cast)
    _looks(cast)
    have_things_wait(cast)
    count_day()
    return cast


def _was_moderated(cast) -> None:
    """A case that was talked about and decided, one that waits, and an appeal that was decided."""
    hill, mod, admin = (cast.view(who) for who in (cast.hill, cast.mod, cast.admin))
    for number, who in ((1, hill), (2, cast.view(cast.quay))):
        post = Post.objects.get(thread=cast.barrier, number=number)
        report_item(who, "post", post.pk, rule="R2", line="Insults us all.")
    case = Case.objects.get(target_id=post.pk)
    add_note(mod, case.pk, "I know them.")
    _was_tidied_up(cast, mod)
    n = decide_case(mod, case.pk, 1, Verdict("remove", "R2", "Insults a group of people."))
    file_appeal(hill, n, "I only quoted.")
    decide_appeal(admin, n, "overturned", "The quoted words were those of another.")
    sanctioned(cast, cast.newcomer)


def _was_tidied_up(cast, mod) -> None:
    """A thread was split, another merged into it, a third is slow and locked for a day."""
    went = post_reply(cast.view(cast.hill), cast.barrier.pk, "About the dredger.")
    split_thread(mod, cast.barrier.pk, [went.pk], "The dredger", reason="Another matter.")
    two = [start_thread(mod, cast.harbour.pk, f"Dredging {n}", "It is back.") for n in (1, 2)]
    merge_threads(mod, two[0].pk, cast.barrier.pk, reason="The same matter twice.")
    slow_thread(mod, two[1].pk, 300, reason="It became heated in the night.")
    lock_thread(
        mod, two[1].pk, locked=True, reason="It became heated in the night.",
        until=clock.now() + timedelta(days=1),
    )  # fmt: skip


def _has_readers(cast) -> None:
    """Members have read, watched, kept, followed, chosen and written about themselves."""
    hill = cast.view(cast.hill)
    note_read(hill, cast.barrier.pk, 2)
    watch_thread(hill, cast.barrier.pk, "watch")
    watch_board(hill, cast.harbour.pk, "mute")
    mark_read(hill, None, clock.now())
    keep_post(
        hill, cast.barrier.posts.get(number=1).pk, note="Mine.",
        remind_at=clock.now() + timedelta(days=3),
    )  # fmt: skip
    set_tie(cast.hill.pk, cast.quay.pk, "ignore")
    choose_ways(cast.hill.pk, {"mention": ["site"]}, watches_own=False, has_digest=True)
    look = Look("dark", "compact", "Asia/Kolkata", hides_signatures=True)
    choose_reading(cast.hill.pk, language="ar", per_page="50", look=look)
    keep_profile(cast.hill.pk, Profile("I *measure*.", "<p>I</p>", "Tides"), "<p>Tides</p>")


def _types_of_threads(cast):
    """News, and a question with its answer."""
    news = Head("news", "https://example.org/a", "Two words,\nquoted.", "flood barrier, harbour")
    start_thread(cast.view(cast.quay), cast.harbour.pk, "News", "My words.", head=news)
    asked = start_thread(
        cast.view(cast.quay), cast.harbour.pk, "Why?", "I ask.", head=Head("question")
    )
    answer = post_reply(cast.view(cast.hill), asked.pk, "Because.")
    accept_answer(cast.view(cast.quay), answer.pk, accepted=True)
    plan = Plan("Which?", ("A", "B", "C"), most=2, days=9, is_public=True)
    polled = start_with_poll(cast.view(cast.quay), cast.harbour.pk, "Poll", "Words.", plan)
    vote(cast.view(cast.hill), polled.pk, [1, 3])
    vote(cast.view(cast.mod), polled.pk, [3])
    _documents(cast)
    _claims(cast)
    _notes(cast)
    _talks(cast)


def _documents(cast):
    """What news is about was read, and changed; a reply leads to what nobody read."""
    opening = Post.objects.get(thread__title="News", number=1)
    reply = post_reply(cast.view(cast.hill), cast.barrier.pk, "https://other.example/b")
    for post in (opening, reply):
        note_links(post.pk, None)
    document = Document.objects.get(url="https://example.org/a")
    for words in ("What it said.", "Something else by now."):
        page = read_page(f"<title>An article</title><p>{words}", document.url)
        keep(document.pk, Found(page, 200))
    show_card(document.pk)


def _claims(cast):
    """A claim with a disputed entry, a publisher that somebody owns, and what is proposed."""
    mod, opening = cast.view(cast.mod), Post.objects.get(thread__title="News", number=1)
    there = Circumstances("2026-11", "2026-11-20", "Old Port", "flood, port")
    claim = make_claim(mod, opening.pk, "It was closed in time.", words="My words.", about=there)
    watch_claim(cast.view(cast.quay), claim.pk, "watch")
    said = Entry("asserts", "", "https://example.org/a", quote="What it said.", said="2026-11-20")
    entry = add_attribution(mod, claim.pk, said)
    place_attribution(mod, entry.pk, "non_party")
    counted = list(MemberStats.objects.values_list("pk", "post_count"))
    for member in (cast.quay, cast.hill):
        dispute_attribution(cast.view(raise_to(member)), entry.pk, "Not at all.")
    reword_claim(cast.view(cast.quay), claim.pk, "It was shut in time.")
    describe_claim(cast.view(cast.hill), claim.pk, there._replace(place="New Port"))
    describe_publisher(
        cast.view(cast.quay), entry.publisher_id, Publishing("wire", "other.example", "As it says.")
    )
    for pk, count in counted:
        MemberStats.objects.filter(pk=pk).update(post_count=count)


def _notes(cast):
    """A note that is shown, what was said of it, and a seat whose rater left."""
    note = proposed(cast, join(cast.hill).member)
    note.told, note.is_turned = [[6, 7], [5, 7]], True
    set_state(note, Note.State.SHOWN)
    NoteSeat.objects.create(
        note=note, panel=1, side=-1, asked_at=clock.now(), expires_at=clock.now(), value=2,
        answered_at=clock.now(),
    )  # fmt: skip
    Rating.objects.create(
        note=note, rater_id=cast.hill.pk, value=1, origin="self", at=clock.now(), reasons="clear"
    )


def _talks(cast):
    """A conversation of three: one read it, one left, one message is withdrawn, one reported."""
    to = [cast.hill.pk, cast.quay.pk]
    words = "*Look* at @Hill and /posts/1"
    first = start_conversation(cast.view(cast.mod), to, "Of three", words)
    said = send_message(cast.view(cast.quay), first.conversation_id, "I saw it.")
    withdraw_message(cast.view(cast.quay), said.pk)
    report_message(cast.view(cast.hill), first.pk, "Names me.")
    seen(cast.view(cast.hill), first.conversation_id, 1)
    invite_members(cast.view(cast.mod), first.conversation_id, [cast.admin.pk])
    leave_conversation(cast.view(cast.admin), first.conversation_id)
    open_door(cast.hill.pk, "followed")


def _pictures(cast):
    """A picture in two posts, one that nothing shows, a file, and a picture beside a name."""
    hill = cast.view(cast.hill)
    picture = upload_file(hill, "a.png", png(1500, 90))
    file = upload_file(hill, "log.txt", b"Eleven columns.")
    upload_file(hill, "b.png", png(40, 30))
    post_reply(hill, cast.barrier.pk, f"![A](upload:{picture.key}) [log](upload:{file.key})")
    first = post_reply(hill, cast.barrier.pk, f"![Again](upload:{picture.key})")
    quote = f'[quote="Hill, post: {first.pk}"]![Again](upload:{picture.key})[/quote] Yes.'
    post_reply(cast.view(cast.quay), cast.barrier.pk, quote)
    choose_avatar(hill, png(80, 80))


def _looks(cast):
    """The forum has a logo and a colour of its own."""
    admin, seen = cast.view(cast.admin), {"logo": "", "logo_text": ""}
    choose_logo(admin, png(80, 80), "A crane", seen=seen, reason="The council chose it.")
    choose(admin, {"accent": Wish("#0a7f3f", "")}, reason="The council chose it.")
    told = Notice({"en": "We *move*.", "ar": "ننتقل."}, "members", (cast.harbour.pk,))
    dismiss_notice(cast.view(cast.quay), write_notice(admin, told, reason="The council wants it."))
    add_smilie(admin, Smilie("crane", words="A crane"), png(30, 20), reason="The port's own bird.")
    add_smilie(admin, Smilie("heron", "🦩"), reason="A bird that is seen at the port.")
    post_reply(cast.view(cast.quay), cast.barrier.pk, "A :crane: and a :heron:")


@pytest.fixture(autouse=True)
def _storage_of_its_own(tmp_path, settings):
    settings.ROSTRA = replace(settings.ROSTRA, data=tmp_path / "var")


def test_what_was_uploaded_comes_back(lived_in, tmp_path, settings):
    write_archive(tmp_path / "one")
    had = contents(settings.ROSTRA.data / "uploads")
    assert len(had) == 8  # three sizes, two files, two sizes of the avatar, the logo
    avatar = Member.objects.get(pk=lived_in.hill.pk).avatar
    used = Usage.objects.get(owner=lived_in.hill).size
    empty_everything()
    shutil.rmtree(settings.ROSTRA.data / "uploads")
    restore(tmp_path / "one", tmp_path / "report")
    assert contents(settings.ROSTRA.data / "uploads") == had
    assert Member.objects.get(pk=lived_in.hill.pk).avatar == avatar
    assert Usage.objects.get(owner=lived_in.hill).size == used
    shown = Post.objects.filter(html__contains='src="/files/').values_list("html", flat=True)
    assert [html.count("<img") for html in shown] == [1, 1]
    assert examine() == []
    (lost,) = (settings.ROSTRA.data / "uploads").rglob(avatar)
    lost.unlink()
    assert [finding.check for finding in examine()] == ["uploads"]


def test_copies_of_other_sites_pictures_come_back(lived_in, tmp_path, settings):
    """REL-054, SEC-039: their files with them, once each; the keys are another secret's."""
    link = Link.objects.order_by("id").first()
    urls = ("https://a.example/a.png", "https://b.example/b.png")
    for url, row in remote.want(urls, is_fetched=True).items():
        made = pictures.Made(900, 600, False, (b"large", b"small"))
        remote.enter(row, made, remote.store_copy(made))
        if url == urls[0]:
            Link.objects.filter(pk=link.pk).update(picture_id=row.id)
    before = set(RemotePicture.objects.values_list("url", "sha256", "size", "width", "fetched_at"))
    had = contents(settings.ROSTRA.data / "uploads")
    write_archive(tmp_path / "one")
    empty_everything()
    RemotePicture.objects.all().delete()
    shutil.rmtree(settings.ROSTRA.data / "uploads")
    settings.SECRET_KEY = "another" * 9
    restore(tmp_path / "one", tmp_path / "report")
    assert contents(settings.ROSTRA.data / "uploads") == had
    facts = ("url", "sha256", "size", "width", "fetched_at")
    assert set(RemotePicture.objects.values_list(*facts)) == before
    picture = RemotePicture.objects.get(url=urls[0])
    assert picture.key == remote.key_of(urls[0])
    assert Link.objects.get(pk=link.pk).picture_id == picture.pk
    assert examine() == []
    write_archive(tmp_path / "two")
    for name in ("copied_pictures", "upload_files"):
        one, two = (tmp_path / folder / f"{name}.jsonl" for folder in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("how", ["other bytes", "missing", "a way out"])
def test_an_archive_with_other_files_changes_nothing(lived_in, tmp_path, how):
    write_archive(tmp_path / "one")
    listing = tmp_path / "one" / "upload_files.jsonl"
    name = json.loads(listing.read_text().splitlines()[0])["name"]
    path = tmp_path / "one" / "uploads" / name
    if how == "other bytes":
        path.write_bytes(b"<script>")
    elif how == "missing":
        path.unlink()
    else:
        listing.write_text(listing.read_text().replace(name, "../../secret"))
        head = json.loads((tmp_path / "one" / "archive.json").read_text())
        head["files"]["upload_files"]["sha256"] = hashlib.sha256(listing.read_bytes()).hexdigest()
        (tmp_path / "one" / "archive.json").write_text(json.dumps(head))
    empty_everything()
    with pytest.raises(BrokenArchive):
        restore(tmp_path / "one", tmp_path / "report")
    assert not Member.objects.exists()


def test_the_round_trip_is_exact(lived_in, tmp_path):
    write_archive(tmp_path / "one")
    shown = list(Member.objects.order_by("id").values("about", "signature", "read_before"))
    fragments = dict(Post.objects.values_list("id", "html"))
    messages = dict(Message.objects.values_list("id", "html"))
    unread = dict(Member.objects.values_list("id", "unread_conversations"))
    threads = list(Thread.objects.order_by("id").values())
    limits = dict(Member.objects.values_list("id", "limits"))
    assert any(limits.values())
    saved = head()
    empty_everything()
    assert is_restorable(tmp_path / "one")
    report = restore(tmp_path / "one", tmp_path / "report")
    assert report.is_balanced()
    write_archive(tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert dict(Post.objects.values_list("id", "html")) == fragments
    assert dict(Message.objects.values_list("id", "html")) == messages
    assert "<em>Look</em>" in Message.objects.get(number=1).html
    assert dict(Member.objects.values_list("id", "unread_conversations")) == unread
    assert sorted(unread.values())[-2:] == [1, 1]
    assert dict(Member.objects.values_list("id", "limits")) == limits
    assert shown == list(Member.objects.order_by("id").values("about", "signature", "read_before"))
    assert "<em>measure</em>" in Member.objects.get(about__contains="measure").about_html
    kept = [{**row, "version": 0} for row in Thread.objects.order_by("id").values()]
    assert kept == [{**row, "version": 0} for row in threads]
    assert head() == saved
    assert first_fault() is None
    assert examine() == []
    assert chosen.kept()["accent"] == "#0a7f3f" and chosen.kept()["logo_text"] == "A crane"
    thread = Thread.objects.get(title="Poll")
    poll = find_poll(lived_in.view(lived_in.hill), thread.pk, thread)
    assert [option.votes for option in poll.options] == [1, 0, 2]
    assert (poll.voter_count, poll.has_voted) == (2, True)
    news = Post.objects.get(thread__title="News", number=1)
    [card] = cards_of([news.pk])[news.pk]
    assert (card.document.title, card.document.state) == ("An article", "changed")
    assert saved_text(card.document.id, newest=True) == "Something else by now."
    first = lived_in.barrier.posts.get(number=1)
    [note] = below_posts([first.pk])[first.pk]
    assert (note.groups, len(note.sources)) == ([(5, 7), (6, 7)], 1)
    again = restore(tmp_path / "one", tmp_path / "report")
    assert set(again.written.elements()) == set()


def test_new_rows_come_after_the_restored(lived_in, tmp_path):
    write_archive(tmp_path / "one")
    highest = Post.objects.latest("id").pk
    empty_everything()
    restore(tmp_path / "one", tmp_path / "report")
    post = post_reply(lived_in.view(lived_in.quay), lived_in.barrier.pk, "After all that.")
    assert post.pk > highest
    assert examine() == []


def test_into_a_running_forum_it_comes_like_any_origin(lived_in, tmp_path):
    write_archive(tmp_path / "one")
    before = Post.objects.count()
    assert not is_restorable(tmp_path / "one")
    reader = ArchiveReader(tmp_path / "one", board="From the archive", name="copy")
    report = load(reader, tmp_path / "again", processes=1)
    assert report.is_balanced()
    assert report.written["post"] == before
    assert Post.objects.count() == 2 * before
    assert examine() == []
    assert (report.written["poll"], report.read["poll"]) == (1, 1)
    ours, copy = Poll.objects.order_by("pk")
    facts = ("question", "most", "closes_at", "is_public", "voter_count", "without_names")
    assert [getattr(copy, name) for name in facts] == [getattr(ours, name) for name in facts]
    for one in (ours, copy):
        assert [row.vote_count for row in one.options.order_by("place")] == [1, 0, 2]
        rows = Vote.objects.filter(poll=one, at__isnull=False)
        assert sorted(rows.values_list("option__place", flat=True)) == [1, 3, 3]
    assert not set(Vote.objects.filter(poll=ours).values_list("member_id", flat=True)) & set(
        Vote.objects.filter(poll=copy).values_list("member_id", flat=True)
    )  # nobody becomes a local account
    assert load(reader, tmp_path / "again", processes=1).written["post"] == 0


def test_the_files_are_their_owners_alone(lived_in, tmp_path):
    """Password hashes travel in the archive."""
    write_archive(tmp_path / "one")
    modes = {stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "one").glob("*.jsonl")}
    assert modes == {0o600}


@pytest.mark.parametrize(
    "harm",
    [
        lambda p: (p / "posts.jsonl").write_text("{}\n"),
        lambda p: (p / "log.jsonl").unlink(),
        lambda p: (p / "archive.json").write_text("[]"),
        lambda p: (p / "archive.json").write_text("{"),
        lambda p: (p / "archive.json").write_text('{"format":"rostra-archive","version":99}'),
    ],
)
def test_a_broken_archive_changes_nothing(lived_in, tmp_path, harm):
    """REL-052: refused before the first row is written."""
    write_archive(tmp_path / "one")
    empty_everything()
    harm(tmp_path / "one")
    with pytest.raises(BrokenArchive):
        restore(tmp_path / "one", tmp_path / "report")
    assert not Post.objects.exists()
