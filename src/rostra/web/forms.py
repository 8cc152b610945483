"""Reading a form: the fields it has and no others, each once, each a text."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from rostra.kernel.errors import Invalid

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (the name of the field)


def fields(request: HttpRequest, *names: str) -> dict[str, str]:
    """Return the named fields of a form, "" for an absent one.

    Raises Invalid for a field that is not of the form, or that comes twice (SEC-064).
    """
    for name, values in request.POST.lists():
        if name != TOKEN and (name not in names or len(values) != 1):
            raise Invalid({"form": "unknown_field"})
    if request.FILES:
        raise Invalid({"form": "unknown_field"})
    return {name: request.POST.get(name, "") for name in names}


def see_other(address: str) -> HttpResponse:
    """Send the browser on after a form."""
    return HttpResponse(status=303, headers={"Location": address})
