"""Tags: what they may be, where threads are found under them; both databases."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostra.forum.modlog.models import LogEntry
from rostra.forum.threads import tags
from rostra.forum.threads.actions import posts
from rostra.forum.threads.actions.describing import edit_opening, head_of
from rostra.forum.threads.actions.threads import move_thread, start_thread
from rostra.forum.threads.heads import Head
from rostra.forum.threads.listing import ONE_BY_ONE, Wish, threads_tagged
from rostra.forum.threads.models import BoardStats, Post, Tagging, Thread
from rostra.kernel.errors import Invalid, Refused
from rostra.transfer.integrity import examine

REASON = "It was filed under the wrong words."


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        (" , ,", ""),
        ("Harbour", "harbour"),
        ("#Flood  Barrier,  harbour ", "flood barrier, harbour"),
        ("harbour, HARBOUR, Ｈａｒｂｏｕｒ", "harbour"),
        ("Straße", "strasse"),
        ("حاجز الفيضان، ميناء", "حاجز الفيضان, ميناء"),
        ("می\u200cخواهم", "می خواهم"),
        ("हिन्दी, 防洪闸、Ελλάδα", "हिन्दी, 防洪闸, ελλάδα"),
        ("co\u2010operation -", "co-operation"),
        ("a\u00adb\u200b, 2026", "ab, 2026"),
        ("e\u0301tat", "état"),
        ("x" * 30, "x" * 30),
        ("a1; b2\nc3, d4, e5", "a1, b2, c3, d4, e5"),
    ],
)
def test_tags_are_kept_as(typed, kept):
    assert tags.checked(typed) == kept
    assert tags.checked(kept) == kept
    assert tags.BETWEEN.join(tags.split(kept)) == kept


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("a1, b2, c3, d4, e5, f6", "too_many_tags"),
        ("x", "tag_length"),
        ("x" * 31, "tag_length"),
        ("--, ok", "tag_length"),
        ("under_score", "tag_odd"),
        ("a/b", "tag_odd"),
        ("<b>", "tag_odd"),
        ("fine, 😀😀", "tag_odd"),
        ("50%", "tag_odd"),
    ],
)
def test_what_is_no_tag_is_told(typed, reason):
    with pytest.raises(Invalid) as caught:
        tags.checked(typed)
    assert caught.value.fields == {"tags": reason}


def test_an_import_keeps_what_fits():
    assert tags.fitting(["Cafés", "x", "a,b", "<b>", "cafés", "d4", "e5", "f6", "g7"]) == (
        "cafés, a b, d4, e5, f6"
    )


def tagged(cast, words, board=None, who="quay"):
    viewer = cast.view(getattr(cast, who))
    head = Head(tags=words)
    return start_thread(viewer, (board or cast.harbour).pk, words or "None", "Words.", head=head)


def found(cast, tag, who=None, **wish):
    page = threads_tagged(cast.view(who and getattr(cast, who)), tag, Wish(**wish))
    return [thread.id for thread in page.threads]


def opening(thread):
    return Post.objects.get(thread=thread, number=1)


def test_threads_are_found_under_their_tags_latest_first(cast):
    first, second = tagged(cast, "Ferry, tide"), tagged(cast, "ferry", cast.region)
    assert found(cast, "ferry") == [second.pk, first.pk]
    assert found(cast, "tide") == [first.pk]
    posts.post_reply(cast.view(cast.hill), first.pk, "Up again.")
    assert found(cast, "ferry") == [first.pk, second.pk]
    assert examine() == []


def test_a_list_goes_on_by_key_both_ways(cast):
    made = [tagged(cast, "ferry", cast.harbour if n % 2 else cast.region).pk for n in range(7)][
        ::-1
    ]
    guest = cast.view(None)
    first = threads_tagged(guest, "ferry", Wish(per_page=3))
    second = threads_tagged(guest, "ferry", Wish(per_page=3, older_than=first.older))
    third = threads_tagged(guest, "ferry", Wish(per_page=3, older_than=second.older))
    pages = [[thread.id for thread in page.threads] for page in (first, second, third)]
    assert pages == [made[:3], made[3:6], made[6:]]
    assert (first.newer, third.older) == (None, None)
    back = threads_tagged(guest, "ferry", Wish(per_page=3, newer_than=second.newer))
    assert [thread.id for thread in back.threads] == made[:3]


@pytest.mark.parametrize("many", [False, True])
def test_only_what_the_viewer_may_see_is_listed(cast, many, monkeypatch):
    """SEC-055: the same predicate as reading, however many boards there are."""
    from rostra.forum.threads import listing

    monkeypatch.setattr(listing, "ONE_BY_ONE", 1 if many else ONE_BY_ONE)
    mine, secret = tagged(cast, "ferry"), tagged(cast, "ferry", cast.staff_room, "mod")
    gone = tagged(cast, "ferry")
    Thread.objects.filter(pk=gone.pk).update(state="removed")
    for who in (None, "hill", "quay"):
        assert found(cast, "ferry", who) == [mine.pk]
    assert found(cast, "ferry", "mod") == [gone.pk, secret.pk, mine.pk]


def test_a_moved_thread_takes_its_tags_along(cast):
    thread = tagged(cast, "ferry")
    move_thread(cast.view(cast.admin), thread.pk, cast.staff_room.pk, reason=REASON)
    assert found(cast, "ferry", "hill") == []
    assert found(cast, "ferry", "mod") == [thread.pk]
    assert examine() == []


def test_a_row_that_lags_behind_shows_nothing(cast):
    """SEC-052: what the thread says counts."""
    thread = tagged(cast, "ferry")
    Thread.objects.filter(pk=thread.pk).update(board=cast.staff_room)
    assert found(cast, "ferry", "hill") == []
    Thread.objects.filter(pk=thread.pk).update(bumped_at=thread.bumped_at - timedelta(days=1))
    examine(repair=True)
    assert found(cast, "ferry", "mod") == [thread.pk]


def test_tags_change_with_the_opening_post(cast):
    thread = tagged(cast, "ferry, tide")
    board = BoardStats.objects.get(board=cast.harbour).version
    edit_opening(cast.view(cast.quay), opening(thread).pk, "Words.", Head(tags="Tide, port"))
    after = Thread.objects.get(pk=thread.pk)
    assert (after.tags, after.version > thread.version) == ("tide, port", True)
    assert BoardStats.objects.get(board=cast.harbour).version > board
    assert [found(cast, tag) for tag in ("ferry", "tide", "port")] == [[], [thread.pk], [thread.pk]]
    assert not LogEntry.objects.filter(thread_id=thread.pk).exists()
    edit_opening(cast.view(cast.quay), opening(thread).pk, "Words.", Head())
    assert not Tagging.objects.filter(thread=thread).exists()
    assert examine() == []


def test_a_moderator_says_why_others_tags_change(cast):
    """SEC-120."""
    thread = tagged(cast, "ferry")
    with pytest.raises(Invalid):
        edit_opening(cast.view(cast.mod), opening(thread).pk, "Words.", Head(tags="port"))
    with pytest.raises(Refused):
        edit_opening(cast.view(cast.hill), opening(thread).pk, "Words.", Head(tags="port"))
    assert head_of(Thread.objects.get(pk=thread.pk)).tags == "ferry"
    edit_opening(
        cast.view(cast.mod), opening(thread).pk, "Words.", Head(tags="port"), reason=REASON
    )
    entry = LogEntry.objects.get(thread_id=thread.pk)
    texts = {text.field: text.value for text in entry.texts.all()}
    assert (entry.kind, texts["before"], texts["after"]) == (
        "thread.describe", '{"tags": "ferry"}', '{"tags": "port"}',
    )  # fmt: skip


def test_a_page_of_a_tag_is_one_query(cast):
    viewer = cast.view(cast.hill)
    with CaptureQueriesContext(connection) as queries:
        threads_tagged(viewer, "harbour", Wish())
    assert len(queries) == 1


@pytest.mark.parametrize("harm", ["rows", "text"])
def test_the_doctor_sees_tags_that_differ(cast, harm):
    if harm == "rows":
        Tagging.objects.filter(thread=cast.barrier).update(tag="port")
    else:
        Thread.objects.filter(pk=cast.barrier.pk).update(tags="harbour, port")
    assert "threads under their tags" in [finding.check for finding in examine()]
