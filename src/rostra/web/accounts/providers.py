"""Who may vouch for members, as the settings `oidc` and `oauth` say it. Pure.

A setting is parts by `;`, each a query of its own: `key=acme&client=…&secret=…`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

_KEY = re.compile(r"[a-z0-9-]{1,30}")
_LONGEST_ISSUER = 300  # what an identity keeps of it
_CHANGING = frozenset(
    {"acct", "email", "login", "mail", "name", "nick", "nickname", "preferred_username"}
    | {"screen_name", "user_name", "username"}
)


class OpenID(NamedTuple):
    """A provider of OpenID Connect: its own page says where everything is."""

    key: str
    name: str
    issuer: str
    client_id: str
    secret: str


class OAuth(NamedTuple):
    """A provider that speaks OAuth 2 alone: where everything is stands here."""

    key: str
    name: str
    issuer: str
    client_id: str
    secret: str
    authorize: str
    token: str
    user: str  # where it says whose a token is
    emails: str = ""  # where it lists somebody's addresses of mail, if not there
    scope: str = ""
    subject: str = "id"  # in what `user` says; "data.id" within another object
    called: str = ""  # the name to begin with; not who somebody is
    email: str = ""
    checked: str = ""  # whether it has checked the address; without it none is taken
    is_basic: bool = False  # client and secret go into a header, not into the form


type Provider = OpenID | OAuth

_LIKE = {
    "github": {
        "name": "GitHub",
        "issuer": "https://github.com/login/oauth",
        "authorize": "https://github.com/login/oauth/authorize",
        "token": "https://github.com/login/oauth/access_token",
        "user": "https://api.github.com/user",
        "emails": "https://api.github.com/user/emails",
        "scope": "user:email",
        "called": "login",
    },
    "discord": {
        "name": "Discord",
        "issuer": "https://discord.com",
        "authorize": "https://discord.com/oauth2/authorize",
        "token": "https://discord.com/api/oauth2/token",
        "user": "https://discord.com/api/v10/users/@me",
        "scope": "identify email",
        "called": "username",
        "email": "email",
        "checked": "verified",
    },
}
_ALWAYS = {"client", "secret"}
_NEEDED = {"key", "issuer", "authorize", "token", "user", *_ALWAYS}
_MORE = {"name", "emails", "scope", "id", "called", "email", "checked", "basic"}


@lru_cache(maxsize=8)
def openid_in(text: str) -> Mapping[str, OpenID]:
    """Return the providers of a setting by key, in order; raises ValueError where it is wrong."""
    found: dict[str, OpenID] = {}
    for words in _parts(text):
        if not {"key", "issuer", *_ALWAYS} <= words.keys() <= {"key", "name", "issuer", *_ALWAYS}:
            raise ValueError("must have key, issuer, client and secret, and may have a name")
        _look_at(words, ["issuer"], found)
        key = words["key"]
        found[key] = OpenID(
            key, words.get("name", key), words["issuer"], words["client"], words["secret"]
        )
    return found


@lru_cache(maxsize=8)
def oauth_in(text: str) -> Mapping[str, OAuth]:
    """Return the providers of a setting by key, in order; raises ValueError where it is wrong."""
    found: dict[str, OAuth] = {}
    for given in _parts(text):
        words = _whole(given)
        _look_at(words, ["issuer", "authorize", "token", "user", "emails"], found)
        subject = words.get("id", "id")
        if subject.rpartition(".")[2].lower() in _CHANGING:
            raise ValueError(f"must name as id what never changes, which {subject!r} may")
        if ("email" in words) != ("checked" in words):
            raise ValueError("must have email and checked together: only checked ones are taken")
        if words.get("basic", "yes") != "yes":
            raise ValueError("must have basic=yes, or no basic")
        found[words["key"]] = OAuth(
            key=words["key"],
            name=words.get("name", words["key"]),
            issuer=words["issuer"],
            client_id=words["client"],
            secret=words["secret"],
            authorize=words["authorize"],
            token=words["token"],
            user=words["user"],
            emails=words.get("emails", ""),
            scope=words.get("scope", ""),
            subject=subject,
            called=words.get("called", ""),
            email=words.get("email", ""),
            checked=words.get("checked", ""),
            is_basic="basic" in words,
        )
    return found


def all_in(openid: str, oauth: str) -> dict[str, Provider]:
    """Return those of both settings; raises ValueError where two cannot be told apart."""
    found: dict[str, Provider] = {**openid_in(openid)}
    for key, provider in oauth_in(oauth).items():
        if key in found or any(one.issuer == provider.issuer for one in found.values()):
            raise ValueError(f"must have another key and issuer than oidc, and {key!r} has not")
        found[key] = provider
    return found


def _parts(text: str) -> list[dict[str, str]]:
    found = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        words = parse_qs(part, strict_parsing=True)
        if any(len(values) > 1 for values in words.values()):
            raise ValueError("must not say the same twice")
        found.append({name: values[0] for name, values in words.items()})
    return found


def _whole(given: Mapping[str, str]) -> dict[str, str]:
    """Return one part with what is known of sites like it."""
    if "like" not in given:
        if not given.keys() >= _NEEDED:
            raise ValueError(f"must have {', '.join(sorted(_NEEDED))}; or like, client and secret")
        if more := given.keys() - _NEEDED - _MORE:
            raise ValueError(f"knows no {', '.join(sorted(more))}")
        return dict(given)
    if given["like"] not in _LIKE:
        raise ValueError(f"knows {' and '.join(_LIKE)}, and must describe all others")
    if not {"like", *_ALWAYS} <= given.keys() <= {"like", "key", "name", *_ALWAYS}:
        raise ValueError("must have client and secret beside like, and may have key and name")
    known = {"key": given["like"], **_LIKE[given["like"]]}
    return known | {name: value for name, value in given.items() if name != "like"}


def _look_at(words: Mapping[str, str], addresses: list[str], found: Mapping[str, Provider]) -> None:
    if not _KEY.fullmatch(words["key"]):
        raise ValueError("must have keys of small letters, digits and hyphens")
    for name in addresses:
        if name in words and (not is_safe(words[name]) or "#" in words[name]):
            raise ValueError(f"must have addresses that begin with https://, and {name} does not")
    if len(words["issuer"]) > _LONGEST_ISSUER:
        raise ValueError(f"must have issuers of at most {_LONGEST_ISSUER} characters")
    if words["key"] in found or any(one.issuer == words["issuer"] for one in found.values()):
        raise ValueError("must not have a key or an issuer twice")


def is_safe(address: str) -> bool:
    """Return whether tokens may be sent there: over https, or within this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_here = parts.hostname in ("localhost", "127.0.0.1")
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_here)
    )
