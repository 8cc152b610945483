"""What the process of the tests keeps in memory, and how it forgets it."""

from __future__ import annotations


def forget_everything() -> None:
    """Drop what a process keeps in memory: tests roll back the versions it depends on."""
    from rostra.forum.access import queries as access
    from rostra.forum.boards import queries as boards
    from rostra.forum.holds import queries as holds
    from rostra.forum.notices import queries as notices
    from rostra.forum.smilies import queries as smilies
    from rostra.forum.threads import queries as threads
    from rostra.forum.words import queries as words
    from rostra.kernel import chosen
    from rostra.web import frames, limits
    from rostra.web.search import views

    access.forget()
    threads.forget()
    boards.forget()
    holds.forget()
    notices.forget()
    smilies.forget()
    words.forget()
    chosen.forget()
    frames.forget()
    limits.made.forget()
    limits.given.forget()
    views.searches.forget()
    views.asked_while_typing.forget()
