"""What comes first in the demo: judged by eye, then written down. Both databases."""

from __future__ import annotations

import pytest

from rostra.effects.search import queries
from rostra.effects.search.parse import parse
from rostra.forum.access.queries import viewer_for
from rostra.project.seed import seed

pytestmark = pytest.mark.django_db

COUNCIL = "Council 'closed flood barrier in time'"
MAINTENANCE = "Barrier maintenance: news & discussion"
# What is searched for, what the first result is to be of, and how far down it may stand.
BEST = [
    ("flood barrier", COUNCIL, 2), ("closed flood barrier", COUNCIL, 1), ('"in time"', COUNCIL, 1),
    ("barrier maintenance", MAINTENANCE, 1), ("barrier motors", MAINTENANCE, 2),
    ("tram", "The new tram: along the quay", 1), ("harbour budgets", "Harbour budget, line", 1),
    ("library hour", "Library hours", 1), ("bus", "Bus 7", 2), ("school meal", "School meals", 1),
    ("sirens", "Who decides when the siren", 1), ("dredge", "Where does the mud go", 1),
    ("tide app", "Is the town's tide table app", 1), ("harvests", "Harvest figures", 1),
    ("fishing quota", "Fishing quotas", 1), ("market", "Saturday market", 1),
    ("hospital power", "Hospital power", 1), ("cost of that morning", "What did that morning", 1),
    ("lib* hou*", "Library hours", 1), ("bus mill -potatoes", "Bus 7", 2),
    ("الميزانيه", "ميزانية الميناء", 1), ("حاجز", "حاجز الفيضان", 1),
    ("كتابخانه", "ساعت کار کتابخانه", 1), ("捕捞", "渔港与捕捞配额", 1), ("אוטובוס", "אוטובוס 7", 1),
]  # fmt: skip


def test_the_best_comes_first():
    seed()
    viewer = viewer_for(None)
    wrong = []
    for text, title, place in BEST:
        found = queries.search(viewer, parse(text), queries.Scope(), limit=5).hits
        titles = [hit.post.thread_title for hit in found]
        if not any(one.startswith(title) for one in titles[:place]):
            wrong.append((text, titles))
    assert wrong == []


def test_hidden_rooms_of_the_demo_are_found_by_nobody():
    seed()
    viewer = viewer_for(None)
    found = queries.search(viewer, parse("socks"), queries.Scope()).hits
    assert [
        hit.post.thread_title for hit in found if "staff" in hit.post.thread_title.lower()
    ] == []
