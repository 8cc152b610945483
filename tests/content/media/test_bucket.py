"""Uploads in a bucket that speaks S3, here one of moto's, on this machine."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from rostra.content.media import bucket, storage
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.uploads.actions import sweep, upload_file
from rostra.kernel.errors import NotFound, TooMany
from tests.pictures import png
from tests.web.asking import sign_in

pytestmark = [
    pytest.mark.django_db,
    # of boto3 and moto, not of ours
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def server():
    """An empty bucket."""
    import boto3
    from moto.server import ThreadedMotoServer

    served = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    served.start()
    host, port = served.get_host_and_port()
    boto3.client(
        "s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1",
        aws_access_key_id="key", aws_secret_access_key="secret",
    ).create_bucket(Bucket="forum-uploads")  # fmt: skip
    yield f"s3+http://key:secret@{host}:{port}/forum-uploads?region=us-east-1"
    served.stop()


@pytest.fixture
def kept_there(server, settings, tmp_path):
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, data=tmp_path, upload_store=server)
    bucket.at.cache_clear()
    yield tmp_path
    bucket.at.cache_clear()


def test_a_picture_is_kept_given_out_and_deleted(kept_there, cast, client):
    row = upload_file(cast.view(cast.hill), "a.png", png(1500, 90))
    assert all(storage.has(name) for name in row.names)
    post_reply(cast.view(cast.hill), cast.barrier.pk, f"![A mole](upload:{row.key})")
    sign_in(client, None)
    answer = client.get(f"/files/{row.key}-1")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert answer.content == storage.get(storage.name_of(row.key, 1))
    assert not (kept_there / "uploads").exists()
    for name in row.names:
        storage.drop(name)
        storage.drop(name)
    with pytest.raises(NotFound):
        storage.get(row.names[0])
    assert client.get(f"/files/{row.key}").status_code == 404


def test_what_no_row_knows_is_swept_up_there_too(kept_there, cast):
    """REL-054."""
    orphan = storage.name_of("ab" * 16)
    storage.put(orphan, b"without a row")
    assert sum(map(sweep, range(24))) == 0
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert orphan in list(storage.older_than(24 * 3600, 0xAB))
    storage.drop(orphan)


def test_a_bucket_that_fails_is_told_and_changes_nothing(
    kept_there, cast, client, settings, caplog
):
    """REL-054: object store gone or 503; words are kept, no row is written."""
    gone = "s3+http://key:secret@127.0.0.1:1/forum-uploads?region=us-east-1"
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, upload_store=gone)
    with pytest.raises(TooMany) as told:
        upload_file(cast.view(cast.hill), "a.png", png(40, 30))
    assert told.value.reason == "uploads_unavailable"
    assert "bucket of uploads failed" in caplog.text
    sign_in(client, cast.hill)
    from django.core.files.uploadedfile import SimpleUploadedFile

    form = {"source": "A long thought.", "key": "", "seen": "",
            "files": SimpleUploadedFile("a.png", png(40, 30))}  # fmt: skip
    answer = client.post(f"/threads/{cast.barrier.pk}/reply", form)
    assert answer.status_code == 429
    assert "A long thought." in answer.text
    assert "cannot be reached" in answer.text
