"""Who and which post the opening tag of a quote names, in the ways of nine forum programs."""

from __future__ import annotations

import re
from typing import NamedTuple

_LONGEST = 400
_PAIRS = re.compile(
    r"(?:,\s*(?:post|topic|member|full|username|display|bot|time|date|group)\s*:\s*[^,]*)+\Z", re.I
)
_POST = re.compile(r",\s*post\s*:\s*(\d{1,18})(?!\d)", re.I)
_TOPIC = re.compile(r",\s*topic\s*:\s*(\d{1,18})(?!\d)", re.I)
_SEMICOLON = re.compile(r"(.*);\s*n?(\d{1,18})\s*\Z", re.S)
_ATTRIBUTE = re.compile(
    r"(?:^|\s)(post_id|pid|post|msg_id|message|user_id|uid|time|timestamp|dateline|date|link|author"
    r"|name|url|post_url|userid)=",
    re.I,
)
_POST_ATTRIBUTES = ("post_id", "pid", "post")
_MESSAGE = re.compile(r"msg=?(\d{1,18})(?!.*msg)", re.I)


class Attribution(NamedTuple):
    """Who is quoted as typed, and the key of the quoted post, where one is given."""

    name: str
    key: str | None


def attribution(argument: str) -> Attribution:
    """Read the argument of a quote tag."""
    argument = argument.strip()[:_LONGEST]
    if _ATTRIBUTE.search(argument):
        return _from_attributes(argument)
    text = unquoted(argument)
    if pairs := _PAIRS.search(text):
        posts, topics = _POST.findall(pairs[0]), _TOPIC.findall(pairs[0])
        name = text[: pairs.start()].strip()
        if posts:
            post = posts[-1].lstrip("0") or "0"
            return Attribution(name, f"{topics[-1].lstrip('0')}:{post}" if topics else post)
        return Attribution(name, None)
    if found := _SEMICOLON.match(text):
        return Attribution(found[1].strip(), found[2].lstrip("0") or "0")
    return Attribution(text, None)


def unquoted(text: str) -> str:
    """Take away the quotation marks that surround an argument."""
    text = text.strip()
    for sign in ('"', "'", "&quot;"):
        if text.startswith(sign) and text.endswith(sign) and len(text) >= 2 * len(sign):
            return text[len(sign) : -len(sign)].strip()
    return text


def _from_attributes(argument: str) -> Attribution:
    found = list(_ATTRIBUTE.finditer(argument))
    name = unquoted(argument[: found[0].start()])
    key: str | None = None
    for here, after in zip(found, [*found[1:], None], strict=True):
        value = unquoted(argument[here.end() : after.start() if after else len(argument)])
        attribute = here[1].lower()
        if attribute in ("author", "name") and not name:
            name = value
        elif attribute in _POST_ATTRIBUTES and value.isascii() and value.isdigit():
            key = value[:18].lstrip("0") or "0"
        elif attribute == "link" and (message := _MESSAGE.search(value)):
            key = message[1]
    return Attribution(name, key)
