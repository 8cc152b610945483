"""Limits that hold exactly (SEC-080), and mail that stays here."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from rostra.kernel import tries
from rostra.kernel.errors import TooMany
from rostra.kernel.models import Tries
from rostra.kernel.tries import Rule

FIVE = (Rule(5, 60),)


@pytest.mark.django_db
def test_so_many_and_no_more_all_or_none():
    for _ in range(5):
        tries.take({"a": FIVE})
    with pytest.raises(TooMany) as many:
        tries.take({"a": FIVE, "b": FIVE})
    assert 1 <= many.value.seconds <= 60
    for _ in range(5):
        tries.take({"b": FIVE})
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        tries.take({"a": FIVE, "b": FIVE})


@pytest.mark.django_db
def test_what_is_given_back_counts_for_nothing():
    for _ in range(20):
        tries.give_back(tries.take({"a": FIVE}))
    assert Tries.objects.get().times == []


@pytest.mark.django_db
def test_several_rules_hold_at_once():
    rules = (Rule(2, 60), Rule(3, 3600))
    tries.take({"a": rules})
    tries.take({"a": rules})
    with pytest.raises(TooMany):
        tries.take({"a": rules})
    with time_machine.travel(timezone.now() + timedelta(seconds=70)):
        tries.take({"a": rules})
        with pytest.raises(TooMany) as many:
            tries.take({"a": rules})
        assert many.value.seconds > 3000


@pytest.mark.django_db
def test_rows_that_limit_nobody_go():
    tries.take({"a": FIVE})
    tries.clear_expired()
    assert Tries.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(seconds=70)):
        tries.clear_expired()
    assert Tries.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_hundred_at_once():
    """SEC-080: on PostgreSQL with connections of their own; exactly five get through."""
    if connection.vendor == "sqlite":
        pytest.skip(
            "a database in memory has one connection; tests/acceptance/test_limits.py has files"
        )
    got, refused = [], []

    def go() -> None:
        try:
            got.append(tries.take({"a": FIVE, "b": (Rule(500, 60),)}))
        except TooMany:
            refused.append(1)
        finally:
            connection.close()

    for _ in range(10):
        threads = [threading.Thread(target=go) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(got), len(refused)) == (5, 195)
