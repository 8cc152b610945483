from django.urls import path

from rostra.web.following import bookmarks, people, watching

urlpatterns = [
    path("threads/<id:thread_id>/watch", watching.thread, name="watch-thread"),
    path("boards/<id:board_id>/watch", watching.board, name="watch-board"),
    path("claims/<id:claim_id>/watch", watching.claim, name="watch-claim"),
    path("account/tags", watching.tag, name="mute-tag"),
    path("whats-new/read", watching.all_read, name="all-read"),
    path("posts/<id:post_id>/bookmark", bookmarks.bookmark, name="bookmark"),
    path("account/bookmarks", bookmarks.own, name="own-bookmarks"),
    path("members/<id:member_id>/tie", people.tie, name="tie"),
    path("account/people", people.own, name="own-people"),
]
