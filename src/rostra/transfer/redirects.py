"""Old addresses lead on: whatever an import brought answers 301 to its new place."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from rostra.forum.access.viewer import Viewer
from rostra.forum.members.queries import card_of
from rostra.forum.threads.queries import place_of, thread_for
from rostra.kernel.errors import NotFound
from rostra.transfer.models import OldAddress

PLACES = {
    "board": "/boards/{}",
    "member": "/members/{}",
    "thread": "/threads/{}",
    "post": "/posts/{}",
}


def old_address(request: HttpRequest, path: str) -> HttpResponse:
    """Lead an old address to its new place; raises NotFound, also for what is not to be seen.

    Asked last, for paths that nothing else answers. Two queries after those for the viewer.
    """
    if request.method not in ("GET", "HEAD") or "\0" in request.path:
        raise NotFound
    asked = [request.get_full_path()[:500], request.path[:500]]
    rows = OldAddress.objects.filter(address__in=asked).values_list("address", "kind", "new_id")
    found = {address: (kind, new_id) for address, kind, new_id in rows}
    for address in asked:
        if address in found:
            kind, new_id = found[address]
            _check(cast(Viewer, getattr(request, "viewer")), kind, new_id)  # noqa: B009
            return HttpResponsePermanentRedirect(PLACES[kind].format(new_id))
    raise NotFound


def _check(viewer: Viewer, kind: str, new_id: int) -> None:
    """Raise NotFound where the new place is none for this viewer, as for an unknown address."""
    if kind == "thread":
        thread_for(viewer, new_id)
    elif kind == "post":
        place_of(viewer, new_id)
    elif kind == "member":
        card_of(new_id)
    elif new_id not in viewer.boards:
        raise NotFound
