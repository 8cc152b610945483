"""Pictures of other sites: fetched ahead, drawn anew, shown from here, within bounds."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
import time_machine

from rostra.content.media import remote, storage
from rostra.content.media.models import RemotePicture
from rostra.forum.documents.actions.forgetting import forget_pictures
from rostra.forum.documents.actions.linking import catch_up, note_links_between
from rostra.forum.documents.actions.picturing import fetch_due
from rostra.forum.documents.models import Link
from rostra.forum.documents.rules import MOST_PICTURES
from rostra.forum.threads.actions.posts import edit_post
from rostra.kernel import clock
from rostra.kernel.models import Job
from rostra.transfer.integrity import examine
from tests.forum.documents.press import work
from tests.forum.documents.test_linking import replied
from tests.pictures import opened, png


@pytest.fixture(autouse=True)
def _shown(tmp_path, courier, settings):
    settings.ROSTRA = dataclasses.replace(
        settings.ROSTRA, data=tmp_path, fetch_links="off", remote_images="proxy"
    )


def later(**how):
    return time_machine.travel(clock.now() + timedelta(**how), tick=False)


def picture(cast, courier, path="/a.png", body=None):
    courier.put(path, png(900, 600) if body is None else body, kind="text/html")
    post = replied(cast, f"![The quay]({courier.url(path)})")
    work()
    return post, RemotePicture.objects.get(url=courier.url(path))


def test_a_picture_is_fetched_and_drawn_anew_and_its_thread_shows_it(cast, courier):
    version = cast.barrier.version
    post, found = picture(cast, courier)
    assert (found.state, found.width, found.fetch_at) == ("kept", 900, None)
    kept = storage.get(storage.remote_name_of(found.key))
    assert opened(kept).format == "WEBP"
    assert opened(storage.get(storage.remote_name_of(found.key, 1))).width == 700
    assert Link.objects.get(post=post).picture_id == found.pk
    cast.barrier.refresh_from_db()
    assert cast.barrier.has_cards
    assert cast.barrier.version > version + 1  # once for the post, once for the picture
    (_, told), *more = courier.asked
    assert not more
    assert not {"cookie", "referer", "x-forwarded-for"} & set(told)  # SEC-045
    assert examine() == []
    again = replied(cast, f"![Once more]({courier.url('/a.png')})")
    work()
    assert Link.objects.get(post=again).picture_id == found.pk
    assert len(courier.asked) == 1


@pytest.mark.parametrize(
    ("path", "state"),
    [("/page", "none"), ("/absent", "none"), ("/busy", "wanted"), ("/inside", "none")],
)
def test_what_is_none(cast, courier, path, state):
    """SEC-037: what leads inside is no picture; what is busy is tried again, three times."""
    courier.put("/page", b"<svg xmlns='http://www.w3.org/2000/svg'/>", kind="image/png")
    courier.put("/busy", b"", status=503)
    courier.put("/inside", b"", kind="http://10.1.2.3/a.png", status=302)
    replied(cast, f"![x]({courier.url(path)})")
    work()
    found = RemotePicture.objects.get()
    assert found.state == state
    for hours in (2, 48, 72, 96) if state == "wanted" else ():
        with later(hours=hours):
            fetch_due()
            work()
    found.refresh_from_db()
    assert (found.state, found.fetch_at, found.size) == ("none", None, 0)
    assert len(courier.asked) == (3 if path == "/busy" else 1)
    cast.barrier.refresh_from_db()
    assert not cast.barrier.has_cards


def test_those_of_imported_posts_are_fetched_when_their_turn_comes(cast, courier, settings):
    post, found = picture(cast, courier)
    Link.objects.all().delete()
    remote.forget([found.pk])
    note_links_between(post.pk, post.pk)
    work()
    found = RemotePicture.objects.get()
    assert (found.state, len(courier.asked)) == ("wanted", 1)
    with later(seconds=5):
        fetch_due()
        fetch_due()  # they are taken already
        work()
    found.refresh_from_db()
    assert (found.state, len(courier.asked)) == ("kept", 2)


def test_addresses_are_fetched_by_nobody_while_that_is_off(cast, courier, settings):
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, remote_images="link")
    post = replied(cast, f"![x]({courier.url('/a.png')})")
    work()
    assert not RemotePicture.objects.exists()
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, remote_images="proxy")
    courier.put("/a.png", png())
    edit_post(cast.view(cast.hill), post.pk, f"Now: ![x]({courier.url('/a.png')})")
    work()
    assert Link.objects.get(post=post).picture.state == "kept"


def test_switched_on_it_shows_those_of_old_posts(cast, courier, settings):
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, remote_images="link")
    courier.put("/a.png", png())
    post = replied(cast, f"![x]({courier.url('/a.png')})")
    work()
    catch_up()
    assert not Job.objects.filter(done_at=None).exists()
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, remote_images="proxy")
    for _ in range(2):  # once is enough
        catch_up()
        assert Job.objects.filter(done_at=None, name__endswith="note_links_between").count() == 1
    work()
    catch_up()
    fetch_due()
    work()
    assert Link.objects.get(post=post).picture.state == "kept"
    assert not Job.objects.filter(done_at=None).exists()


def test_a_host_is_asked_for_one_a_second_and_a_post_shows_so_many(cast, courier):
    many = "\n".join(f"![x]({courier.url(f'/{n}.png')})" for n in range(MOST_PICTURES + 5))
    replied(cast, many)
    work()
    assert RemotePicture.objects.count() == MOST_PICTURES
    assert len(courier.asked) <= 2
    with later(hours=2):  # those whose job was lost as well
        fetch_due()
    assert RemotePicture.objects.filter(fetch_at__gt=clock.now() + timedelta(hours=2)).exists()


def test_the_oldest_go_and_come_back_when_asked_for(cast, courier, settings):
    _, first = picture(cast, courier)
    with later(days=31):
        assert remote.let_go() == 1
        first.refresh_from_db()
        assert (first.state, first.size, first.width) == ("dropped", 0, 900)
        assert not storage.has(storage.remote_name_of(first.key))
        remote.ask_again(remote.find_remote(first.pk))
        fetch_due()
        work()
        first.refresh_from_db()
        assert first.state == "kept"
    with later(days=33):
        _, second = picture(cast, courier, "/b.png")
        settings.ROSTRA = dataclasses.replace(settings.ROSTRA, remote_images_megabytes=0)
        assert remote.let_go() >= 1
        second.refresh_from_db()
        assert second.state == "dropped"


def test_what_no_post_leads_to_is_forgotten(cast, courier):
    post, found = picture(cast, courier)
    assert forget_pictures() == 0
    edit_post(cast.view(cast.hill), post.pk, "None.")
    work()
    assert forget_pictures() == 1
    assert not storage.has(storage.remote_name_of(found.key))


def test_keys_are_made_by_the_secret(settings):
    """SEC-039: who knows an address and not the secret cannot make its key."""
    url = "https://courier.example/a.png"
    first = remote.key_of(url)
    assert first != remote.key_of(f"{url}?")
    settings.SECRET_KEY = "another" * 9
    assert remote.key_of(url) != first
