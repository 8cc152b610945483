"""Debian's Chromium as tests and benches start it: the one without windows where it is installed.

`chromium-headless-shell` is the same engine; a journey takes two thirds of the time in it.
"""

from __future__ import annotations

import shutil

PATH = shutil.which("chromium-headless-shell") or shutil.which("chromium") or "chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
