"""Words in an FTS5 table: its row id is the place, each word begins with its span's mark.

The tokenizer only parts words at spaces: all folding has been done before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.utils import DatabaseError

from rostra.effects.search.parse import Phrase, Term
from rostra.effects.search.places import Document, Pair, mark_of
from rostra.effects.search.wanted import Wanted
from rostra.kernel import dialect

CREATE = "CREATE VIRTUAL TABLE search_words USING fts5(title, body, facts, tokenize = 'ascii')"
_SHADOWS = ("data", "idx", "content", "docsize", "config")
_RANKED = """
SELECT * FROM (SELECT rowid, CAST(bm25(search_words, 5.0, 1.0, 0.0) * -1000000 AS INTEGER)
FROM search_words WHERE search_words MATCH %s AND rowid BETWEEN %s AND %s
ORDER BY rowid DESC LIMIT %s)"""
_DATED = """
SELECT * FROM (SELECT rowid, 0 FROM search_words
WHERE search_words MATCH %s AND rowid BETWEEN %s AND %s ORDER BY rowid DESC LIMIT %s)"""


def find(wanted: Wanted, spans: Sequence[int], limit: int, *, ranked: bool) -> list[Pair]:
    """Return place and score of the newest matches of each span, `limit` of each. One query.

    Ranked, `limit` in all: from the first span on until there are enough.
    """
    sql = " UNION ALL ".join([_RANKED if ranked else _DATED] * len(spans))
    params: list[str | int] = []
    for span in spans:
        params += [expression(wanted, mark_of(span)), wanted.lowest, wanted.highest, limit]
    if ranked:  # one span after another, and no more of them than it takes
        sql += " LIMIT %s"
        params.append(limit)
    return dialect.rows(sql, params)


def write(documents: Iterable[tuple[int, Document]]) -> None:
    """Keep the words of documents, each with the number of its span."""
    dialect.write_many(
        "INSERT INTO search_words (rowid, title, body, facts) VALUES (%s, %s, %s, %s)",
        [
            (doc.place, *(_marked(row, mark_of(span)) for row in (doc.title, doc.body, doc.facts)))
            for span, doc in documents
        ],
    )


def erase(places: Iterable[int]) -> None:
    """Forget the words at these places."""
    dialect.write_many("DELETE FROM search_words WHERE rowid = %s", [(place,) for place in places])


def tidy() -> bool:
    """Merge a part of the index, so that words forgotten long ago are gone; whether more is left.

    FTS5 only marks as deleted what is deleted: its words stay in the file until then.
    """
    before = _changes()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_words (search_words, rank) VALUES ('merge', -200)")
    return _changes() - before > 1


def _changes() -> int:
    return int(dialect.rows("SELECT total_changes()")[0][0])


def create_anew() -> None:
    """Drop what there is, be it broken, and make an empty table."""
    with connection.cursor() as cursor:
        try:
            cursor.execute("DROP TABLE IF EXISTS search_words")
        except DatabaseError:
            # A virtual table whose own tables are damaged cannot even be dropped.
            cursor.execute("PRAGMA writable_schema = ON")
            cursor.execute("DELETE FROM sqlite_master WHERE name = 'search_words'")
            cursor.execute("PRAGMA writable_schema = RESET")
        for shadow in _SHADOWS:
            cursor.execute(f"DROP TABLE IF EXISTS search_words_{shadow}")
        cursor.execute(CREATE)


def count() -> int:
    """Return how many documents there are words of."""
    found: int = dialect.rows("SELECT COUNT(*) FROM search_words_docsize")[0][0]
    return found


def check() -> None:
    """Look through the whole index; raises DatabaseError where it is broken."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_words (search_words) VALUES ('integrity-check')")


def expression(wanted: Wanted, mark: str) -> str:
    """Return what FTS5 is asked. Words are folded, so that they hold nothing but letters."""
    scope = "title" if wanted.titles_only else ""
    needed = [_term(term, mark, scope) for term in wanted.terms]
    needed += [_facts(row, mark) for row in wanted.facts]
    unwanted = [_term(term, mark, scope) for term in wanted.excluded]
    if wanted.excluded_facts:
        unwanted.append(_facts(wanted.excluded_facts, mark))
    asked = " AND ".join(needed or [_facts(("e",), mark)])
    return f"({asked}) NOT ({' OR '.join(unwanted)})" if unwanted else asked


def _term(term: Term, mark: str, scope: str) -> str:
    column = "title" if term.in_title or scope else "{title body}"
    return f"{column} : ({' OR '.join(_phrase(phrase, mark) for phrase in term.phrases)})"


def _phrase(phrase: Phrase, mark: str) -> str:
    return f'"{_marked(phrase.words, mark)}"{" *" if phrase.is_prefix else ""}'


def _facts(facts: Sequence[str], mark: str) -> str:
    return f"facts : ({' OR '.join(f'"{mark}{fact}"' for fact in facts)})"


def _marked(words: Iterable[str], mark: str) -> str:
    return " ".join([f"{mark}{word}" for word in words])
