"""Read-only mode: administrators change things, all others read, and nothing typed is lost."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from rostra.forum.choices.actions import Wish, choose
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.models import Post
from rostra.kernel.errors import Refused
from tests.cast import WHY
from tests.web.routes import routes
from tests.web.test_writing import doors, state
from tests.web.visits import as_, thread_address

POSTED = [
    route
    for route in routes()
    if "POST" in tomllib.loads(Path("tests/web/routes.toml").read_text())[route.pattern]
]
PARTS = {"id": 1, "ref": 1}  # of all other kinds it is a word


def rest(cast):
    choose(cast.view(cast.admin), {"read_only_mode": Wish("on", "off")}, reason=WHY)


@pytest.fixture
def resting(cast):
    rest(cast)
    return cast


@pytest.mark.parametrize("who", [None, "quay", "mod"])
def test_nobody_else_changes_anything(web, cast, who):
    found = doors(cast)
    rest(cast)
    as_(web, cast, who)
    before = state()
    for address, form in found.items():
        answer = web.post(address, form)
        assert answer.status_code == 503, address
        assert answer.headers["Retry-After"]
    assert state() == before


@pytest.mark.parametrize("who", [None, "mod"])
def test_no_address_takes_a_form_but_those_where_one_comes_in(web, resting, who):
    as_(web, resting, who)
    let_in = set()
    for route in POSTED:
        parts = {name: PARTS.get(kind, "abcdefgh") for name, kind in route.converters.items()}
        if web.post(route.address(**parts), {}).status_code != 503:
            let_in.add(route.pattern)
        as_(web, resting, who)  # one of them logs out
    assert let_in <= {
        "account/login", "account/logout", "account/code", "account/passkey",
        "account/with/<slug:key>", "account/with/<slug:key>/back",
    }  # fmt: skip
    assert "account/login" in let_in


def test_actions_refuse_as_well(resting):
    with pytest.raises(Refused, match="forum_rests"):
        post_reply(resting.view(resting.quay), resting.barrier.pk, "Words.")


def test_what_was_typed_is_given_back_but_for_secrets(web, resting):
    as_(web, resting, "quay")
    answer = web.post(
        f"/threads/{resting.barrier.pk}/reply", {"source": "Kept <b> words.", "password": "hidden1"}
    )
    text = answer.content.decode()
    assert "Kept &lt;b&gt; words." in text
    assert "hidden1" not in text


@pytest.mark.parametrize("who", [None, "quay"])
def test_all_read_on(web, resting, who):
    as_(web, resting, who)
    answer = web.get(thread_address(resting))
    assert answer.status_code == 200
    if who:
        assert "is being looked after" in answer.content.decode()  # where one would reply


def test_administrators_write(web, resting):
    as_(web, resting, "admin")
    before = Post.objects.count()
    answer = web.post(
        f"/threads/{resting.barrier.pk}/reply", {"source": "We are nearly done.", "key": "k" * 20}
    )
    assert answer.status_code in (302, 303)
    assert Post.objects.count() == before + 1


def test_who_comes_in_is_let_in_and_it_ends_at_once(web, resting):
    answer = web.post("/account/login", {"login": "nobody", "password": "nothing"})
    assert answer.status_code == 422
    choose(resting.view(resting.admin), {"read_only_mode": Wish("off", "on")}, reason=WHY)
    as_(web, resting, "quay")
    answer = web.post(
        f"/threads/{resting.barrier.pk}/reply", {"source": "There we are again.", "key": "k" * 20}
    )
    assert answer.status_code in (302, 303)
