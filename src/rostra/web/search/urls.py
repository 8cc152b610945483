from django.urls import path

from rostra.web.search import views

urlpatterns = [
    path("search", views.search, name="search"),
    path("threads/<id:thread_id>/similar", views.similar, name="thread-similar"),
    path("search/alike", views.alike, name="alike"),
    path("search/suggest", views.suggest, name="search-suggest"),
]
