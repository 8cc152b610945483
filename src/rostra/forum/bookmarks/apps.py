from django.apps import AppConfig


class BookmarksConfig(AppConfig):
    name = "rostra.forum.bookmarks"
    label = "bookmarks"

    def ready(self) -> None:
        from rostra.forum.bookmarks import listeners  # noqa: F401  (they register themselves)
