"""The search page, its form, its limits, and what a field suggests."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import quote

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rostra.effects.search import actions, queries
from rostra.forum.access.actions import set_access
from rostra.forum.threads.actions.posts import (
    edit_post,
    post_reply,
    remove_post,
    restore_post,
    withdraw_post,
)
from rostra.forum.threads.actions.threads import move_thread, start_thread
from rostra.forum.threads.models import Post, Thread
from rostra.web.search import views
from tests.cast import WHY
from tests.web.visits import as_

REASON = "Insults a group of people."
HOSTILE = [
    '"', '""', '"""', "*", "**", "a*", "NEAR", "NEAR(", "NEAR(a b, 3)", "^", "^a", ":*", "a:*", "&|!",
    "a & b | !c", "<->", "a <-> b", "(", ")", "((a)", "{title} : a", "title : a", "- a", "--", "';--",
    "' OR 1=1", "\\", "\\'", "%", "%s", "%%s", "_", "\0", "a\0b", "\ud800", "\udfff", "\x1b", "\u202e",
    "AND", "OR", "NOT", "AND OR NOT", "a AND", "NOT a", "rowid", "search_words", "bm25(", "rank",
    "x" * 10_000, "a " * 5_000, '"' * 5_000, "-a " * 3_000, "(" * 5_000, "author:" * 1_000,
    "author:\"", "board:' OR 1=1", "has:", "before:9999-99-99", "after:0000", "before:١", "title:*",
    "\ue000closed", "\U000f0000x", "=a1", "·a1", "a1", "\u200c", "ـ", "ء", "ﷺ", "𝕬𝖇", "🙂", "ü" * 600,
]  # fmt: skip


def found(answer):
    """Return the numbers of the posts on a page of results, in order."""
    return [int(n) for n in re.findall(r'<h3><a href="/posts/(\d+)"', answer.text)]


def look(web, text, **more):
    pairs = {"q": text, **more}.items()
    raw = "&".join(f"{k}={quote(str(v).encode('utf-8', 'surrogatepass'))}" for k, v in pairs)
    return web.get(f"/search?{raw}")


@pytest.fixture
def indexed(cast):
    actions.catch_up()
    return cast


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:24])
def test_whatever_is_typed_is_harmless(web, indexed, text):
    """SEC-096: a page, no error of the database, on both of them."""
    for sort in ("relevance", "date"):
        assert look(web, text, sort=sort).status_code == 200
    assert look(web, "closed", author=text).status_code == 200
    assert look(web, "closed", **{"from": text, "to": text}).status_code == 200
    raw = quote(text.encode("utf-8", "surrogatepass"))
    assert web.get(f"/search/suggest?q={raw}").status_code == 200


@given(st.text(alphabet=st.characters(codec=None), max_size=60))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_anything_at_all_is_harmless(web, indexed, text):
    views.searches.forget()
    assert look(web, f"closed {text}").status_code == 200


@pytest.mark.parametrize(
    "rest", ["sort=drop", "after=x", "after=1", "after=1.99999999999999999999", "board=0",
             "board=x", "thread=999999", "sort=relevance'--"],
)  # fmt: skip
def test_a_wrong_parameter_is_no_page(web, indexed, rest):
    assert web.get(f"/search?q=closed&{rest}").status_code == 404


