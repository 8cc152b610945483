from django.urls import path

from rostra.web.waiting import cautions, own, queue

urlpatterns = [
    path("staff/waiting", queue.index, name="waiting"),
    path("staff/cautions", cautions.index, name="cautions"),
    path("threads/<id:thread_id>/caution", cautions.thread, name="thread-caution"),
    path("account/waiting", own.index, name="own-waiting"),
    path("account/waiting/<id:hold_id>", own.follow, name="own-hold"),
    path("posts/<id:post_id>/waiting", own.one, name="post-waiting"),
]
