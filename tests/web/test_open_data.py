"""The page of open data about notes, its JSON and its files (B11)."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import replace

import pytest

from rostra.forum.notes.actions.publishing import publish
from rostra.forum.notes.models import Rater
from tests.forum.notes import crowd
from tests.forum.notes.readers import join, trusted
from tests.web.visits import as_


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.ROSTRA = replace(settings.ROSTRA, data=tmp_path)


@pytest.fixture
def forum(cast):
    notes = crowd.notes(cast.barrier.posts.get(number=1).pk, cast.quay.pk)
    crowd.say(crowd.raters(), notes)


def test_before_the_first_release_there_is_none(web, cast):
    page = web.get("/notes/data").text
    assert "There is no release yet" in page
    assert "/notes/data" in web.get("/notes/how").text
    assert web.get("/notes/data.json").json() is None


def test_a_release_is_listed_and_given_out_to_anybody(web, forum):
    release = publish()
    page = web.get("/notes/data").text
    told = web.get("/notes/data.json").json()
    assert told["has_ratings"]
    assert {file["name"] for file in told["files"]} == {file.name for file in release.files}
    for file in told["files"]:
        assert file["sha256"] in page
        address = file["url"].removeprefix("http://localhost:8000")
        assert f'href="{address}"' in page
        answer = web.get(address)
        content = answer.getvalue()
        assert answer.headers["Content-Type"] == "application/gzip"
        assert "Content-Encoding" not in answer.headers
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        assert gzip.decompress(content).count(b"\n") == file["rows"] + 1
    assert "Ratings are not among them" not in page
    assert "kanarix" not in page.casefold()


def test_where_few_rate_the_page_says_why_ratings_are_missing(web, forum):
    Rater.objects.filter(alias="Kanalias 1").delete()
    Rater.objects.exclude(alias__in=[f"Kanalias {n}" for n in range(150)]).delete()
    publish()
    page = web.get("/notes/data").text
    assert "published once 200 raters agreed to it" in page
    assert 'ratings.tsv.gz"' not in page


@pytest.mark.parametrize(
    "name", ["manifest.json", "..", "%2e%2e%2fnotes.tsv.gz", "x", "ratings.tsv.gz"]
)
def test_nothing_else_is_given_out(web, cast, name):
    release = publish()
    assert web.get(f"/notes/data/{release.name}/{name}").status_code == 404
    assert web.get(f"/notes/data/../{name}").status_code == 404
    assert web.get(f"/notes/data/{release.name}x/notes.tsv.gz").status_code == 404
    assert web.get(f"/notes/data/{release.name}/notes.tsv.gz").status_code == 200


def test_who_agreed_to_an_older_text_is_asked_to_read_it(web, cast):
    """PRV-012: nothing is published of who was not told; saying nothing changes nothing."""
    join(trusted(cast.hill))
    as_(web, cast, "hill")
    assert "The text you agreed to has become longer." in web.get("/notes/rate").text
    page = web.get("/notes/join").text
    assert "This text has become longer since you agreed to it." in page
    assert web.post("/notes/join", {}).status_code == 422
    assert Rater.objects.get().terms == 1
    assert web.post("/notes/join", {"agrees": "1"}).status_code == 303
    assert Rater.objects.get().terms == 2
    assert "has become longer" not in web.get("/notes/rate").text
    assert "You rate notes already." in web.get("/notes/join").text
