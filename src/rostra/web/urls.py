"""Every address, by room."""

from django.urls import include, path, register_converter


class RefConverter:
    """`12.any-slug` or `12`: the number counts, the slug is for the eye."""

    regex = r"[0-9]{1,18}(?:\.[^/]*)?"

    def to_python(self, value: str) -> tuple[int, str]:
        number, _, words = value.partition(".")
        if number.startswith("0"):
            raise ValueError
        return int(number), words

    def to_url(self, value: int) -> str:
        return str(value)


class IdConverter:
    """A row's number: 1 to 2^63 - 1, no leading zero."""

    regex = r"[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class PartConverter(IdConverter):
    """The number of a part: from 0, no leading zero."""

    regex = r"0|[1-9][0-9]{0,8}"


class WordsConverter:
    """Words of any script, public ones; what they may be is for the page to say."""

    regex = r"[^/]{1,300}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class FileConverter:
    """The key of something uploaded, with the number of a smaller size of it."""

    regex = r"[0-9a-f]{32}(?:-[12])?"

    def to_python(self, value: str) -> tuple[str, int]:
        key, _, step = value.partition("-")
        return key, int(step or 0)

    def to_url(self, value: tuple[str, int]) -> str:
        return f"{value[0]}-{value[1]}" if value[1] else value[0]


register_converter(FileConverter, "file")
register_converter(RefConverter, "ref")
register_converter(WordsConverter, "words")
register_converter(PartConverter, "part")
register_converter(IdConverter, "id")

urlpatterns = [
    path("", include("rostra.web.boards.urls")),
    path("", include("rostra.web.threads.urls")),
    path("", include("rostra.web.feed.urls")),
    path("", include("rostra.web.members.urls")),
    path("", include("rostra.web.writing.urls")),
    path("", include("rostra.web.following.urls")),
    path("", include("rostra.web.notifications.urls")),
    path("", include("rostra.web.polls.urls")),
    path("", include("rostra.web.documents.urls")),
    path("", include("rostra.web.claims.urls")),
    path("", include("rostra.web.notes.urls")),
    path("", include("rostra.web.media.urls")),
    path("", include("rostra.web.conversations.urls")),
    path("", include("rostra.web.cases.urls")),
    path("", include("rostra.web.waiting.urls")),
    path("", include("rostra.web.words.urls")),
    path("", include("rostra.web.notices.urls")),
    path("", include("rostra.web.smilies.urls")),
    path("", include("rostra.web.cleaning.urls")),
    path("", include("rostra.web.sanctions.urls")),
    path("", include("rostra.web.acts.urls")),
    path("", include("rostra.web.search.urls")),
    path("", include("rostra.web.moderation.urls")),
    path("", include("rostra.web.staff.urls")),
    path("", include("rostra.web.accounts.urls")),
    path("", include("rostra.web.takeout.urls")),
]
