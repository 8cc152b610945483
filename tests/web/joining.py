"""Filling in the form to join, as a browser with or without scripts does."""

from __future__ import annotations

import hashlib
import re

from rostra.web.accounts import defences

PASSWORD = "seven grey herons"


def solved(challenge: str) -> str:
    """Return what a browser's script finds."""
    found = []
    for index in range(defences.PUZZLES):
        number = 0
        while True:
            digest = hashlib.sha256(f"{challenge}:{index}:{number}".encode()).digest()
            if not int.from_bytes(digest[:4]) >> (32 - defences.BITS):
                break
            number += 1
        found.append(str(number))
    return ",".join(found)


def filled_in(web, address="/account/join", *, proof=True, **typed):
    """Open the form; return what would be sent."""
    page = web.get(address).text
    slip = re.search(r'name="slip" value="([^"]+)"', page)[1]
    challenge = re.search(r'data-challenge="([^"]+)"', page)[1]
    return {
        "slip": slip,
        "proof": solved(challenge) if proof else "",
        "website": "",
        "name": "Wren",
        "password": PASSWORD,
    } | typed
