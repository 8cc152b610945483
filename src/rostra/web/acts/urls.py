from django.urls import path

from rostra.web.acts import posts, threads

urlpatterns = [
    path("threads/<id:thread_id>/tools", threads.tools, name="thread-tools"),
    path("threads/<id:thread_id>/choose", threads.choose, name="choose-posts"),
    path("posts/<id:post_id>/redact", posts.redact, name="redact-post"),
    path("staff/posts", posts.chosen, name="chosen-posts"),
]
