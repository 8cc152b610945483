from django.apps import AppConfig


class BookmarksConfig(AppConfig):
    name = "rostra.forum.bookmarks"
    label = "bookmarks"
