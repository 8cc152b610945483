"""The chain: nothing changes unnoticed (SEC-119, SEC-121)."""

import json
import random

import pytest

from rostra.forum.modlog import actions, chain, queries
from rostra.forum.modlog.models import LogEntry, LogHead, LogText, Statement
from rostra.kernel.errors import Invalid

VECTOR = [
    ("first reason", "post.remove", "45d8e80e41aca171"),
    ("second reason", "user.suspend", "c21fe642c4bd5167"),
    ("third", "appeal.overturn", "8123b29f8f43a35e"),
]


def test_the_published_vector():
    prev = chain.FIRST_PREV
    for i, (text, kind, start) in enumerate(VECTOR):
        committed = chain.commitment(bytes([0x11 * i]) * 16, text)
        prev = chain.digest({"commit": committed, "kind": kind, "n": i + 1, "prev": prev})
        assert prev.startswith(start)


def test_canonical_form():
    assert chain.canonical({"b": 1, "a": "ü"}) == '{"a":"ü","b":1}'.encode()


def _append(count: int) -> None:
    for n in range(count):
        actions.append(
            "post.remove", role="moderator", reason=f"Reason number {n} of many.", actor_id=n % 3,
            subject_id=n, board_id=1, thread_id=n, post_id=n * 2, facts={"number": n},
        )  # fmt: skip


def _change_reason(n: int) -> None:
    LogText.objects.filter(entry_id=n, field="reason").update(value="another reason, nicer")


def _change_public(n: int) -> None:
    entry = LogEntry.objects.get(n=n)
    LogEntry.objects.filter(n=n).update(public={**entry.public, "role": "automatic"})


def _change_column(n: int) -> None:
    LogEntry.objects.filter(n=n).update(post_id=999_999)


def _rehash(n: int) -> None:
    entry = LogEntry.objects.get(n=n)
    public = {**entry.public, "kind": "post.restore"}
    LogEntry.objects.filter(n=n).update(
        public=public, kind="post.restore", hash=chain.digest(public)
    )


def _drop(n: int) -> None:
    LogText.objects.filter(entry_id=n).delete()
    Statement.objects.filter(entry_id=n).delete()
    LogEntry.objects.filter(n=n).delete()


TAMPERINGS = {
    _change_reason: 0, _change_public: 0, _change_column: 0, _rehash: 1, _drop: 0,
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda t: t.__name__)
def test_every_tampering_is_found_and_named(tamper):
    """SEC-119: the first bad entry is named; a rehashed one shows at its successor."""
    _append(12)
    assert queries.first_fault() is None
    n = random.randint(2, 10)
    tamper(n)
    fault = queries.first_fault()
    assert fault is not None
    assert fault.n == n + TAMPERINGS[tamper]


@pytest.mark.django_db
def test_a_cut_tail_shows_against_the_head_and_against_a_saved_one():
    """SEC-119: even where the stored head was mended, a head saved before tells."""
    _append(5)
    saved = queries.head()
    for n in (5, 4):
        _drop(n)
    assert queries.first_fault() == chain.Fault(4, "cut_off")
    last = LogEntry.objects.get(n=3)
    LogHead.objects.update(n=3, hash=last.hash)
    assert queries.first_fault() is None
    assert queries.first_fault({saved[0]: saved[1]}) == chain.Fault(4, "cut_off")


@pytest.mark.django_db
def test_an_erased_text_leaves_the_chain_whole():
    """SEC-121: the text goes, the entry stays and verifies."""
    _append(3)
    LogText.objects.filter(entry_id=2).delete()
    assert queries.first_fault() is None
    rows = {row.n: row for row in queries.entries()}
    assert rows[2].reason is None
    assert rows[3].reason == "Reason number 2 of many."


@pytest.mark.django_db
def test_the_public_part_holds_no_person():
    """Names and ids of people enter only as commitments; moderators as a stable number.

    The ids are long: the digits of short ones stand in commitments by chance.
    """
    actions.append(
        "post.edit", role="moderator", reason="Personal data of a third.", actor_id=4711081500,
        subject_id=4712081500, before="old words", after="new words",
    )  # fmt: skip
    entry = LogEntry.objects.get()
    text = json.dumps(entry.public)
    assert entry.public["by"] == 1
    assert [
        w for w in ("4711081500", "4712081500", "old words", "new words", "Personal") if w in text
    ] == []


@pytest.mark.parametrize(
    ("reason", "code"),
    [("short", "reason_too_short"), ("x" * 501, "reason_too_long"), (" " * 30, "reason_too_short")],
)
def test_a_reason_has_15_to_500_characters(reason, code):
    with pytest.raises(Invalid) as caught:
        actions.check_reason(reason)
    assert caught.value.fields == {"reason": code}
