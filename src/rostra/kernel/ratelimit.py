"""How often somebody may ask for what costs something: a bucket of tokens for each asker.

Kept in the memory of a process, so that asking writes nothing; several processes each count alone.
"""

from __future__ import annotations

import math
import time
from ipaddress import IPv6Address, ip_address
from threading import Lock

from rostra.kernel.errors import TooMany

MOST_KEPT = 50_000  # askers; the emptiest memory is of those who have not asked for long


class Limit:
    """So many a minute, and as many at once."""

    def __init__(self, per_minute: int) -> None:
        self.per_second = per_minute / 60
        self.most = float(per_minute)
        self._left: dict[str, tuple[float, float]] = {}  # asker → tokens left, and when
        self._lock = Lock()

    def take(self, asker: str, now: float | None = None) -> None:
        """Take one token of this asker's; raises TooMany where there is none."""
        now = time.monotonic() if now is None else now
        with self._lock:
            tokens, at = self._left.pop(asker, (self.most, now))
            tokens = min(self.most, tokens + (now - at) * self.per_second)
            is_free = tokens >= 1
            # Put in again at the end: the dictionary stays in the order of the last asking.
            self._left[asker] = (tokens - 1 if is_free else tokens, now)
            if len(self._left) > MOST_KEPT:
                del self._left[next(iter(self._left))]
        if not is_free:
            raise TooMany(math.ceil((1 - tokens) / self.per_second))

    def forget(self) -> None:
        """Let everybody begin anew; for tests."""
        self._left.clear()


def network_of(address: str) -> str:
    """Return what stands for an address: itself, or the /64 an IPv6 host has to itself."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(IPv6Address(int(found) >> 64 << 64)) + "/64"
    return str(found)
