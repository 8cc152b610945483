"""The forum's own looks: the picture beside its name, its smilies, its colours."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from rostra.content.media.formats import PICTURE_FORM
from rostra.content.media.queries import upload_of
from rostra.forum.choices.colours import stylesheet
from rostra.forum.smilies.queries import picture_of
from rostra.kernel.errors import NotFound
from rostra.web import limits
from rostra.web.media.views import FOR_AVATARS, answer_of, upload_answer
from rostra.web.request import RostraRequest
from rostra.web.templating import colours_address

_NAMED = re.compile(r"[0-9a-f]{16}")
FOR_EVER = "public, max-age=31536000, immutable"


@limits.gives_files
@require_safe
def logo(request: RostraRequest, wanted: tuple[str, int]) -> HttpResponse:
    """Give out the picture beside the forum's name; no other has this address."""
    key, step = wanted
    if settings.ROSTRA.logo[:32] != key:
        raise NotFound
    return upload_answer(request, upload_of(key), step, FOR_AVATARS)


@limits.gives_files
@require_safe
def smilie(request: RostraRequest, wanted: tuple[str, int]) -> HttpResponse:
    """Give out a picture that is a smilie, or was one when posts that show it were written."""
    key, step = wanted
    if step:
        raise NotFound
    return answer_of(request, lambda: picture_of(key), f'"{key}"', PICTURE_FORM, FOR_AVATARS)


@limits.gives_files
@require_safe
def colours(request: RostraRequest, key: str) -> HttpResponse:
    """Give out the colours of this moment; kept for ever under the address made of them alone.

    A page that was made before they changed gets those that hold now.
    """
    if not _NAMED.fullmatch(key):
        raise NotFound
    accent = settings.ROSTRA.accent
    answer = HttpResponse(stylesheet(accent), content_type="text/css; charset=utf-8")
    is_named_so = request.path == colours_address(accent)
    answer.headers["Cache-Control"] = FOR_EVER if is_named_so else "no-store"
    return answer
