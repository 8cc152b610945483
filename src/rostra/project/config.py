"""Configuration: the environment, or one rostra.toml. Anything unknown or wrong stops the start."""

from __future__ import annotations

import difflib
import os
import re
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from rostra.forum.choices.colours import COLOUR, is_readable, nearest
from rostra.forum.choices.rules import PICTURE, SETTINGS
from rostra.forum.sanctions.rules import USUAL_STEPS, steps_in
from rostra.forum.uploads.rules import quotas_in
from rostra.web.accounts.providers import all_in, oauth_in, openid_in

EXAMPLE_SECRETS = ("change-me", "changeme", "secret", "example", "only-for", "insecure")


type LogRequests = Literal["none", "slow", "all"]
type RemoteImages = Literal["link", "proxy", "copy"]
type Registration = Literal["open", "confirmed", "approved", "invitation", "closed"]


class ConfigError(Exception):
    """A setting is unknown or wrong; the text names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the operator chose. In the environment ROSTRA_ and the name in capitals."""

    data: Path = Path("var")  # database, uploads, secret; one folder to back up
    base_url: str = "http://localhost:8000"  # how the forum is reached from outside
    site_name: str = "Rostra"  # shown in the bar and in titles
    site_description: str = ""  # what the forum is for, in a sentence
    logo: str = ""  # the picture beside the name; it is brought on the web
    logo_text: str = ""  # what stands for it where it is not seen
    accent: str = ""  # colour of links and buttons, such as #2f4a9e; empty: the usual one
    database_url: str = ""  # postgresql://user:password@host/name; empty: SQLite in `data`
    secret_key: str = ""  # empty: made on the first start, kept in `data`
    listen: str = "127.0.0.1:8000"  # address and port
    workers: int = 1  # web processes
    threads: int = 4  # requests at once in a process
    kept_pages: int = 32  # megabytes of guests' pages kept in a process; 0: none
    trusted_proxies: str = ""  # proxies whose X-Forwarded-For counts: networks, by comma
    requests_per_minute: int = 300  # pages made for one address or member; kept ones are free
    read_only_mode: str = "off"  # on: only administrators may change anything, all others read
    guests_wait: str = "on"  # in a rush, for pages that have to be made; off: for load tests
    posting_limits: str = "on"  # how fast and how much members may write; off: for load tests
    posts_in_a_row: int = 3  # of one member, until somebody else answers or a day is over; 0: any
    cooling: str = "on"  # whether threads that run hot pause for ten minutes by themselves
    held_first_posts: int = 0  # of a new member, that wait for approval; 0: none
    warning_steps: str = USUAL_STEPS  # where the points of warnings lead
    clean_posts: int = 300  # members with more posts are none whose traces go at once
    clean_days: int = 60  # nor those who are here for longer
    clean_reactions: int = 20  # nor those whose reactions come to more
    spam_signals: str = "on"  # whether newcomers' posts are looked at for signs of spam
    edit_grace_minutes: int = 5  # an author's edits this soon leave no mark
    edit_hours_new: int = 24  # how long newcomers may change a post of theirs
    edit_days: int = 30  # how long all others may
    upload_megabytes: int = 4  # the largest picture or file that members may bring
    upload_quotas: str = "50/1000"  # megabytes a day / in all; for groups: Name=200/5000, by ;
    upload_store: str = ""  # s3://KEY:SECRET@HOST/BUCKET?region=…; empty: `uploads` in `data`
    search_per_minute: int = 30  # searches by one address or member; suggestions five times that
    language: str = "en"  # where the browser asks for none that there is
    ai_crawlers: str = "allow"  # what robots.txt says to who reads for language models; refuse
    embeds: str = "youtube,vimeo"  # players that may be shown after a click
    backup_nightly: int = 5  # nightly backups kept in the data folder's `backups`; 0: none made
    mail_url: str = ""  # smtp://, smtp+starttls:// or smtps://; empty: console and a folder
    mail_from: str = ""  # who mail comes from; empty: forum@ and the host of base_url
    registration: Registration = "open"  # open, confirmed, approved, invitation or closed
    signup_question: str = ""  # something only your people know; empty: none is asked
    signup_answer: str = ""  # its answer, or several by |
    moderators: str = "labels"  # how the moderation log names who acted: labels, or names
    guest_reports: str = "on"  # off: only members may report what breaks the rules
    signups_per_day: int = 3  # new accounts for one address
    fetch_links: str = "off"  # on: articles that members link to are read, for cards and copies
    remote_images: RemoteImages = "link"  # of other sites in posts: link; proxy: shown from here
    remote_images_megabytes: int = 500  # of them that proxy keeps
    reach_inside: str = ""  # what requests to the outside may reach inside: networks, by comma
    oidc: str = ""  # who may vouch for members: key=…&name=…&issuer=…&client=…&secret=…, by ;
    oauth: str = ""  # those that speak OAuth 2 alone: like=github&client=…&secret=…, by ;
    log_level: str = "info"  # debug, info, warning or error
    log_format: str = "text"  # text, or json: one object a line
    log_requests: LogRequests = "slow"  # none, slow (a second or more, and failed ones) or all
    metrics_listen: str = ""  # address and port for Prometheus, such as 127.0.0.1:9100; empty: none


