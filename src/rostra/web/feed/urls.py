from django.urls import path

from rostra.web.feed import views

urlpatterns = [
    path("whats-new", views.whats_new_page, name="whats-new"),
    path("tags/<words:tag>", views.tagged, name="tag"),
    path("boards/<id:board_id>/feed.atom", views.board_feed, name="board-feed"),
    path("threads/<id:thread_id>/feed.atom", views.thread_feed, name="thread-feed"),
    path("sitemap.xml", views.sitemap_index, name="sitemap"),
    path("sitemap-<part:part>.xml", views.sitemap, name="sitemap-part"),
    path("robots.txt", views.robots, name="robots"),
]
