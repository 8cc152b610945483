"""Sites that members lead to who are not new: newcomers need not wait for them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings

from rostra.forum.holds.models import KnownHost
from rostra.forum.members.actions import create_member
from rostra.forum.members.models import Member
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.models import MemberStats
from rostra.kernel import clock

pytestmark = pytest.mark.django_db
TEXT = "What the paper says of the barrier, and what the port office says, is not the same; see"


def fresh(cast, n):
    return cast.view(create_member(f"Fresh {n}"))


@pytest.fixture
def limits(monkeypatch):
    monkeypatch.setattr(settings, "ROSTRA", replace(settings.ROSTRA, posting_limits="on"))


@pytest.mark.parametrize(("is_known", "state"), [(True, "visible"), (False, "pending")])
def test_the_third_newcomer_waits_unless_the_site_is_known(cast, limits, is_known, state):
    """ABU-005, and what it costs honest newcomers."""
    if is_known:
        long_ago = clock.now() - timedelta(days=40)
        regular = create_member("Regular")
        Member.objects.filter(pk=regular.pk).update(joined_at=long_ago)
        MemberStats.objects.create(member=regular, post_count=9)
        with_link = "See https://www.paper.example/1"
        assert post_reply(cast.view(regular), cast.barrier.pk, with_link).state == "visible"
    words = ("today", "in the second edition", "at length, with a drawing of the gates")
    for n, more in enumerate(words):
        source = f"{TEXT} https://paper.example/{n} {more}."
        post = post_reply(fresh(cast, n), cast.barrier.pk, source)
    assert post.state == state
    assert KnownHost.objects.filter(host="paper.example").exists() is is_known
