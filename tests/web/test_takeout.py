"""The archive of everything of a member's: asked for, made, fetched, read without the forum."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import zipfile
from contextlib import closing
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rostra.forum.access.actions import set_access
from rostra.forum.conversations.actions.people import leave_conversation
from rostra.forum.notes.models import Placement
from rostra.forum.takeout.models import Takeout
from rostra.forum.threads.actions.posts import edit_post, post_reply, remove_post
from rostra.forum.threads.models import Revision
from rostra.forum.uploads.actions import choose_avatar, upload_file
from rostra.kernel import jobs
from rostra.reading import own_data as reading
from rostra.reading.own_data import own_data
from rostra.web.attaching import written
from rostra.web.takeout import archive, words
from tests.budgets import OWN_DATA
from tests.cast import WHY
from tests.forum.conversations.talking import talk
from tests.forum.erasure.test_everywhere import fill
from tests.forum.notes.readers import join
from tests.pictures import png
from tests.web.visits import as_

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _of_its_own(tmp_path, settings):
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, data=tmp_path)


def work() -> None:
    for _ in range(50):
        if not jobs.run_due() + jobs.run_aside():
            return


def taken(web, cast, who="hill") -> zipfile.ZipFile:
    """Ask for an archive, have it made, and fetch it."""
    as_(web, cast, who)
    assert web.post("/account/data").status_code == 303
    work()
    answer = web.get("/account/data/archive")
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.getvalue()))


def lines(found: zipfile.ZipFile) -> list[dict]:
    return [json.loads(line) for line in found.read(archive.LINES).decode().splitlines()]


def page(found: zipfile.ZipFile, name: str) -> str:
    return found.read(name).decode()


def test_asked_for_made_told_and_fetched(web, cast):
    """PRV-001."""
    as_(web, cast, "hill")
    assert "Ask for the archive" in web.get("/account/data").text
    assert web.get("/account/data/archive").status_code == 404
    web.post("/account/data")
    asked = web.get("/account/data").text
    assert "it is made soon" in asked and "Ask for" not in asked
    refused = web.post("/account/data")
    assert refused.status_code == 403 and "being made already" in refused.text
    assert web.get("/account/data/archive").status_code == 404
    work()
    told = web.get("/notifications").text
    assert "The archive of everything of yours is ready" in told
    assert web.get(re.search(r"/notifications/\d+", told)[0])["Location"] == "/account/data"
    ready = web.get("/account/data").text
    assert "Fetch the archive" in ready and "once a day" in ready
    answer = web.get("/account/data/archive")
    assert answer["Content-Type"] == "application/zip"
    assert re.fullmatch(
        r'attachment; filename="own-data-[0-9-]{10}\.zip"', answer["Content-Disposition"]
    )
    assert answer["Cache-Control"] == "no-store"
    assert int(answer["Content-Length"]) == len(answer.getvalue())
    with closing(web.head("/account/data/archive")) as head:
        assert head.status_code == 200 and not head.getvalue()
    as_(web, cast, "quay")
    assert web.get("/account/data/archive").status_code == 404
    as_(web, cast, None)
    assert web.get("/account/data/archive").status_code == 303


def test_the_page_costs_a_fixed_number_of_queries(web, cast):
    as_(web, cast, "hill").get("/account/data")
    with CaptureQueriesContext(connection) as queries:
        web.get("/account/data")
    assert len(queries) == OWN_DATA, [q["sql"][:90] for q in queries]


def test_what_is_read_for_an_archive_does_not_grow_with_every_post(cast, monkeypatch):
    """One query more for so many posts (PRV-001)."""
    monkeypatch.setattr(reading, "BATCH", 10)

    def cost() -> int:
        viewer = cast.view(cast.hill)
        with CaptureQueriesContext(connection) as queries:
            list(own_data(viewer))
        return len(queries)

    cost()  # what a process keeps is kept
    before = cost()
    assert before == 41
    for number in range(10):
        post_reply(cast.view(cast.hill), cast.barrier.pk, f"Gauge reading {number}.")
    assert cost() == before + 1


def test_who_they_are_is_asked_again_after_a_quarter_of_an_hour(web, cast):
    """SEC-085: of asking and of fetching alike."""
    taken(web, cast)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        for answer in (web.get("/account/data/archive"), web.post("/account/data")):
            assert answer.status_code == 303
            assert answer["Location"].startswith("/account/confirm?next=/account/data")


def test_the_same_stands_in_lines_and_on_pages(web, cast):
    """PRV-001: own words in any state, with links to their places, messages, earlier words."""
    hill = cast.view(cast.hill)
    removed = post_reply(hill, cast.barrier.pk, "Words that will be removed.")
    Revision.objects.create(
        post=removed, number=1, source="It said something else.", dialect="native",
        replaced_at=timezone.now(), editor=cast.hill,
    )  # fmt: skip
    edit_post(hill, removed.pk, "Other words, <script>removed</script>.\n\nA second paragraph.")
    remove_post(cast.view(cast.mod), removed.pk, "Insults a group of people.")
    first = talk(cast, cast.hill, words="What Quay wrote.", title="Matters of two")
    upload = upload_file(hill, "Plan of the barrier.txt", "Höhe: 4 m".encode())
    choose_avatar(hill, png(80, 80))
    found = taken(web, cast)
    assert found.testzip() is None
    things = lines(found)
    assert {thing["kind"] for thing in things} >= {
        "account", "post", "earlier_words", "message_of_another", "upload", "session", "statement",
    }  # fmt: skip
    posts = page(found, "posts.html")
    assert "Other words, &lt;script&gt;removed&lt;/script&gt;." in posts
    assert '<p dir="auto">A second paragraph.</p>' in posts
    assert f"http://localhost:8000/posts/{removed.pk}" in posts
    assert "removed by a moderator" in posts
    assert "It said something else." in page(found, "earlier.html")
    assert "What Quay wrote." in page(found, "messages.html")
    assert "Insults a group of people." in page(found, "record.html")
    assert found.read(f"files/{upload.key}.txt").decode() == "Höhe: 4 m"
    pictures = [thing for thing in things if thing.get("what") == "avatar"]
    assert found.read(pictures[0]["file"])[8:12] == b"WEBP"
    assert pictures[0]["file"] in page(found, "files.html")
    leave_conversation(hill, first.conversation_id)
    assert "What Quay wrote." not in str(list(own_data(cast.view(cast.hill))))


def test_its_pages_need_nothing_else(web, cast):
    """No script, no style but its own file, every link within it leads somewhere (PRV-007)."""
    fill(cast)
    Takeout.objects.all().delete()
    found = taken(web, cast)
    names = set(found.namelist())
    pages = [name for name in names if name.endswith(".html")]
    assert len(pages) == len(words.SECTIONS) + 1
    for name in pages:
        told = page(found, name)
        assert "<script" not in told and " style=" not in told and "<style" not in told
        assert told.count("<h1") == 1 and '<html lang="en" dir="ltr">' in told
        for link in re.findall(r'(?:href|src)="([^"]+)"', told):
            assert link in names or link.startswith("http://localhost:8000/"), (name, link)
    assert 'src="http' not in "".join(page(found, name) for name in pages)
    assert not [name for name in names if name.startswith(("/", "..")) or "\\" in name]


def test_every_kind_and_field_has_words(cast):
    fill(cast)
    Placement.objects.create(rater_id=cast.hill.pk, factor=0.5, side=0)
    for thing in own_data(cast.view(cast.hill)):
        kind = words.KINDS[thing["kind"]]
        assert kind.section in words.SECTIONS
        assert set(thing) - words.NOT_SAID <= set(words.LABELS), thing
        words.shown(thing, timezone.get_current_timezone())


def test_in_arabic_it_reads_from_right_to_left(web, cast):
    cast.hill.language = "ar"
    cast.hill.save()
    found = taken(web, cast)
    told = page(found, "posts.html")
    assert '<html lang="ar" dir="rtl">' in told
    assert "المشاركات" in told


def test_much_goes_on_further_pages(web, cast, monkeypatch):
    """Only one page of each section is in memory, however much there is."""
    monkeypatch.setattr(archive, "A_PAGE", 3)
    hill = cast.view(cast.hill)
    for number in range(8):
        post_reply(hill, cast.barrier.pk, f"Gauge reading {number}.")
    held: list[int] = []
    found_page = archive.Archive._page

    def noted(self, section, *, is_last):
        held.append(len(section.waiting))
        found_page(self, section, is_last=is_last)

    monkeypatch.setattr(archive.Archive, "_page", noted)
    found = taken(web, cast)
    count = sum(thing["kind"] == "post" for thing in lines(found))
    last = -(-count // 3)
    assert max(held) == 3 and last >= 3
    assert 'rel="next" href="posts-2.html"' in page(found, "posts.html")
    assert 'rel="prev" href="posts.html"' in page(found, "posts-2.html")
    assert 'rel="next"' not in page(found, f"posts-{last}.html")
    assert f"posts-{last + 1}.html" not in found.namelist()
    told = "".join(page(found, n) for n in found.namelist() if n.startswith("posts"))
    assert [f"Gauge reading {n}." in told for n in range(8)] == [True] * 8


def test_a_file_that_stands_where_they_may_not_read_is_only_named(web, cast):
    """SEC-057, SEC-058: as its address would not give it to them either."""
    hill = cast.view(cast.hill)
    upload = upload_file(hill, "map.txt", b"Where they live.")
    post = post_reply(hill, cast.barrier.pk, written(upload, ""))
    remove_post(cast.view(cast.mod), post.pk, WHY)
    work()
    (told,) = (thing for thing in lines(taken(web, cast)) if thing["kind"] == "upload")
    assert (told["name"], told["posts"]) == ("map.txt", [post.pk])
    assert told["file"] == f"files/{upload.key}.txt"  # of a post of one's own, if a removed one
    set_access(None, cast.harbour.pk, {}, reason=WHY)
    Takeout.objects.all().delete()
    found = taken(web, cast)
    (told,) = (thing for thing in lines(found) if thing["kind"] == "upload")
    assert told["file"] is None and f"files/{upload.key}.txt" not in found.namelist()


def test_where_it_fails_that_is_said_and_it_is_tried_again(web, cast, monkeypatch):
    as_(web, cast, "hill")
    web.post("/account/data")

    def broken(self):
        raise OSError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(archive.Archive, "write", broken)
        jobs.run_aside()
    assert "did not work" in web.get("/account/data").text
    assert Takeout.objects.get().state == "failed"
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        work()
        assert Takeout.objects.get().state == "ready"


def test_own_placement_is_told_to_that_member_alone(web, cast):
    """PRV-001, SEC-123: in words, without a number; of nobody else."""
    join(cast.hill, side=-1)
    join(cast.quay, side=1)
    Placement.objects.filter(rater_id=cast.quay.pk).update(factor=0.4815162342)
    (mine,) = (one for one in own_data(cast.view(cast.hill)) if one["kind"] == "placement")
    assert mine == {"kind": "placement", "group": "a", "ratings": 0}
    told = page(taken(web, cast, "quay"), "notes.html")
    assert "the other of two groups" in told and "inferred every night" in told
    assert "481516" not in told and "-0." not in told
    assert not [one for one in own_data(cast.view(cast.mod)) if one["kind"] == "placement"]
