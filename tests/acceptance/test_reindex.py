"""An index thrown away takes no memory that grows with it."""

from __future__ import annotations

from tests.acceptance.operating import run

MEGABYTES = 40
# Fills the index with so much, then throws it away; prints the megabytes that took.
THROWN_AWAY = """
import re
from django.db import connection, transaction
from rostra.effects.search import actions
from rostra.transfer.load.memory import keep_memory_small
def own():
    with open("/proc/self/status") as file:
        return int(re.search(r"RssAnon:\\s+(\\d+)", file.read())[1]) / 1024
keep_memory_small()
with transaction.atomic(), connection.cursor() as cursor:
    for n in range({megabytes} * 10):
        words = " ".join(f"w{{n}}x{{m}}" for m in range(5_000))
        cursor.execute("INSERT INTO search_words (rowid, title, body, facts) VALUES (%s, '', %s, 'e')", [n + 1, words])
before = own()
actions._begin_anew()
print(round(own() - before, 1))
"""


def test_an_index_is_thrown_away_in_little_memory(begun):
    """A forum of a million posts took two gigabytes for it."""
    took = float(run(THROWN_AWAY.format(megabytes=MEGABYTES), begun))
    assert took < MEGABYTES / 4
