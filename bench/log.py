"""How long checking the moderation log takes: python -m bench.log FOLDER [--entries N].

FOLDER is an empty forum's, made here; its log is filled with entries as acts leave them, then
`rostra log verify` is run, as the operator would: with the start of Python, in seconds.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from datetime import timedelta
from itertools import batched
from pathlib import Path
from typing import Any


def main() -> None:
    """Fill, check, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--entries", type=int, default=100_000)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    os.environ["ROSTRA_DATA"] = str(args.folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "rostra.project.settings"
    command = [sys.executable, "-m", "rostra.project.cli"]
    subprocess.run([*command, "manage", "migrate", "-v0"], check=True)
    import django

    django.setup()
    fill(args.entries)
    started = time.monotonic()
    subprocess.run([*command, "log", "verify"], check=True)
    print(f"{args.entries} entries in {time.monotonic() - started:.2f} s")


def fill(count: int) -> None:
    """Write entries that cite a rule, with reason, actor and subject."""
    from django.db import transaction

    from rostra.forum.modlog import chain
    from rostra.forum.modlog.models import LogEntry, LogHead, LogText
    from rostra.kernel import clock

    head, hash_ = LogHead.objects.get_or_create(id=1)[0], chain.FIRST_PREV
    if head.n:
        raise SystemExit("this forum has a log already")
    now = clock.now()
    for numbers in batched(range(1, count + 1), 1000, strict=False):
        entries, texts = [], []
        for n in numbers:
            plain = {"reason": f"Number {n}: says of all what one did.", "actor": "7"}
            plain["subject"] = str(n % 900)
            salt, at = n.to_bytes(chain.SALT_BYTES, "big"), now + timedelta(seconds=n)
            commits = {name: chain.commitment(salt, value) for name, value in plain.items()}
            public: dict[str, Any] = {
                "n": n, "prev": hash_, "kind": "post.remove", "at": at.isoformat(),
                "role": "moderator", "origin": "report", "by": 1, "board": 3, "thread": n % 5000,
                "post": n, "facts": {"number": n % 80}, "rule": {"code": "R2", "version": 1},
                "commit": commits.pop("reason"), "commits": commits,
            }  # fmt: skip
            hash_ = chain.digest(public)
            entries.append(
                LogEntry(
                    n=n, at=at, kind="post.remove", board_id=3, thread_id=n % 5000, post_id=n,
                    by=1, rule="R2", public=public, hash=hash_,
                )
            )  # fmt: skip
            texts += [
                LogText(entry_id=n, field=name, salt=salt, value=value)
                for name, value in plain.items()
            ]
        with transaction.atomic():
            LogEntry.objects.bulk_create(entries)
            LogText.objects.bulk_create(texts)
    LogHead.objects.update(n=count, hash=hash_)


if __name__ == "__main__":
    main()
