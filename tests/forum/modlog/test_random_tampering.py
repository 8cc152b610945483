"""A thousand tamperings with a log, each found at its first bad entry. Pure."""

from __future__ import annotations

import random

from rostra.forum.modlog import chain

LENGTH = 60


def _log() -> list[chain.Link]:
    links, prev = [], chain.FIRST_PREV
    for n in range(1, LENGTH + 1):
        salt, reason = bytes([n] * chain.SALT_BYTES), f"Reason number {n}."
        commit = chain.commitment(salt, reason)
        entry = {"n": n, "prev": prev, "kind": "post.remove", "post": n * 7, "commit": commit}
        prev = chain.digest(entry)
        links.append(chain.Link(n, entry, prev, ((commit, salt, reason),)))
    return links


def _tampered(
    links: list[chain.Link], at: int, how: str, chance: random.Random
) -> tuple[list[chain.Link], int]:
    """Return a log with one wrong done to it, and the number of the first entry that shows it."""
    link, found = links[at], list(links)
    match how:
        case "field":
            found[at] = link._replace(entry={**link.entry, "post": chance.randrange(10**6, 10**7)})
        case "more":
            found[at] = link._replace(entry={**link.entry, "note": "added"})
        case "hash":
            found[at] = link._replace(hash=f"{chance.getrandbits(256):064x}")
        case "reason":
            commit, salt, reason = link.opened[0]
            found[at] = link._replace(opened=((commit, salt, reason + " "),))
        case "salt":
            commit, _, reason = link.opened[0]
            found[at] = link._replace(opened=((commit, chance.randbytes(16), reason),))
        case "rehashed":
            entry = {**link.entry, "kind": "post.restore"}
            found[at] = link._replace(entry=entry, hash=chain.digest(entry))
            return found, link.n + 1
        case "drop":
            del found[at]
        case "twice":
            found.insert(at + 1, link)
            return found, link.n + 1
        case "swap":
            found[at], found[at + 1] = found[at + 1], found[at]
    return found, link.n


def test_a_thousand_random_tamperings_are_found_and_named():
    """SEC-119: whatever is changed, dropped, doubled or put elsewhere, the first bad one is told."""
    chance, whole = random.Random(20261129), _log()
    assert chain.first_fault(whole) is None
    ways = ("field", "more", "hash", "reason", "salt", "rehashed", "drop", "twice", "swap")
    for _ in range(1000):
        # The last entry has no successor to show a rehash or a swap: that is what heads are for.
        at, how = chance.randrange(LENGTH - 1), chance.choice(ways)
        tampered, first_bad = _tampered(whole, at, how, chance)
        fault = chain.first_fault(tampered)
        assert fault is not None, (at, how)
        assert fault.n == first_bad, (at, how, fault)
