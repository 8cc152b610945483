"""What all providers' answers have in common, whatever they speak."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from rostra.kernel import http
from rostra.web.accounts import providers

LARGEST = 1_000_000
LONGEST_SUBJECT = 255  # characters that an identity keeps
LONGEST_NAME = 60


class Failed(Exception):
    """The provider's answer is not one to rely on; the text is for the log."""


class Declined(Failed):
    """Whoever is at the browser told the provider not to say who they are."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom a provider vouches for."""

    issuer: str
    subject: str
    email: str  # "" where the provider has not checked it
    name: str


def fetch(
    address: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> Any:
    """Return the JSON at an address of the provider's; raises Failed. No hop is followed."""
    if not providers.is_safe(address):
        raise Failed("not over https")
    # Some refuse whoever does not say what they are.
    told = {"Accept": "application/json", "User-Agent": "Rostra", **(headers or {})}
    try:
        answer = http.fetch(
            address, most=LARGEST, headers=told, form=form, hops=0,
            allowed=http.networks(settings.ROSTRA.reach_inside),
        )  # fmt: skip
        if answer.status != 200:
            raise Failed(f"{urlsplit(address).path}: {answer.status}")
        if not answer.is_whole:
            raise Failed("too long an answer")
        return json.loads(answer.body)
    except (http.Failed, ValueError, RecursionError) as error:
        raise Failed(str(error)[:200]) from error


def an_object(found: Any) -> dict[str, Any]:
    """Return what was fetched, if it is an object; raises Failed."""
    if not isinstance(found, dict):
        raise Failed("no JSON object")
    return found
