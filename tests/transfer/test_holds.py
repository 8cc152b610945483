"""What the doctor says of posts that wait."""

import pytest

from rostra.forum.holds.models import Hold
from rostra.forum.threads.models import Post
from rostra.transfer.integrity import examine
from tests.transfer.waiting import have_things_wait

pytestmark = pytest.mark.django_db


def test_a_forum_in_which_posts_wait_is_whole(cast):
    have_things_wait(cast)
    assert examine() == []


def test_where_posts_wait_is_mended_and_what_is_shown_is_told(cast):
    have_things_wait(cast)
    Hold.objects.filter(kind="reply", state="waiting").update(board_id=cast.region.pk)
    [found] = examine(repair=True)
    assert (found.check, found.count, found.is_mended) == (
        "the boards in which posts wait",
        1,
        True,
    )
    assert examine() == []
    held = Hold.objects.get(kind="edit", state="waiting")
    held.kind = "reply"
    held.save()
    assert Post.objects.get(pk=held.post_id).state == "visible"
    [found] = examine(repair=True)
    assert (found.check, found.is_mended) == ("what waits is there, and is not shown", False)