def load(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Config:
    """Return the configuration; raises ConfigError naming the setting and a hint."""
    environ = os.environ if environ is None else environ
    found: dict[str, Any] = {}
    path = file_of(environ, folder)
    if path.exists():
        found.update(_from_file(path))
    elif "ROSTRA_CONFIG" in environ:
        raise ConfigError(f"ROSTRA_CONFIG names {path}, which does not exist")
    found.update(_from_environment(environ))
    return _checked(found)


def set_in(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> dict[str, str]:
    """Return the names of the settings that are set → where: file or environment."""
    environ = os.environ if environ is None else environ
    path = file_of(environ, folder)
    found = dict.fromkeys(_from_file(path) if path.exists() else (), "file")
    return found | dict.fromkeys(_from_environment(environ), "environment")


def file_of(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Path:
    """Return the file of settings that counts, whether there is one or not."""
    environ = os.environ if environ is None else environ
    return Path(environ.get("ROSTRA_CONFIG") or (folder or Path.cwd()) / "rostra.toml")


def secret_of(config: Config) -> str:
    """Return the secret key: the one configured, or the one kept in the data folder."""
    if config.secret_key:
        return config.secret_key
    path = config.data / "secret"
    if not path.exists():
        config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The file has its mode from its first byte on; a second starter finds it or waits its turn.
        fresh = path.with_name(f"secret.{secrets.token_hex(8)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    text = path.read_text().strip()
    if len(text) < 64:
        raise ConfigError(f"{path} is too short for a secret: delete it to have a new one made")
    return text


def _from_file(path: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    for key in found:
        if key not in _NAMES:
            raise ConfigError(f"{path}: unknown setting “{key}”{_hint(key)}")
    return found


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for variable, value in environ.items():
        if variable == "DATABASE_URL":
            found["database_url"] = value
        elif variable.startswith("ROSTRA_") and variable not in _OUTSIDE:
            key = variable.removeprefix("ROSTRA_").lower()
            if key not in _NAMES:
                raise ConfigError(f"unknown setting {variable}{_hint(key)}")
            found[key] = value
    return found


def _checked(found: Mapping[str, Any]) -> Config:
    values: dict[str, Any] = {}
    for key, value in found.items():
        try:
            check: Callable[[Any], Any] = _CHECKS.get(key, _text)
            values[key] = check(value)
        except ValueError as error:
            raise ConfigError(f"setting “{key}”: {error}") from error
    config = Config(**values)
    try:
        all_in(config.oidc, config.oauth)
    except ValueError as error:
        raise ConfigError(f"setting “oauth”: {error}") from error
    return config


def _hint(key: str) -> str:
    near = difflib.get_close_matches(key, _NAMES, n=1)
    return f": do you mean “{near[0]}”?" if near else f"; there are: {', '.join(sorted(_NAMES))}"


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text, in quotes")
    return value


def _between(lowest: int, highest: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not str(value).isascii() or not str(value).isdecimal():
            raise ValueError(f"must be a whole number from {lowest} to {highest}, not {value!r}")
        if not lowest <= int(value) <= highest:
            raise ValueError(f"must be from {lowest} to {highest}, not {value}")
        return int(value)

    return check


def _base_url(value: Any) -> str:
    parts = urlsplit(_text(value))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must begin with http:// or https:// and name a host")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ValueError("must be scheme and host alone, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _mail_url(value: Any) -> str:
    if not _text(value):
        return ""
    parts = urlsplit(value)
    if parts.scheme not in ("smtp", "smtp+starttls", "smtps") or not parts.hostname:
        raise ValueError("must begin with smtp://, smtp+starttls:// or smtps:// and name a host")
    _ = parts.port  # raises where it is no number
    return str(value)


def _mail_from(value: Any) -> str:
    if value and not _ADDRESS.fullmatch(_text(value)):
        raise ValueError("must be one plain address of mail, such as forum@forum.example")
    return _text(value)


def _oidc(value: Any) -> str:
    openid_in(_text(value))
    return str(value)


def _oauth(value: Any) -> str:
    oauth_in(_text(value))
    return str(value)


def _listen(value: Any) -> str:
    host, _, port = _text(value).rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError("must be an address and a port, such as 127.0.0.1:8000")
    return f"{host}:{port}"


def _secret(value: Any) -> str:
    if len(_text(value)) < 32:
        raise ValueError("must have at least 32 characters; leave it out to have one made")
    if any(word in value.lower() for word in EXAMPLE_SECRETS):
        raise ValueError("is an example from a document; leave it out to have one made")
    return str(value)


def _one_of(*allowed: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}, not {value!r}")
        return str(value)

    return check


def _embeds(value: Any) -> str:
    wanted = [word.strip() for word in _text(value).split(",") if word.strip()]
    for word in wanted:
        if word not in ("youtube", "vimeo"):
            raise ValueError(f"knows youtube and vimeo, not {word!r}")
    return ",".join(wanted)


def _database_url(value: Any) -> str:
    parts = urlsplit(_text(value))
    if value and parts.scheme not in ("postgresql", "postgres"):
        raise ValueError("must begin with postgresql:// (or be left out for SQLite)")
    _ = parts.port  # raises where it is no number
    return str(value)


def _line(shortest: int, longest: int) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not shortest <= len(_text(value)) <= longest or not value.isprintable():
            raise ValueError(f"must be one line of {shortest} to {longest} characters")
        return str(value)

    return check


def _accent(value: Any) -> str:
    if value and not COLOUR.fullmatch(_text(value)):
        raise ValueError("must be such as #2f4a9e")
    if value and not is_readable(value):
        raise ValueError(f"cannot be read on white; the nearest that can is {nearest(value)}")
    return _text(value)


def _logo(value: Any) -> str:
    if value and not PICTURE.fullmatch(_text(value)):
        raise ValueError("must be a picture that was brought on the web")
    return _text(value)


def _steps(value: Any) -> str:
    steps_in(_text(value))
    return str(value)


def _quotas(value: Any) -> str:
    quotas_in(_text(value))
    return str(value)


def _store(value: Any) -> str:
    if _text(value):
        parts = urlsplit(value)
        if parts.scheme not in ("s3", "s3+http") or not parts.hostname:
            raise ValueError("must begin with s3:// and name a host and a bucket")
        if not re.fullmatch(r"/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/?", parts.path):
            raise ValueError("must name one bucket behind its host")
        _ = parts.port  # raises where it is no number
    return str(value)


def _networks(value: Any) -> str:
    for word in filter(None, (part.strip() for part in _text(value).split(","))):
        try:
            ip_network(word)
        except ValueError as error:
            raise ValueError(f"must be addresses or networks by comma, not {word!r}") from error
    return str(value)


_ADDRESS = re.compile(r"\A[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_NAMES = frozenset(field.name for field in fields(Config))
_OUTSIDE = frozenset({"ROSTRA_CONFIG", "ROSTRA_TEST_DATA", "ROSTRA_TEST_DATABASE_URL"})
_CHECKS: dict[str, Callable[[Any], Any]] = {
    **{one.name: _between(*one.bounds) for one in SETTINGS if one.kind == "whole"},
    **{one.name: _one_of(*one.options) for one in SETTINGS if one.kind == "choice"},
    **{one.name: _line(*one.bounds) for one in SETTINGS if one.kind == "line"},
    "accent": _accent,
    "logo": _logo,
    "warning_steps": _steps,
    "data": lambda value: Path(_text(value)).expanduser().absolute(),
    "base_url": _base_url,
    "listen": _listen,
    "workers": _between(1, 64),
    "threads": _between(2, 64),
    "kept_pages": _between(0, 4096),
    "requests_per_minute": _between(10, 1_000_000),
    "search_per_minute": _between(1, 100_000),
    "guests_wait": _one_of("on", "off"),
    "posting_limits": _one_of("on", "off"),
    "upload_quotas": _quotas,
    "upload_store": _store,
    "backup_nightly": _between(0, 1000),
    "secret_key": _secret,
    "embeds": _embeds,
    "log_format": _one_of("text", "json"),
    "log_requests": _one_of("none", "slow", "all"),
    "oidc": _oidc,
    "oauth": _oauth,
    "mail_url": _mail_url,
    "mail_from": _mail_from,
    "metrics_listen": lambda value: _listen(value) if value else "",
    "log_level": _one_of("debug", "info", "warning", "error"),
    "database_url": _database_url,
    "trusted_proxies": _networks,
    "reach_inside": _networks,
}
