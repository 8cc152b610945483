"""Copies of other sites' pictures: kept among uploads for as long as a post shows them."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import os
import shutil
import time
from datetime import timedelta
from errno import ENOSPC

import pytest
import time_machine
from click.testing import CliRunner

from rostra.content.media import folder, remote, storage
from rostra.content.media.models import RemotePicture
from rostra.forum.documents.actions import copying
from rostra.forum.documents.actions.forgetting import forget_pictures
from rostra.forum.documents.actions.linking import catch_up, note_links_between
from rostra.forum.documents.actions.picturing import fetch_due
from rostra.forum.documents.models import Document, Link
from rostra.forum.threads.actions.posts import edit_post
from rostra.forum.uploads.actions import sweep
from rostra.kernel import clock
from rostra.kernel.models import Job
from rostra.project.cli.main import rostra
from rostra.transfer.archive.copies import rows, write
from rostra.transfer.archive.head import BrokenArchive
from rostra.transfer.integrity import examine
from tests.forum.documents.press import work
from tests.forum.documents.test_linking import replied
from tests.pictures import opened, png


@pytest.fixture(autouse=True)
def _copied(tmp_path, courier, settings):
    settings.ROSTRA = dataclasses.replace(
        settings.ROSTRA, data=tmp_path, fetch_links="off", remote_images="copy"
    )


def setting(settings, remote_images):
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, remote_images=remote_images)


def later(**how):
    return time_machine.travel(clock.now() + timedelta(**how), tick=False)


def copied(cast, courier, path="/a.png", body=None):
    """A post that shows a picture, and its row, after the worker has been there."""
    courier.put(path, png(900, 600) if body is None else body, kind="text/html")
    url = courier.url(path, f"{path[1]}.example")  # a host is asked once a second
    post = replied(cast, f"![The quay]({url})")
    work()
    return post, RemotePicture.objects.get(url=url)


def stored(settings):
    return sorted(
        path.relative_to(settings.ROSTRA.data / "uploads").as_posix()
        for path in (settings.ROSTRA.data / "uploads").rglob("*")
        if path.is_file()
    )


def age(settings):
    """Have all files be a day old."""
    long_ago = time.time() - 25 * 3600
    for name in stored(settings):
        os.utime(settings.ROSTRA.data / "uploads" / name, (long_ago, long_ago))


def swept():
    return sum(map(sweep, range(24)))


def test_a_copy_lies_among_uploads_under_its_sum_and_stays(cast, courier, settings):
    _, found = copied(cast, courier)
    kept = storage.get(storage.name_of(found.sha256))
    assert hashlib.sha256(kept).hexdigest() == found.sha256
    assert opened(kept).format == "WEBP"
    assert (found.state, found.width, found.fetch_at) == ("kept", 900, None)
    assert stored(settings) == [storage.name_of(found.sha256, step) for step in (0, 1)]
    assert not (settings.ROSTRA.data / "remote").exists()
    courier.put("/a.png", b"", status=410)
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, remote_images_megabytes=0)
    age(settings)
    with later(days=400):
        assert remote.let_go() == 0
        fetch_due()
        work()
        assert forget_pictures() == swept() == 0
    found.refresh_from_db()
    assert (found.state, len(courier.asked)) == ("kept", 1)
    assert storage.get(storage.name_of(found.sha256)) == kept
    assert examine() == []


def test_what_looks_the_same_is_kept_once_and_counted_once(cast, courier, settings):
    _, one = copied(cast, courier)
    _, other = copied(cast, courier, "/b.png")
    assert one.sha256 == other.sha256
    assert one.key != other.key
    assert len(stored(settings)) == 2
    assert remote.copies() == (1, one.size)


def bomb():
    """A picture of few bytes that says it has 13,000 pixels a side."""
    body = bytearray(png(8, 8))
    body[16:24] = (13_000).to_bytes(4) * 2
    return bytes(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><img src=x>",
        png(900, 600)[:200],
        bomb(),
        png(8, 8) + b"\0" * remote.LARGEST,
        gzip.compress(b"\0" * 20_000_000),
    ],
    ids=["svg", "page", "cut off", "pixels", "bytes", "gzip"],
)
def test_what_is_no_picture_within_the_limits_stays_a_link(cast, courier, settings, body):
    """SEC-013, SEC-041, SEC-101: refused by the process and the limits of uploads."""
    _, found = copied(cast, courier, body=body)
    assert (found.state, found.sha256, found.size, found.fetch_at) == ("none", "", 0, None)
    assert stored(settings) == []
    cast.barrier.refresh_from_db()
    assert not cast.barrier.has_cards


@pytest.mark.parametrize(
    ("status", "kind", "asked"), [(503, "text/html", 3), (302, "http://10.1.2.3/a.png", 1)]
)
def test_it_is_tried_so_often_and_never_inside(cast, courier, settings, status, kind, asked):
    """SEC-034, SEC-035: a hop that leads inside is none."""
    courier.put("/a.png", b"", kind=kind, status=status)
    replied(cast, f"![x]({courier.url('/a.png')})")
    work()
    for hours in (2, 48, 72, 96):
        with later(hours=hours):
            fetch_due()
            work()
    assert RemotePicture.objects.get().state == "none"
    assert len(courier.asked) == asked
    assert stored(settings) == []


def test_what_no_post_shows_any_more_is_swept_up_after_a_day(cast, courier, settings):
    """REL-054: not what looks the same elsewhere, not what is young; the row goes first."""
    post, _ = copied(cast, courier)
    other, kept = copied(cast, courier, "/b.png")
    edit_post(cast.view(cast.hill), post.pk, "None.")
    work()
    assert forget_pictures() == 1
    age(settings)
    assert swept() == 0
    assert examine() == []
    edit_post(cast.view(cast.hill), other.pk, "None.")
    work()
    assert forget_pictures() == 1
    assert len(stored(settings)) == 2
    assert swept() == 2
    assert stored(settings) == []
    assert not RemotePicture.objects.filter(pk=kept.pk).exists()


def test_what_was_swept_up_between_file_and_row_is_stored_again(
    cast, courier, settings, monkeypatch
):
    """REL-054: a sum is no chance: what a row is about to need may be an old file without one."""
    store = remote.store_copy

    def swept_up(made):
        sha256 = store(made)
        monkeypatch.setattr(remote, "store_copy", store)
        shutil.rmtree(settings.ROSTRA.data / "uploads")
        return sha256

    monkeypatch.setattr(remote, "store_copy", swept_up)
    _, found = copied(cast, courier)
    assert (found.state, stored(settings)) == ("wanted", [])
    with later(hours=2):
        work()
    found.refresh_from_db()
    assert found.state == "kept"
    assert examine() == []


def test_a_full_disk_leaves_no_row_and_the_link(cast, courier, settings, monkeypatch):
    """REL-023."""

    def full(*args):
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr(folder.os, "rename", full)
    _, found = copied(cast, courier)
    assert (found.state, found.sha256, stored(settings)) == ("wanted", "", [])
    monkeypatch.undo()


def test_a_lost_file_is_named_by_the_doctor_and_its_row_stays(cast, courier, settings):
    _, found = copied(cast, courier)
    (settings.ROSTRA.data / "uploads" / storage.name_of(found.sha256, 1)).unlink()
    (finding,) = examine()
    assert finding.check == "uploads"


def test_what_the_proxy_kept_is_copied_without_asking_again(
    cast, courier, settings, django_capture_on_commit_callbacks
):
    setting(settings, "proxy")
    _, found = copied(cast, courier)
    _, dropped = copied(cast, courier, "/b.png")
    RemotePicture.objects.filter(pk=dropped.pk).update(state="dropped")
    catch_up()
    setting(settings, "copy")
    for _ in range(2):  # once is enough
        catch_up()
    fetch_due()
    with later(seconds=90), django_capture_on_commit_callbacks(execute=True):
        work()
    found.refresh_from_db()
    dropped.refresh_from_db()
    assert found.sha256 == dropped.sha256 != ""
    assert dropped.state == "kept"
    assert not storage.has(storage.remote_name_of(found.key))
    assert [path for path, _ in courier.asked] == ["/a.png", "/b.png", "/b.png"]
    assert not Job.objects.filter(done_at=None).exists()


def test_switched_off_copies_stay_with_their_posts(cast, courier, settings):
    post, found = copied(cast, courier)
    setting(settings, "link")
    edit_post(cast.view(cast.hill), post.pk, f"Still: ![x]({found.url})")
    work()
    assert Link.objects.get(post=post).picture_id == found.pk
    assert forget_pictures() == 0


def test_copies_come_back_with_an_archive_under_another_secret(cast, courier, settings):
    post, found = copied(cast, courier)
    told = list(rows())
    link = Link.objects.get(post=post)
    assert told[0]["links"] == [link.pk]
    RemotePicture.objects.all().delete()
    settings.SECRET_KEY = "another" * 9
    assert write(told) == 1
    assert write(told) == 0  # may be repeated
    now = RemotePicture.objects.get()
    assert (now.sha256, now.key) == (found.sha256, remote.key_of(found.url))
    assert now.key != found.key
    link.refresh_from_db()
    assert link.picture_id == now.pk
    note_links_between(post.pk, post.pk)
    work()
    assert len(courier.asked) == 1
    with pytest.raises(BrokenArchive):
        write([{**told[0], "sha256": "../../secret"}])


def test_a_command_copies_those_of_old_posts_and_goes_on_where_it_was(
    cast, courier, settings, monkeypatch
):
    setting(settings, "link")
    for name in "abc":
        courier.put(f"/{name}.png", png(30, 20))
        replied(cast, f"![x]({courier.url(f'/{name}.png', f'{name}.example')}) and words")
    replied(cast, f"![x]({courier.url('/gone.png', 'gone.example')})")
    work()
    monkeypatch.setattr("rostra.project.cli.pictures.ready", lambda **how: None)
    run = CliRunner().invoke
    refused = run(rostra, ["pictures", "copy"])
    assert refused.exit_code == 1
    assert "remote_images is not copy" in refused.output
    setting(settings, "copy")
    keep, kept = copying.keep, []

    def killed(row, found):
        if len(kept) == 2:
            raise KeyboardInterrupt
        kept.append(row.id)
        keep(row, found)

    monkeypatch.setattr(copying, "keep", killed)
    assert run(rostra, ["pictures", "copy", "--quiet"]).exit_code != 0
    assert RemotePicture.objects.exclude(sha256="").count() == 2
    monkeypatch.setattr(copying, "keep", keep)
    before = len(courier.asked)
    with later(hours=2):  # what was taken in hand has its turn again
        done = run(rostra, ["pictures", "copy"])
    assert done.exit_code == 0, done.output
    assert "1 pictures copied, 1 could not be had" in done.output
    assert len(courier.asked) == before + 2
    assert Document.objects.count() == 4
    assert set(RemotePicture.objects.values_list("state", flat=True)) == {"kept", "none"}
