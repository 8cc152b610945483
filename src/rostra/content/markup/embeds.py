"""Videos: which addresses become a player that is opened by a click, and how it is written."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from rostra.content.markup.links import REL
from rostra.content.markup.text import escape, escape_value

_YOUTUBE_HOSTS = frozenset({
    "youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com",
    "youtube-nocookie.com", "www.youtube-nocookie.com",
})  # fmt: skip
_VIMEO_HOSTS = frozenset({"vimeo.com", "www.vimeo.com", "player.vimeo.com"})
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_YOUTUBE_PATH = re.compile(r"/(?:shorts|live|embed|v|e)/([A-Za-z0-9_-]{11})/?")
_VIMEO_PATH = re.compile(r"/(?:video/|channels/\w+/|groups/\w+/videos/)?([0-9]{1,15})/?")
_TIME = re.compile(r"(?:([0-9]{1,2})h)?(?:([0-9]{1,3})m)?(?:([0-9]{1,6})s?)?")


def embed(url: str) -> str | None:
    """Write the player for a video's address, or None when it is not one's exact address."""
    if ("youtu" not in url and "vimeo" not in url) or len(url) > 300 or not url.isascii():
        return None
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    start = _seconds(query, parts.fragment)
    if parts.netloc == "youtu.be":
        return video("youtube", parts.path[1:].removesuffix("/"), start)
    if parts.netloc in _YOUTUBE_HOSTS:
        return video("youtube", _youtube_id(parts.path, query), start)
    if parts.netloc in _VIMEO_HOSTS and (found := _VIMEO_PATH.fullmatch(parts.path)):
        return video("vimeo", found[1], start)
    return None


def video(provider: str, key: str, start: int = 0) -> str | None:
    """Write the player for a provider's video by its id, or None for an id that is not one."""
    if provider == "youtube" and _YOUTUBE_ID.fullmatch(key):
        address = f"https://www.youtube.com/watch?v={key}" + (f"&t={start}" if start else "")
    elif provider == "vimeo" and key.isascii() and key.isdigit() and len(key) <= 15:
        address = f"https://vimeo.com/{key}" + (f"#t={start}s" if start else "")
    else:
        return None
    seconds = f' data-start="{start}"' if start else ""
    shown = escape(address)
    return (
        f'<rostra-embed data-provider="{provider}" data-video="{key}"{seconds}>'
        f'<a href="{escape_value(address)}" rel="{REL}">{shown}</a></rostra-embed>'
    )


def _youtube_id(path: str, query: dict[str, list[str]]) -> str:
    if path in ("/watch", "/watch/"):
        return query.get("v", [""])[0]
    found = _YOUTUBE_PATH.fullmatch(path)
    return found[1] if found else ""


def _seconds(query: dict[str, list[str]], fragment: str) -> int:
    typed = (query.get("t") or query.get("start") or [fragment.removeprefix("t=")])[0]
    found = _TIME.fullmatch(typed)
    if not found:
        return 0
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return min(hours * 3600 + minutes * 60 + seconds, 999_999)
