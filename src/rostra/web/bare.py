"""Answers for when not even a template can be trusted."""

from django.http import HttpResponse


def bare(status: int, code: str = "") -> HttpResponse:
    """Return an answer for when not even a template can be trusted."""
    words = {
        400: "Bad request",
        403: "Not allowed",
        404: "Not found",
        429: "Too many requests",
    }.get(status, "Server error")
    return HttpResponse(f"{words}. {code}\n", status=status, content_type="text/plain")