def test_the_form_alone(web, indexed):
    page = web.get("/search")
    assert page.status_code == 200
    assert found(page) == []
    assert "Best match" not in page.text
    assert page["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page.text


def test_an_excerpt_is_marked_and_escaped(web, indexed):
    post_reply(
        indexed.view(indexed.hill), indexed.barrier.pk, "A <b>tide</b> & a `<mark>` tide-gauge"
    )
    actions.catch_up()
    page = look(web, "tides").text
    assert "<mark>tide</mark>" in page
    assert "&lt;mark&gt;" in page
    assert '<p dir="auto">' in page
    assert look(web, "<script>alert(1)").text.count("<script>") == 0


def test_quotes_of_others_and_spoilers(web, indexed):
    first = Post.objects.get(thread=indexed.barrier, number=1)
    post = post_reply(
        indexed.view(indexed.hill),
        indexed.barrier.pk,
        f'[quote="Quay, post: {first.pk}"]closed in time[/quote] and [spoiler]Rosebud[/spoiler]',
    )
    actions.catch_up()
    assert found(look(web, "closed")) == [first.pk]
    page = look(web, "rosebud")
    assert found(page) == [post.pk]
    assert "Rosebud" not in page.text


def test_filters(web, indexed):
    cast = indexed
    quay, hill = cast.view(cast.quay), cast.view(cast.hill)
    one = start_thread(quay, cast.region.pk, "Harvest of rye", "The harvest was wet.")
    two = post_reply(hill, one.pk, "A wet harvest: https://example.org/rye")
    three = start_thread(hill, cast.harbour.pk, "Fish", "No harvest of fish.")
    actions.catch_up()
    first, third = (Post.objects.get(thread=t, number=1).pk for t in (one, three))

    def ask(**more):
        return sorted(found(look(web, "harvest", **more)))

    assert ask() == sorted([first, two.pk, third])
    assert ask(board=cast.region.pk) == sorted([first, two.pk])
    assert ask(board=cast.city.pk) == sorted([first, two.pk, third])
    assert ask(author="hill") == sorted([two.pk, third])
    assert ask(author="Nobody Known") == []
    assert "no member of this name" in look(web, "harvest", author="Nobody Known").text
    assert ask(titles="1") == [first]
    assert ask(link="1") == [two.pk]
    assert ask(thread=one.pk) == sorted([first, two.pk])
    assert ask(**{"from": "2020-01-01"}) == sorted([first, two.pk, third])
    assert ask(to="2020-01-01") == []
    assert ask(board=cast.staff_room.pk) == []
    assert found(look(web, "author:hill wet")) == [two.pk]
    assert found(look(web, 'harvest board:"Region" -wet')) == []
    assert found(look(web, "board:region has:link")) == [two.pk]
    assert found(look(web, "board:nowhere harvest")) != []
    assert "no board of this name" in look(web, "board:nowhere harvest").text
    assert sorted(found(look(web, "author:hill"))) == sorted([two.pk, third, *posts_of(cast.hill)])
    assert "before:soon" in unescape(look(web, "before:soon harvest").text)


def posts_of(member):
    return list(
        Post.objects.filter(author=member, thread__title="Flood barrier").values_list(
            "pk", flat=True
        )
    )


@pytest.mark.parametrize("order", ["relevance", "date"])
def test_pages_go_on_by_key_and_nothing_comes_twice(web, indexed, order):
    cast = indexed
    for n in range(50):
        post_reply(cast.view(cast.hill), cast.barrier.pk, f"tide {'tide ' * (n % 7)} number {n}")
    actions.catch_up()
    seen, address = [], f"/search?q=tide&sort={order}"
    while address:
        page = web.get(address)
        seen.append(found(page))
        link = re.search(r'rel="next nofollow" class="push" href="([^"]+)"', page.text)
        address = unescape(link[1]) if link else None
    assert [len(one) for one in seen] == [20, 20, 10]
    flat = [number for one in seen for number in one]
    assert len(set(flat)) == 50
    if order == "date":
        assert flat == sorted(flat, reverse=True)


@pytest.mark.parametrize("who", [None, "quay", "mod"])
def test_a_private_board_is_not_found(web, indexed, who):
    """SEC-055: the predicate of reading, in results, excerpts and suggestions."""
    as_(web, indexed, who)
    for text in ("canary-words", "canar*", "canary*", "title:canary", 'author:"Mod Ferris"'):
        page = look(web, text)
        assert bool(found(page)) is (who == "mod"), text
        assert ("of staff" in page.text or "-title" in page.text) is (who == "mod"), text
    suggested = web.get("/search/suggest?q=canary").json()
    assert bool(suggested["threads"]) is (who == "mod")
    assert bool(web.get("/search/suggest?q=staff").json()["boards"]) is (who == "mod")
    thread = web.get(f"/search?q=canary&thread={indexed.secret.pk}")
    assert thread.status_code == (200 if who == "mod" else 404)


STATES = {
    "removed": {"quay", "mod"}, "withdrawn": {"quay", "mod"}, "hidden": {"quay", "mod"},
    "pending": {"quay", "mod"}, "visible": {None, "hill", "quay", "mod"},
}  # fmt: skip


@pytest.mark.parametrize("who", [None, "hill", "quay", "mod"])
@pytest.mark.parametrize("state", STATES)
def test_each_state_is_found_by_who_may_read_it(web, indexed, state, who):
    """SEC-046, 055: the index holds the words of all, the live row says to whom."""
    cast = indexed
    post = post_reply(cast.view(cast.quay), cast.barrier.pk, "zanzibar words")
    actions.catch_up()
    Post.objects.filter(pk=post.pk).update(
        state=state, number=None if state == "pending" else post.number
    )
    page = look(as_(web, cast, who), "zanzibar")
    assert (found(page) == [post.pk]) is (who in STATES[state])
    assert ("zanzibar words" in re.sub("</?mark>", "", page.text)) is (who in STATES[state])


def test_what_becomes_hidden_is_gone_at_once_with_the_index_down(web, indexed):
    """SEC-056, REL-055: no worker runs here at all."""
    cast = indexed
    quay, mod = cast.view(cast.quay), cast.view(cast.mod)
    posts = [post_reply(quay, cast.barrier.pk, f"zanzibar {n}") for n in range(4)]
    actions.catch_up()
    assert len(found(look(web, "zanzibar"))) == 4
    remove_post(mod, posts[0].pk, REASON)
    withdraw_post(quay, posts[1].pk)
    edit_post(quay, posts[2].pk, "Something else.")
    assert found(look(web, "zanzibar")) == [posts[3].pk]
    restore_post(mod, posts[0].pk, REASON)
    assert len(found(look(web, "zanzibar"))) == 2
    Thread.objects.filter(pk=cast.barrier.pk).update(state="hidden")
    assert found(look(web, "zanzibar")) == []
    Thread.objects.filter(pk=cast.barrier.pk).update(state="visible")
    set_access(None, cast.harbour.pk, {cast.groups.moderators: ["see", "read"]}, reason=WHY)
    assert found(look(web, "zanzibar")) == []


def test_a_moved_thread_is_found_where_it_is(web, indexed):
    cast = indexed
    move_thread(cast.view(cast.mod), cast.barrier.pk, cast.region.pk, reason=REASON)
    assert found(look(web, "closed", board=cast.harbour.pk)) == []
    actions.index_thread(cast.barrier.pk)
    assert len(found(look(web, "closed", board=cast.region.pk))) == 1
    move_thread(cast.view(cast.mod), cast.barrier.pk, cast.staff_room.pk, reason=REASON)
    assert found(look(web, "closed")) == []
    assert found(look(as_(web, cast, "mod"), "closed")) != []


def test_the_title_of_a_removed_opening_post_is_the_threads(web, indexed):
    """The thread is still to be read: its title is found, not a word of the post."""
    cast = indexed
    opening = Post.objects.get(thread=cast.barrier, number=1)
    remove_post(cast.view(cast.mod), opening.pk, REASON)
    page = look(web, "flood barrier")
    assert found(page) == [opening.pk]
    assert "closed in time" not in re.sub("</?mark>", "", page.text)
    assert found(look(web, "flood closed")) == []
    assert found(look(web, "author:quay flood has:link")) == []


def test_a_limit_for_each_address(web, indexed):
    web.defaults["REMOTE_ADDR"] = "198.51.100.7"
    for _ in range(30):
        assert look(web, "closed").status_code == 200
    answer = look(web, "closed")
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert "very often" in answer.text
    assert web.get("/search").status_code == 200
    assert look(as_(web, indexed, "quay"), "closed").status_code == 200
    assert web.get("/search?q=x", REMOTE_ADDR="2001:db8::1").status_code == 200


def test_suggestions(web, indexed):
    cast = indexed
    start_thread(cast.view(cast.quay), cast.region.pk, "Harbour fees", "Words")
    actions.catch_up()
    answer = web.get("/search/suggest?q=harb")
    assert answer["Content-Type"] == "application/json"
    suggested = json.loads(answer.content)
    assert [row[0] for row in suggested["boards"]] == ["Harbour"]
    assert [row[0] for row in suggested["threads"]] == ["Harbour fees"]
    assert [row[0] for row in web.get("/search/suggest?q=QUA").json()["members"]] == ["Quay"]
    assert [row[0] for row in web.get("/search/suggest?q=flood+ba").json()["threads"]] == [
        "Flood barrier"
    ]
    nothing = {"boards": [], "members": [], "threads": []}
    for text in ("", " ", "*", "%", "_", "nothing at all"):
        assert web.get("/search/suggest", {"q": text}).json() == nothing


def test_the_field_is_on_every_page_and_not_twice_on_its_own(web, indexed):
    assert web.get("/").text.count('name="q"') == 1
    assert web.get("/search?q=closed").text.count('name="q"') == 1


def test_similar_threads(indexed):
    cast = indexed
    quay, mod = cast.view(cast.quay), cast.view(cast.mod)
    near = start_thread(quay, cast.region.pk, "The flood barriers of the north", "x")
    start_thread(quay, cast.region.pk, "Harvest festival", "x")
    hidden = start_thread(mod, cast.staff_room.pk, "Flood barrier, for staff", "x")
    actions.catch_up()

    def alike(viewer, title="Flood barrier"):
        return [t.id for t in queries.similar_threads(viewer, cast.barrier.pk, title)]

    assert alike(cast.view(None)) == [near.pk]
    assert set(alike(mod)) == {near.pk, hidden.pk}
    assert alike(quay, "of the") == []
    assert alike(quay, "") == []
    Thread.objects.filter(pk=near.pk).update(state="removed")
    assert alike(quay) == []


@pytest.mark.django_db(transaction=True)
def test_a_lost_index_is_said_and_nothing_else_breaks(web, transactional_db):
    """REL-055."""
    from tests.cast import assemble

    cast = assemble()
    actions.catch_up()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE search_words")
    try:
        page = look(web, "closed")
        assert page.status_code == 503
        assert "being repaired" in page.text
        assert web.get("/search/suggest?q=harb").json()["boards"]
        assert queries.similar_threads(cast.view(None), 0, "Flood barrier") == []
        assert [fault.what for fault in queries.faults()] == ["the index cannot be read"]
    finally:
        actions.reindex(restart=True)
    assert queries.faults() == []
    assert len(found(look(web, "closed"))) == 1


def test_the_threads_most_like_one_are_listed_as_far_as_one_may_read(web, cast):
    """SEC-055: what the element of a thread's page takes in; nobody learns of closed rooms."""
    like = start_thread(cast.view(cast.hill), cast.region.pk, "Flood barrier upstream", "Words.")
    hidden = start_thread(cast.view(cast.mod), cast.staff_room.pk, "Flood barrier canary", "Words.")
    actions.index_posts(list(Post.objects.values_list("id", flat=True)))
    address = f"/threads/{cast.barrier.pk}/similar"
    guest = web.get(address)
    assert like.title in guest.text
    assert hidden.title not in guest.text
    assert guest.headers["X-Robots-Tag"] == "noindex"
    assert hidden.title in as_(web, cast, "mod").get(address).text
    assert web.get(f"/threads/{hidden.pk}/similar").status_code == 200
    web.logout()
    assert web.get(f"/threads/{hidden.pk}/similar").status_code == 404
    assert f'href="{address}"' in web.get(f"/threads/{cast.barrier.pk}.flood-barrier").text


def test_a_thread_like_no_other_says_so(web, cast):
    assert (
        "No other thread is like this one." in web.get(f"/threads/{cast.barrier.pk}/similar").text
    )


def test_a_moderator_chooses_among_what_was_found(web, indexed, cast):
    found = as_(web, cast, "mod").get("/search?q=closed").text
    assert 'form="chosen"' in found and 'action="/staff/posts"' in found
    assert 'form="chosen"' not in as_(web, cast, "hill").get("/search?q=closed").text
