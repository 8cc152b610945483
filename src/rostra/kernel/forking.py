"""A child of a process opens connections of its own, and leaves its parent's alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from django.db import connections

from rostra.kernel import dialect
from rostra.kernel.sqlite3 import base

_in_child: list[Callable[[], None]] = []
_of_parents: list[Any] = []


def _before() -> None:
    _in_child.append(base.keep_from_children())


def _after_in_parent() -> None:
    _in_child.clear()


def _after_in_child() -> None:
    for keep in _in_child:
        keep()
    _in_child.clear()
    _of_parents.append(dialect.forget_parent())
    for wrapper in connections.all(initialized_only=True):
        _of_parents.append(wrapper.connection)  # never closed here: the parent uses it
        wrapper.connection = None
        wrapper.in_atomic_block = False
        wrapper.savepoint_ids, wrapper.atomic_blocks, wrapper.run_on_commit = [], [], []
        if isinstance(wrapper, base.DatabaseWrapper):
            _of_parents.append(wrapper.turns)
            wrapper.turns = None
        pools = getattr(wrapper, "_connection_pools", None)
        if pools:
            _of_parents.extend(pools.values())
            pools.clear()


def watch() -> None:
    """From now on every child of this process is looked after. Call once."""
    os.register_at_fork(
        before=_before, after_in_parent=_after_in_parent, after_in_child=_after_in_child
    )
