"""Pictures and files of who was erased: from the disk as well (PRV-002)."""

from __future__ import annotations

import pytest

from rostra.content.media.models import Upload
from rostra.forum.erasure import actions
from rostra.forum.erasure.models import Erasure
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.uploads.actions import choose_avatar, upload_file
from rostra.kernel import clock
from tests.pictures import jpeg, png

pytestmark = pytest.mark.django_db


def files(folder) -> list[str]:
    return [path.name for path in (folder / "uploads").rglob("*") if path.is_file()]


@pytest.mark.parametrize(("choice", "left"), [("name", 1), ("words", 0)])
def test_files_go_but_those_of_posts_that_stay(
    cast, choice, left, tmp_path, django_capture_on_commit_callbacks
):
    hill = cast.view(cast.hill)
    choose_avatar(hill, jpeg(200, 200))
    upload_file(hill, "unused.png", png(50, 50))
    shown = upload_file(hill, "shown.png", png(60, 60))
    post_reply(hill, cast.barrier.pk, f"Look: ![tide](upload:{shown.key})")
    assert len(files(tmp_path)) >= 3
    now = clock.now()
    Erasure.objects.create(
        member=cast.hill, choice=choice, state="waiting", asked_at=now, due_at=now
    )
    with django_capture_on_commit_callbacks(execute=True):
        actions.carry_out(cast.hill.pk)
    assert Upload.objects.filter(owner=cast.hill).count() == left
    assert bool(files(tmp_path)) == bool(left)


def test_the_forums_logo_stays_whoever_brought_it(cast, tmp_path):
    logo = upload_file(cast.view(cast.hill), "logo.png", png(50, 50))
    Upload.objects.filter(id=logo.id).update(unused_since=None)
    now = clock.now()
    Erasure.objects.create(
        member=cast.hill, choice="words", state="waiting", asked_at=now, due_at=now
    )
    actions.carry_out(cast.hill.pk)
    assert Upload.objects.filter(id=logo.id).exists()
