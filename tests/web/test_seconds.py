"""What a second person confirms, as pages."""

from __future__ import annotations

import pytest

from rostra.forum.cleaning.actions import Wishes, clean_member
from rostra.forum.threads.actions.posts import post_reply
from tests.web.visits import as_

LOOKED = "Looked at all of the posts; each is the same advertisement."


@pytest.fixture
def entry(cast) -> int:
    for n in range(51):
        post_reply(cast.view(cast.newcomer), cast.barrier.pk, f"Watches {n}.")
    return clean_member(cast.view(cast.mod), cast.newcomer.pk, Wishes("R5", "Sells watches here."))


def test_another_moderator_confirms_and_everybody_reads_it(web, cast, entry):
    of_it = "/moderation-log?kind=member.clean"  # its parts are entries as well
    assert "to be confirmed by a second person until" in web.get(of_it).text
    for who, status in ((None, 403), ("hill", 403), ("mod", 200), ("admin", 200)):
        assert as_(web, cast, who).get("/staff/seconds").status_code == status, who
    form = {"entry": str(entry), "reason": LOOKED}
    assert as_(web, cast, "mod").post("/staff/seconds", form).status_code == 403
    web = as_(web, cast, "admin")
    assert "/staff/seconds" in web.get("/staff").text
    page = web.get("/staff/seconds").text
    assert f"/members/{cast.newcomer.pk}/clean" in page and "51 posts" in page
    short = web.post("/staff/seconds", {**form, "reason": "Seen it."})
    assert (short.status_code, "Seen it." in short.text) == (422, True)
    assert web.post("/staff/seconds", {**form, "entry": "x"}).status_code == 404
    assert web.post("/staff/seconds", form).status_code == 303
    assert "Nothing waits here." in web.get("/staff/seconds").text
    web = as_(web, cast, None)
    assert f"Confirmed by a second person, entry {entry + 52}" in web.get(of_it).text
    told = web.get("/moderation-log").text
    assert LOOKED in told and f"About entry {entry}" in told
