"""Keeping what was made in a process's memory, the least used going first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock


class Kept[Key: Hashable, Value]:
    """A dictionary that holds up to so many bytes by the callers' own reckoning.

    Several may use it at once: a value that goes while another looks for it is not found.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.size = 0
        self._held: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Key) -> Value | None:
        """Return what is kept under a key, None for nothing."""
        held = self._held.get(key)
        if held is None:
            return None
        try:
            self._held.move_to_end(key)
        except KeyError:  # it went meanwhile; `suppress` would take longer than the rest of this
            return None
        return held[0]

    def keep(self, key: Key, value: Value, size: int) -> None:
        """Keep a value of so many bytes; what is too large for the half of it all is not kept."""
        if size > self.capacity // 2:
            return
        with self._lock:
            self._drop(key)
            self._held[key] = value, size
            self.size += size
            while self.size > self.capacity:
                _, (_, freed) = self._held.popitem(last=False)
                self.size -= freed

    def drop(self, key: Key) -> None:
        """Keep nothing under a key any more."""
        with self._lock:
            self._drop(key)

    def clear(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._held.clear()
            self.size = 0

    def _drop(self, key: Key) -> None:
        held = self._held.pop(key, None)
        if held is not None:
            self.size -= held[1]
