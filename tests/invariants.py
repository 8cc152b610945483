"""What holds of the moderation log after every test, whatever it did."""

from __future__ import annotations

import json
import re
from typing import Any

from rostra.forum.modlog.rules import RESTRICTIONS
from rostra.kernel import dialect


def of_the_log() -> list[str]:
    """Return what is wrong: restrictions without their one statement, entries that tell too much.

    An entry's public part holds numbers, codes and short words: nobody's name or address of mail,
    no title, no report. Its reason and its texts are erasable and stand beside it.
    """
    entries = dialect.rows("SELECT n, kind, reverts, public FROM modlog_logentry")
    if not entries:
        return []
    texts: dict[int, dict[str, str]] = {}
    for n, field, value in dialect.rows(_PEOPLE):
        texts.setdefault(n, {})[field] = value
    told = dict(dialect.rows("SELECT entry_id, member_id FROM modlog_statement"))
    statements = dict(told)
    writers = dict(dialect.rows(_WRITERS))
    wrong = []
    for n, kind, reverts, public in entries:
        people = texts.get(n, {})
        subject = people.get("subject")
        facts = (json.loads(public) if isinstance(public, str) else public).get("facts") or {}
        is_whole = reverts is None and "parent" not in facts  # else another's is for it as well
        restricts = kind in RESTRICTIONS and is_whole and subject != people.get("actor")
        expected = int(subject) if restricts and subject is not None else None
        if kind == "note.remove":  # the log does not say whose it is
            author = writers.get(facts["note"])
            expected = author if str(author) != people.get("actor") else None
        parent = _parent_of(public)
        if parent is not None and expected is not None:  # a part: the statement is on the whole act
            if statements.get(parent) != expected:
                wrong.append(f"entry {n} ({kind}): entry {parent} does not tell member {expected}")
            expected = None
        if told.pop(n, None) != expected:
            wrong.append(f"entry {n} ({kind}): its statement is not to member {expected}")
    wrong += [f"a statement without an entry: {n}" for n in told]
    secrets = [words for (words,) in dialect.rows(_SECRETS) if words and len(words) > 4]
    for n, kind, _, public in entries:
        shown = public if isinstance(public, str) else json.dumps(public, ensure_ascii=False)
        wrong += [
            f"entry {n} ({kind}) tells: {one}"
            for one in secrets
            if one in shown and re.search(rf"(?<!\w){re.escape(one)}(?!\w)", shown)
        ]
    return wrong


def _parent_of(public: str | dict[str, Any]) -> int | None:
    """Return the entry of the act that one is a part of."""
    kept = json.loads(public) if isinstance(public, str) else public
    parent = (kept.get("facts") or {}).get("parent")
    return None if parent is None else int(parent)


_PEOPLE = "SELECT entry_id, field, value FROM modlog_logtext WHERE field IN ('actor', 'subject')"
_WRITERS = """
SELECT id, author_id FROM notes_note
WHERE author_id NOT IN (SELECT member_id FROM erasure_erasure WHERE state IN ('running', 'done'))
"""
_SECRETS = """
SELECT name FROM members_member UNION SELECT email FROM members_member
UNION SELECT title FROM threads_thread UNION SELECT title FROM boards_board
UNION SELECT line FROM cases_report
"""
