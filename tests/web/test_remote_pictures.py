"""Pictures of other sites on pages: in the place of their links, given out to who reads there."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostra.content.media.models import RemotePicture
from rostra.content.media.remote import key_of
from rostra.forum.threads.actions.posts import remove_post
from rostra.kernel import clock
from tests.budgets import GUEST
from tests.cast import WHY
from tests.forum.documents.press import begin, work
from tests.forum.documents.test_linking import replied
from tests.pictures import png
from tests.web.visits import as_, thread_address


@pytest.fixture
def courier(monkeypatch, settings, tmp_path):
    found = begin(monkeypatch, settings)
    settings.ROSTRA = dataclasses.replace(
        settings.ROSTRA, data=tmp_path, fetch_links="off", remote_images="proxy"
    )
    yield found
    found.close()


def cost(web, address):
    web.get(address)
    with CaptureQueriesContext(connection) as asked:
        page = web.get(address).text
    return len(asked), page


def test_a_page_has_the_link_until_the_picture_is_there(web, cast, courier, settings):
    courier.put("/a.png", png(900, 600))
    url = courier.url("/a.png")
    replied(cast, f'Look: ![The "quay" <b>]({url}) and [the same]({url})')
    before, page = cost(web, thread_address(cast))
    assert "/pictures/" not in page
    assert f'class="remote-image" href="{url}"' in page
    work()
    after, page = cost(web, thread_address(cast))
    assert after == before + GUEST["cards"]
    key = key_of(url)
    assert (
        f'<img src="/pictures/{key}-1" srcset="/pictures/{key} 2x" alt="The &quot;quay&quot; '
        f'&lt;b&gt;" width="700" height="467" loading="lazy" decoding="async"></a>' in page
    )
    assert page.count("/pictures/") == 2
    answer = web.get(thread_address(cast))
    assert "img-src 'self' data:;" in answer["Content-Security-Policy"] + ";"
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, remote_images="link")
    assert "/pictures/" not in web.get(f"{thread_address(cast)}").text
    assert web.get(f"/pictures/{key}").status_code == 404


def test_guests_kept_page_is_made_anew_when_the_picture_came(door, cast, courier):
    courier.put("/a.png", png(900, 600))
    replied(cast, f"![x]({courier.url('/a.png')})")
    assert b"/pictures/" not in door.get(thread_address(cast)).body
    work()
    for _ in range(2):
        assert door.get(thread_address(cast)).body.count(b'<img src="/pictures/') == 1
    assert door.entered == 2


def test_it_is_given_out_as_what_it_is_to_who_reads_where_it_is_shown(web, cast, courier):
    """SEC-039, SEC-057: no address is taken, nothing is fetched; it goes with its post."""
    courier.put("/a.png", png(900, 600), kind="image/svg+xml")
    url = courier.url("/a.png")
    post = replied(cast, f"![x]({url})")
    work()
    address = f"/pictures/{key_of(url)}"
    for asked in (address, f"{address}-1", f"{address}?url=http://10.0.0.1/&size=9"):
        answer = web.get(asked)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].endswith("sandbox")
    made_up = courier.url("/b.png")
    for wrong in (f"{address}-2", f"/pictures/{'0' * 32}", f"/pictures/{key_of(made_up)}",
                  f"/pictures/{url}", f"/pictures?url={made_up}"):  # fmt: skip
        assert web.get(wrong).status_code == 404, wrong
    again = web.get(address, headers={"If-None-Match": web.get(address)["ETag"]})
    assert again.status_code == 304
    assert len(courier.asked) == 1
    courier.put("/c.png", png())
    replied(cast, f"![x]({courier.url('/c.png')})", cast.secret, "mod")
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        work()
    secret = f"/pictures/{key_of(courier.url('/c.png'))}"
    assert RemotePicture.objects.get(key=secret[10:]).state == "kept"
    assert web.get(secret).status_code == 404
    remove_post(cast.view(cast.mod), post.pk, WHY)
    assert web.get(address).status_code == 404
    as_(web, cast, "mod")
    assert web.get(address).status_code == web.get(secret).status_code == 200


def test_what_is_not_here_any_more_is_asked_for_again(web, cast, courier):
    courier.put("/a.png", png())
    url = courier.url("/a.png")
    replied(cast, f"![x]({url})")
    work()
    RemotePicture.objects.update(state="dropped")
    answer = web.get(f"/pictures/{key_of(url)}")
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")
    assert RemotePicture.objects.get().fetch_at is not None
    assert "/pictures/" in web.get(thread_address(cast)).text  # its size is known


def test_a_copy_is_given_out_to_who_reads_where_it_is_shown_also_when_its_origin_is_gone(
    web, cast, courier, settings
):
    """SEC-039, SEC-057: what a private board shows is seen there, the same file elsewhere or not."""
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, remote_images="copy")
    secret, public = courier.url("/c.png", "c.example"), courier.url("/a.png", "a.example")
    for path in ("/a.png", "/c.png"):
        courier.put(path, png(900, 600))
    replied(cast, f"![x]({secret})", cast.secret, "mod")
    post = replied(cast, f"![x]({public})")
    assert "/pictures/" not in web.get(thread_address(cast)).text
    work()
    for path in ("/a.png", "/c.png"):
        courier.put(path, b"", status=410)
    hidden, shown = f"/pictures/{key_of(secret)}", f"/pictures/{key_of(public)}"
    row = RemotePicture.objects.get(key=key_of(secret))
    assert RemotePicture.objects.filter(sha256=row.sha256).count() == 2
    assert f'<img src="{shown}-1"' in web.get(thread_address(cast)).text
    for asked in (shown, f"{shown}-1"):
        answer = web.get(asked)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert answer["Content-Security-Policy"].endswith("sandbox")
    for asked in (hidden, f"{hidden}-1", f"/pictures/{row.sha256}", f"/files/{row.sha256}"):
        assert web.get(asked).status_code == 404, asked
    as_(web, cast, "mod")
    assert web.get(hidden).status_code == 200
    remove_post(cast.view(cast.mod), post.pk, WHY)
    as_(web, cast, "quay")
    for asked in (hidden, shown):
        assert web.get(asked).status_code == 404
