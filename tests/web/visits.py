"""Where the screens are, and who comes to see them."""

from __future__ import annotations

from django.conf import settings

from rostra.web import addresses


def thread_address(cast, page=1):
    return addresses.thread(cast.barrier.pk, cast.barrier.title, page)


def screens(cast):
    return {
        "front": "/",
        "board": addresses.board(cast.harbour.pk, cast.harbour.title),
        "thread": thread_address(cast),
        "whats_new": "/whats-new",
        "tag": "/tags/harbour",
        "members": "/members",
        "member": addresses.member(cast.quay.pk, cast.quay.name),
        "log": "/moderation-log",
        "search": "/search?q=closed",
    }


def as_(web, cast, who):
    """Sign in as one of the cast, or out for None; return the client."""
    if who is None:
        web.logout()
    else:
        web.force_login(getattr(cast, who), backend=settings.AUTHENTICATION_BACKENDS[0])
    return web
