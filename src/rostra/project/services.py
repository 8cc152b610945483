"""What the forum stands on, as Django has it described: the database, and how mail is sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from rostra.project.config import Config


def database_of(config: Config) -> dict[str, Any]:
    """Return Django's description of the database."""
    if config.database_url:
        return _postgresql(config.database_url, config.threads)
    return {
        "ENGINE": "rostra.kernel.sqlite3",
        "NAME": config.data / "rostra.sqlite3",
        "CONN_MAX_AGE": None,  # opening one costs more than reading a page
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            # Mapped: what is read of the file's first 96 MB counts as memory of every worker.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA cache_size=-16000; PRAGMA mmap_size=100663296; PRAGMA temp_store=MEMORY"
            ),
        },
    }


def mailers_of(config: Config) -> dict[str, Any]:
    """Return Django's description of how mail is sent: by SMTP, or into a folder and shown."""
    if not config.mail_url:
        backend = "rostra.kernel.mailing.FolderBackend"
        return {"default": {"BACKEND": backend, "OPTIONS": {"folder": config.data / "mail"}}}
    parts = urlsplit(config.mail_url)
    ports = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
    options: dict[str, Any] = {
        "host": parts.hostname or "",
        "port": parts.port or ports[parts.scheme],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp+starttls",
        "use_ssl": parts.scheme == "smtps",
        "timeout": 20,
    }
    backend = "django.core.mail.backends.smtp.EmailBackend"
    return {"default": {"BACKEND": backend, "OPTIONS": options}}


def _postgresql(url: str, threads: int) -> dict[str, Any]:
    parts = urlsplit(url)
    options: dict[str, Any] = {"pool": {"min_size": 0, "max_size": threads + 2, "timeout": 10}}
    for pair in filter(None, parts.query.split("&")):
        key, _, value = pair.partition("=")
        options[key] = unquote(value)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }
