"""What follows for bookmarks after posts went to another thread."""

from __future__ import annotations

from django.db import transaction

from rostra.forum.bookmarks.actions import count_in
from rostra.forum.bookmarks.models import Bookmark
from rostra.forum.members.turns import take_turn
from rostra.forum.threads.events import PostsMoved
from rostra.kernel.events import after


@after(PostsMoved)
def count_again(happened: PostsMoved) -> None:
    """Count the bookmarks that members have in two threads between which posts went."""
    threads = (happened.from_thread_id, happened.to_thread_id)
    holders = Bookmark.objects.filter(post__thread_id__in=threads)
    for member_id in sorted(set(holders.values_list("member_id", flat=True))):
        with transaction.atomic():
            take_turn(member_id)
            for thread_id in threads:
                count_in(member_id, thread_id)
