from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rostra.reading.log_page import log_page
from rostra.web import query
from rostra.web.moderation.kinds import WORDS, in_words
from rostra.web.request import RostraRequest


@require_safe
def log(request: RostraRequest) -> HttpResponse:
    """Show the moderation log, newest first."""
    page = log_page(
        request.viewer,
        kind=query.words(request, "kind", 40),
        before=query.whole(request, "before"),
        after=query.whole(request, "after"),
    )
    return render(
        request, "moderation/log.html", {"page": page, "kinds": WORDS, "kind_in_words": in_words}
    )
