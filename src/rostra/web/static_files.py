"""Static files by WhiteNoise, before Django is entered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from whitenoise import WhiteNoise

from rostra.web import assets
from rostra.web.headers import FIXED

_HASHED = re.compile(r"[^/]\.[0-9a-f]{12}\.[^/]")


def with_static_files(
    application: Callable[..., Iterable[bytes]],
) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """Return the application with /static/ in front."""
    if not assets.is_current():
        assets.build()

    def add_headers(headers: Any, path: str, url: str) -> None:
        for name, value in FIXED.items():
            headers[name] = value

    noise: Callable[[dict[str, Any], Any], Iterable[bytes]] = WhiteNoise(
        application,
        root=str(assets.BUILT),
        prefix="/static/",
        immutable_file_test=lambda path, url: bool(_HASHED.search(url)),
        add_headers_function=add_headers,
        allow_all_origins=False,
    )
    return noise
