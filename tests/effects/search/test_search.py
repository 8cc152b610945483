"""What is found: one table of cases for both databases."""

from __future__ import annotations

import pytest

from rostra.effects.search import actions, queries
from rostra.effects.search.parse import parse
from rostra.effects.search.queries import Scope
from rostra.forum.threads.actions.posts import post_reply

pytestmark = pytest.mark.django_db

POSTS = {
    "cafe": "Über das Café an der Straße wird gestritten.",
    "city": "الفَيَضانُ في المَدينةِ أكبر من المتوقع، ومسؤولية أحمد واضحة ١٢٣",
    "persian": "من می‌خواهم کتاب‌های کتابخانه را بخوانم؛ سال ۱۴۰۳",
    "urdu": "پاکستان کے شہروں میں سیلاب ہے",
    "hebrew": "שָׁלוֹם לַנָּמָל החדש",
    "chinese": "防潮堤在风暴前关闭了",
    "japanese": "東京タワーの近くの図書館は閉まっている",
    "korean": "도서관은 저녁에 문을 닫는다",
    "russian": "Ёлка стоит у плотины",
    "greek": "Η Αθήνα και το λιμάνι της",
    "english": "The barriers were closed while people kept running along the quays.",
    "mixed": "The 防潮堤 of مدينة Αθήνα, said O'Brien in an e-mail: http://example.org/a",
}
CASES = [
    ("cafe", "CAFE"), ("cafe", "über"), ("cafe", "uber strasse"), ("cafe", "Cafe\u0301"),
    ("city", "الفيضان"), ("city", "فيضان المدينه"), ("city", "مدينة"), ("city", "والمدينة"),
    ("city", "مسئولية احمد"), ("city", "إحمد 123"), ("city", "الـمـديـنـة"), ("city", "۱۲۳"),
    ("persian", "می خواهم"), ("persian", "ميخواهم"), ("persian", "مي‌خواهم"), ("persian", "كتاب"),
    ("persian", "كتابهاي كتابخانه"), ("persian", "1403"), ("persian", '"می‌خواهم کتاب‌های"'),
    ("urdu", "پاكستان"), ("urdu", "شہروں"), ("urdu", "شهرون"), ("urdu", "سيلاب"),
    ("hebrew", "שלום"), ("hebrew", "לנמל"), ("hebrew", "שלו*"),
    ("chinese", "防潮堤"), ("chinese", "潮堤"), ("chinese", "风暴前"), ("chinese", "暴"),
    ("japanese", "東京"), ("japanese", "たわー"), ("japanese", "ﾀﾜｰ"), ("japanese", "図書館"),
    ("korean", "도서관"), ("korean", "저녁"), ("korean", "도서관은"),
    ("russian", "елка"), ("russian", "ПЛОТИНЫ"), ("russian", "Ё́лка"),
    ("greek", "αθηνα"), ("greek", "ΛΙΜΆΝΙ"), ("greek", "λιμανι"),
    ("english", "barrier"), ("english", "runs"), ("english", "closing quay"), ("english", "barri*"),
    ("english", "runni*"), ("english", "runnin*"), ("english", "close*"), ("english", '"barriers were closed"'), ("english", "the barrier"),
    ("english", '"people kept running"'), ("english", "barrier -tram"),
    ("mixed", "防潮堤 مدينه αθηνα"), ("mixed", "o’brien"), ("mixed", "e-mail has:link"),
    ("mixed", '"防潮堤 of"'), ("mixed", "مدينه brie* -nothing"),
]  # fmt: skip
NOT = [
    ("english", "barrier -closed"), ("english", '"closed barriers"'), ("english", "tram"),
    ("chinese", "堤潮"), ("japanese", "都京"), ("cafe", '"cafe uber"'), ("english", "has:link barrier"),
    ("english", "title:barrier people"), ("english", "closi*"), ("english", "runnin* bark*"), ("city", "مدن"), ("english", "bar"),
]  # fmt: skip


@pytest.fixture
def forum(cast):
    viewer = cast.view(cast.quay)
    posts = {name: post_reply(viewer, cast.barrier.pk, text) for name, text in POSTS.items()}
    actions.catch_up()
    return {name: post.pk for name, post in posts.items()}


def ids(viewer, text, **options):
    found = queries.search(viewer, parse(text), Scope(), **options)
    return [hit.post.id for hit in found.hits]


def test_spelled_differently_and_found(cast, forum):
    """Eight scripts and more, each spelled otherwise than its source."""
    viewer = cast.view(None)
    missed = [
        (name, text, order)
        for name, text in CASES
        for order in ("relevance", "date")
        if forum[name] not in ids(viewer, text, order=order)
    ]
    assert missed == []


def test_not_found(cast, forum):
    viewer = cast.view(None)
    assert [(name, text) for name, text in NOT if forum[name] in ids(viewer, text)] == []
