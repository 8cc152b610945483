"""Mail: one letter to one address, and where it goes while nobody has set up a server for it."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Mapping, Sequence
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from rostra.kernel.text import one_line

LONGEST_SUBJECT = 180
KEPT = 500  # letters in the folder
_PLAIN = re.compile(r"\A[^\s\x00-\x20()<>,;:\\\"\[\]@\x7f]+@[^\s\x00-\x20()<>,;:\\\"@\x7f]+")


class _Policy(policy.EmailPolicy):
    """Python's, but for addresses in headers: broken into encoded words no mail program finds them.

    What is stored in a header holds no line end: the policy refuses it (SEC-111).
    """

    def fold(self, name: str, value: str) -> str:
        if name.lower() != "list-unsubscribe":
            return str(super().fold(name, value))
        return f"{name}: {value}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


class _Letter(EmailMultiAlternatives):
    def message(self, *, policy: Any = policy.default) -> EmailMessage:
        """Return the letter as it goes out."""
        written: EmailMessage = super().message(policy=_Policy(linesep=policy.linesep))
        return written


class FolderBackend(BaseEmailBackend):
    """Shows each letter on the console and keeps it in a folder, for its owner's eyes only."""

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__(**options)
        self.folder = folder

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        """Keep and show; return how many."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            body = message.message(policy=policy.SMTP).as_bytes()
            name = f"{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 10**9:09}.eml"
            handle = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(body)
            sys.stdout.write(
                f"── mail to {', '.join(message.to)}: {message.subject}\n{message.body}\n──\n"
            )
            sys.stdout.flush()
        for old in sorted(self.folder.glob("*.eml"))[:-KEPT]:
            old.unlink(missing_ok=True)
        return len(email_messages)


def is_kept_here() -> bool:
    """Return whether mail stays on this machine, as nobody has named a server for it."""
    return not settings.ROSTRA.mail_url


def send(
    to: str, subject: str, text: str, html: str = "", headers: Mapping[str, str] | None = None
) -> None:
    """Send one letter to one address; raises what the server of mail raises.

    Made by Python's modern classes alone, whose policy refuses what would break out of a header.
    """
    if not _PLAIN.fullmatch(to):
        raise ValueError("not one plain address")
    letter = _Letter(
        subject=one_line(subject)[:LONGEST_SUBJECT],
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        headers={"Auto-Submitted": "auto-generated", **(headers or {})},
    )
    if html:
        letter.attach_alternative(html, "text/html")
    letter.send()
