"""Code run inside a forum of its own, as its operator would run it."""

from __future__ import annotations

import subprocess
import sys


def start(code: str, environ: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "rostra.project.cli", "manage", "shell", "-v0", "-c", code],
        env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def run(code: str, environ: dict[str, str]) -> str:
    process = start(code, environ)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out.strip()
