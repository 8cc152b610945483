"""Links from outside to an imported forum go on working."""

import pytest

from rostra.forum.threads.models import Post, Thread
from rostra.transfer.load.run import load
from rostra.transfer.models import OldAddress
from tests.transfer.test_load import Reader, forum

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(client, tmp_path):
    load(Reader(*forum()), tmp_path / "import", processes=1)
    client.defaults["HTTP_HOST"] = "localhost:8000"
    return client


def test_an_old_address_leads_to_the_new_place(web):
    post = Post.objects.get(source="The gate was open.")
    answer = web.get("/posts/1/")
    assert (answer.status_code, answer["Location"]) == (301, f"/posts/{post.pk}")
    assert web.get("/forums/old.1/").status_code == 301


def test_an_address_with_its_query_leads_before_the_bare_one(web):
    thread = Thread.objects.get(title="Old thread")
    OldAddress.objects.create(address="/viewtopic.php?t=5", kind="thread", new_id=thread.pk)
    assert web.get("/viewtopic.php?t=5")["Location"] == f"/threads/{thread.pk}"
    assert web.get("/viewtopic.php?t=6").status_code == 404


def test_a_hidden_place_answers_like_an_unknown_address(web):
    """SEC-054."""
    secret = Thread.objects.get(title="Secret")
    OldAddress.objects.create(address="/old-secret", kind="thread", new_id=secret.pk)
    OldAddress.objects.create(address="/old-board", kind="board", new_id=secret.board_id)
    for address in ("/old-secret", "/old-board", "/old-nothing"):
        assert web.get(address).status_code == 404


@pytest.mark.parametrize("path", ["/%00", "/a/%00b", "/%ff", "/%ed%a0%80", "/" + "x" * 5000])
def test_no_bytes_of_a_path_are_an_error(web, path):
    assert web.get(path).status_code == 404


def test_nothing_is_written_to_an_old_address(web):
    assert web.post("/posts/1/").status_code in (403, 404)
