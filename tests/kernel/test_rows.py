"""Whole rows, read and written in one statement each: what the ORM would have kept and found."""

from __future__ import annotations

import pytest
from django.db import transaction

from rostra.forum.threads.models import Post, Thread
from rostra.kernel import clock, rows
from rostra.kernel.models import Job

pytestmark = pytest.mark.django_db


def _fields(row: object) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


def test_a_row_is_found_as_the_orm_finds_it(cast) -> None:
    for model, pk in ((Thread, cast.barrier.pk), (Post, Post.objects.latest("id").pk)):
        with transaction.atomic():
            found = rows.lock(model, pk)
        assert found is not None
        assert _fields(found) == _fields(model.objects.get(id=pk))
        assert not found._state.adding


def test_a_row_that_is_not_there_is_none(cast) -> None:
    with transaction.atomic():
        assert rows.lock(Thread, 10**9) is None


def test_a_row_goes_in_whole_and_gets_its_key(cast) -> None:
    now = clock.now()
    post = Post(
        thread=cast.barrier,
        number=99,
        author=cast.quay,
        source="%s, '?' and \"quotes\"\n",
        html="<p>é 漢</p>",
        created_at=now,
    )
    rows.insert(post)
    assert _fields(Post.objects.get(id=post.pk)) == _fields(post)
    job = Job(name="x", payload={"ids": (1, 2), "text": "é"}, created_at=now, run_at=now)
    rows.insert(job)
    kept = Job.objects.get(id=job.pk)
    assert kept.payload == {"ids": [1, 2], "text": "é"}
    assert (kept.created_at, kept.leased_until, kept.is_dead) == (now, None, False)


def test_a_row_is_changed_and_no_other(cast) -> None:
    before = {one.pk: _fields(one) for one in Thread.objects.exclude(id=cast.barrier.pk)}
    thread = Thread.objects.get(id=cast.barrier.pk)
    thread.title, thread.is_locked, thread.last_post_at = "Another's “title”", True, None
    rows.update(thread)
    assert _fields(Thread.objects.get(id=cast.barrier.pk)) == _fields(thread)
    assert {one.pk: _fields(one) for one in Thread.objects.exclude(id=cast.barrier.pk)} == before


def test_a_row_is_saved_by_the_orm_afterwards(cast) -> None:
    post = Post(thread=cast.barrier, number=99, source="x", html="x")
    rows.insert(post)
    post.source = "y"
    post.save()
    assert Post.objects.filter(thread=cast.barrier, number=99).values_list("source").get() == ("y",)


def test_new_rows_go_in_and_what_is_there_stays(cast) -> None:
    now = clock.now()
    there = Job.objects.create(name="there", created_at=now, run_at=now)
    some = [
        Job(id=there.pk, name="other", created_at=now, run_at=now),
        Job(id=there.pk + 7, name="new", payload={"a": [1]}, created_at=now, run_at=now),
    ]
    assert rows.insert_new(some) == 1
    assert rows.insert_new(some) == 0
    assert rows.insert_new([]) == 0
    assert Job.objects.get(id=there.pk).name == "there"
    assert Job.objects.get(id=there.pk + 7).payload == {"a": [1]}
    assert rows.insert_new([Job(name="by itself", created_at=now, run_at=now)]) == 1
