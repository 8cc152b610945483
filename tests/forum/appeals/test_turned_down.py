"""What was turned down is shown after all, where an appeal says so."""

from dataclasses import replace

import pytest
from django.conf import settings

from rostra.forum.appeals.actions import decide_appeal, file_appeal
from rostra.forum.holds.models import Hold
from rostra.forum.modlog.models import LogEntry, Statement
from rostra.forum.threads.actions.approving import Decision, decide_held
from rostra.forum.threads.actions.posts import edit_post, post_reply
from rostra.forum.threads.models import Post
from rostra.forum.words.actions import watch_words
from rostra.kernel.errors import Refused
from rostra.transfer.integrity import examine

pytestmark = pytest.mark.django_db
WHY = "Advertises what nobody asked for."


def turned_down(cast, post_id):
    row = Hold.objects.get(post_id=post_id, state="waiting")
    decide_held(cast.view(cast.mod), row.pk, row.version, Decision("reject", "R5", WHY))
    return Statement.objects.latest("entry_id").entry_id


def overturned(cast, n, who):
    file_appeal(cast.view(who), n, "It was the answer to a question in the thread.")
    decide_appeal(cast.view(cast.admin), n, "overturned", "It answers what was asked above.")


def test_a_post_gets_its_number_then(cast, monkeypatch):
    monkeypatch.setattr(settings, "ROSTRA", replace(settings.ROSTRA, held_first_posts=1))
    post = post_reply(cast.view(cast.newcomer), cast.barrier.pk, "The shop by the lock has them.")
    n = turned_down(cast, post.pk)
    overturned(cast, n, cast.newcomer)
    post.refresh_from_db()
    assert (post.state, post.number) == ("visible", 4)
    assert LogEntry.objects.get(reverts=n).kind == "post.approve"
    assert examine() == []


def test_an_edit_is_written_then_unless_the_post_changed(cast):
    watch_words(cast.view(cast.mod), ["toll"], "hold", reason=WHY)
    hill = cast.view(cast.hill)
    post = Post.objects.get(thread=cast.barrier, number=2)
    edit_post(hill, post.pk, "The toll.")
    overturned(cast, turned_down(cast, post.pk), cast.hill)
    post.refresh_from_db()
    assert post.source == "The toll."
    edit_post(hill, post.pk, "Nothing.")
    edit_post(hill, post.pk, "A toll again.")
    n = turned_down(cast, post.pk)
    edit_post(hill, post.pk, "Something else.")
    with pytest.raises(Refused, match="words_changed_since"):
        overturned(cast, n, cast.hill)
