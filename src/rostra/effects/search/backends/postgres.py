"""Words in a tsvector: titles weigh A, bodies D; each word begins with its span's mark.

The vector is written out word by word: PostgreSQL's own parsers and dictionaries take no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from rostra.effects.search.parse import Phrase, Term
from rostra.effects.search.places import Document, Pair, mark_of
from rostra.effects.search.wanted import Wanted
from rostra.kernel import dialect

CREATE = (
    "CREATE TABLE search_words (place bigint PRIMARY KEY, words tsvector NOT NULL)",
    # Written by the batch, looked at by everybody: what waits to be sorted in is kept short.
    """CREATE INDEX search_words_gin ON search_words USING gin (words)
    WITH (fastupdate = on, gin_pending_list_limit = 256)""",
)
# OFFSET 0: ranked before they are sorted, for a rank is quick and a sort of vectors is not.
_RANKED = """
(SELECT place, score FROM
(SELECT place, (ts_rank('{0.1, 0.2, 0.4, 1.0}', words, %s::tsquery, 1) * 1000000)::bigint AS score
FROM search_words WHERE words @@ %s::tsquery AND place BETWEEN %s AND %s OFFSET 0) ranked
ORDER BY place DESC LIMIT %s)"""
# OFFSET 0 here as well: for rare words the planner would walk back through all places, as it does
# not know how rare they are; a span's own matches are never many.
_DATED = """
(SELECT place, 0 FROM
(SELECT place FROM search_words WHERE words @@ %s::tsquery AND place BETWEEN %s AND %s OFFSET 0)
dated ORDER BY place DESC LIMIT %s)"""
_GAP = 20  # places between title and body, so that no phrase reaches from one into the other
_FACT = "="  # begins facts, which no word does
_TITLE = "^"  # begins words of titles, which stand there once more: weights are not in the index
_LAST_PLACE = 16_383


def find(wanted: Wanted, spans: Sequence[int], limit: int, *, ranked: bool) -> list[Pair]:
    """Return place and score of the newest matches of each span, `limit` of each. One query.

    Ranked, `limit` in all: from the first span on until there are enough.
    """
    sql = " UNION ALL ".join([_RANKED if ranked else _DATED] * len(spans))
    params: list[str | int] = []
    for span in spans:
        mark = mark_of(span)
        if ranked:
            params.append(_words(wanted, mark))
        params += [expression(wanted, mark), wanted.lowest, wanted.highest, limit]
    if ranked:  # one span after another, and no more of them than it takes
        sql = f"SELECT * FROM ({sql}) AS newest LIMIT %s"  # noqa: S608 (our own constants)
        params.append(limit)
    return dialect.rows(sql, params)


def write(documents: Iterable[tuple[int, Document]]) -> None:
    """Keep the words of documents, each with the number of its span."""
    dialect.write_many(
        "INSERT INTO search_words (place, words) VALUES (%s, %s::tsvector)",
        [(doc.place, _vector(doc, mark_of(span))) for span, doc in documents],
    )


def erase(places: Iterable[int]) -> None:
    """Forget the words at these places."""
    dialect.write_many("DELETE FROM search_words WHERE place = %s", [(place,) for place in places])


def tidy() -> bool:
    """Nothing: the database's own vacuum takes away what was deleted."""
    return False


def create_anew() -> None:
    """Drop what there is, be it broken, and make an empty table."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS search_words")
        for statement in CREATE:
            cursor.execute(statement)


def count() -> int:
    """Return how many documents there are words of."""
    found: int = dialect.rows("SELECT COUNT(*) FROM search_words")[0][0]
    return found


def check() -> None:
    """Look through the whole index; raises DatabaseError where it is broken."""
    dialect.rows("SELECT SUM(length(words)) FROM search_words")


def expression(wanted: Wanted, mark: str) -> str:
    """Return what PostgreSQL is asked. Words are folded, so that they hold nothing but letters."""
    needed = [_words(wanted, mark)] if wanted.terms else []
    needed += [_facts(row, mark) for row in wanted.facts]
    unwanted = [_term(term, mark, wanted.titles_only) for term in wanted.excluded]
    if wanted.excluded_facts:
        unwanted.append(_facts(wanted.excluded_facts, mark))
    asked = needed or [_facts(("e",), mark)]
    return " & ".join(asked + [f"!{term}" for term in unwanted])


def _words(wanted: Wanted, mark: str) -> str:
    terms = [_term(term, mark, wanted.titles_only) for term in wanted.terms]
    return " & ".join(terms or [_facts(("e",), mark)])


def _term(term: Term, mark: str, titles_only: bool) -> str:
    where = mark + _TITLE if term.in_title or titles_only else mark
    return f"({' | '.join(_phrase(phrase, where) for phrase in term.phrases)})"


def _phrase(phrase: Phrase, mark: str) -> str:
    row = " <-> ".join([f"'{mark}{word}'" for word in phrase.words])
    return f"({row}:*)" if phrase.is_prefix else f"({row})"


def _facts(facts: Sequence[str], mark: str) -> str:
    return f"({' | '.join(f"'{mark}{_FACT}{fact}'" for fact in facts)})"


def _vector(doc: Document, mark: str) -> str:
    places: dict[str, list[str]] = {}
    for number, word in enumerate(doc.title, 1):
        places.setdefault(word, []).append(f"{number}A")
        places.setdefault(_TITLE + word, []).append(f"{number}A")
    start = len(doc.title) + _GAP
    for number, word in enumerate(doc.body, start):
        found = places.setdefault(word, [])
        if len(found) < 255:
            found.append(str(min(number, _LAST_PLACE)))
    row = [f"'{mark}{word}':{','.join(found)}" for word, found in places.items()]
    row += [f"'{mark}{_FACT}{fact}'" for fact in doc.facts]
    return " ".join(row)
