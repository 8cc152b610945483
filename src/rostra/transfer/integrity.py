"""The forum's integrity: what is counted, numbered and chained must add up.

`rostra doctor` runs every check; `--repair` computes counters anew. Each check is set-based SQL
over whole tables, for a person at a console, not for a page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from rostra.effects.search.queries import faults as search_faults
from rostra.forum.modlog.queries import first_fault
from rostra.forum.reactions.kinds import KINDS
from rostra.kernel import dialect, disks
from rostra.transfer import claims, holds, notes, sanctions, threads, uploads
from rostra.transfer.backup import nightly

SHOWN = 5
WAY_BACK = "restore the newest backup: rostra restore FILE --replace"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that differs: which check, how often, some examples."""

    check: str
    count: int
    examples: tuple[str, ...]
    is_mended: bool = False

    def __str__(self) -> str:
        mended = " (mended)" if self.is_mended else ""
        return f"{self.check}: {self.count}{mended}: {'; '.join(self.examples)}"


@dataclass(frozen=True, slots=True)
class Check:
    """A query for what differs, and what mends it.

    wrong: SELECT of what is wrong, to be shown. mend: statements that compute it anew.
    """

    name: str
    wrong: str
    mend: tuple[str, ...] = ()


def examine(*, repair: bool = False) -> list[Finding]:
    """Run all checks; with `repair` mend what can be computed anew."""
    findings = []
    damaged = _sqlite()
    if any(finding.check == "database file" for finding in damaged):
        return damaged  # what else would be said of such a file is not to be trusted
    for check in CHECKS:
        rows = dialect.rows(check.wrong)
        if not rows:
            continue
        is_mended = repair and bool(check.mend) and _mend(check)
        findings.append(
            Finding(check.name, len(rows), tuple(_shown(row) for row in rows[:SHOWN]), is_mended)
        )
    if told := sanctions.examine(repair=repair):
        findings.append(Finding("what is limited for a member", *told))
    return [*findings, *damaged, *(finding for extra in EXTRA for finding in extra())]


def _mend(check: Check) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in check.mend:
            cursor.execute(statement)
    return not dialect.rows(check.wrong)


def _shown(row: tuple[Any, ...]) -> str:
    return " ".join(str(value) for value in row)


def _chain() -> list[Finding]:
    fault = first_fault()
    if fault is None:
        return []
    return [Finding("moderation log", 1, (f"entry {fault.n}: {fault.reason}",))]


def _sqlite() -> list[Finding]:
    if dialect.current() != "sqlite":
        return []
    try:
        faults = [row for row in dialect.rows("PRAGMA integrity_check(20)") if row != ("ok",)]
    except DatabaseError as error:  # too damaged even to be looked through
        faults = [(str(error),)]
    if faults:
        shown = (*(_shown(row) for row in faults[:SHOWN]), WAY_BACK)
        return [Finding("database file", len(faults), shown)]
    orphans = dialect.rows("PRAGMA foreign_key_check")
    found = []
    if orphans:
        found.append(Finding("orphans", len(orphans), tuple(_shown(r) for r in orphans[:5])))
    return found


def _search() -> list[Finding]:
    return [
        Finding(
            "search index", fault.times, (f"{fault.what}: {fault.example}", "rostra search reindex")
        )
        for fault in search_faults()
    ]


def _backup() -> list[Finding]:
    fault = nightly.fault()
    return [] if fault is None else [Finding("nightly backup", 1, (fault,))]


def _room() -> list[Finding]:
    room = disks.room(settings.ROSTRA.data)
    if not room.is_low:
        return []
    told = f"{room.free >> 20:,} MB of {room.size >> 20:,} MB are left: make room"
    return [Finding("free space", 1, (told,))]


def _uploads() -> list[Finding]:
    lost = uploads.lost_files()
    if not lost:
        return []
    shown = (*(f"{name} is not there" for name in lost[:SHOWN]), WAY_BACK)
    return [Finding("uploads", len(lost), shown)]


EXTRA: tuple[Callable[[], list[Finding]], ...] = (
    _chain, _search, _backup, _room, _uploads,
)  # fmt: skip

_WORTH = " ".join(f"WHEN '{kind}' THEN {facts.worth}" for kind, facts in KINDS.items())
_SCORES = f"""
SELECT p.author_id AS member_id, SUM(t.count * CASE t.kind {_WORTH} ELSE 0 END) AS score
FROM reactions_tally t JOIN threads_post p ON p.id = t.post_id
WHERE p.author_id IS NOT NULL GROUP BY p.author_id
"""  # noqa: S608 (built from our own constants)
_POSTS = """
SELECT author_id AS member_id, COUNT(*) AS n FROM threads_post
WHERE state = 'visible' AND author_id IS NOT NULL GROUP BY author_id
"""
_BOARD_THREADS = """
SELECT board_id, COUNT(*) AS n FROM threads_thread WHERE state = 'visible' GROUP BY board_id
"""
_BOARD_POSTS = """
SELECT t.board_id, COUNT(*) AS n FROM threads_post p JOIN threads_thread t ON t.id = p.thread_id
WHERE p.state = 'visible' GROUP BY t.board_id
"""

_BOOKMARKS = """
SELECT b.member_id, p.thread_id, COUNT(*) AS n FROM bookmarks_bookmark b
JOIN threads_post p ON p.id = b.post_id GROUP BY b.member_id, p.thread_id
"""
_SHOW = """SELECT p.thread_id FROM documents_link l JOIN threads_post p ON p.id = l.post_id
JOIN documents_document d ON d.id = l.document_id WHERE l.place = 0 OR d.title <> ''
OR l.picture_id IN (SELECT id FROM media_remotepicture WHERE state IN ('kept', 'dropped'))"""

CHECKS = (
    Check(
        "a member's bookmarks in a thread",
        f"""SELECT b.member_id, b.thread_id, COALESCE(r.bookmarks, 0), b.n FROM ({_BOOKMARKS}) b
        LEFT JOIN threads_threadmark r ON r.member_id = b.member_id AND r.thread_id = b.thread_id
        WHERE COALESCE(r.bookmarks, 0) <> b.n
        UNION ALL SELECT r.member_id, r.thread_id, r.bookmarks, 0 FROM threads_threadmark r
        WHERE r.bookmarks > 0 AND NOT EXISTS (SELECT 1 FROM ({_BOOKMARKS}) b
        WHERE b.member_id = r.member_id AND b.thread_id = r.thread_id)""",  # noqa: S608 (our own constant)
        (
            "UPDATE threads_threadmark SET bookmarks = 0 WHERE bookmarks > 0",
            f"""INSERT INTO threads_threadmark
            (member_id, thread_id, number, level, is_chosen, bookmarks)
            SELECT member_id, thread_id, 0, '', FALSE, n FROM ({_BOOKMARKS}) b WHERE TRUE
            ON CONFLICT (member_id, thread_id) DO UPDATE SET bookmarks = excluded.bookmarks""",  # noqa: S608 (our own constant)
        ),
    ),
    Check(
        "boards that nothing is counted of",
        """SELECT DISTINCT t.board_id FROM threads_thread t
        LEFT JOIN threads_boardstats s ON s.board_id = t.board_id
        WHERE s.board_id IS NULL AND t.state <> 'pending'""",
        (
            """INSERT INTO threads_boardstats (board_id, thread_count, post_count, version)
            SELECT DISTINCT t.board_id, 0, 0, 1 FROM threads_thread t
            LEFT JOIN threads_boardstats s ON s.board_id = t.board_id WHERE s.board_id IS NULL""",
        ),
    ),
    Check(
        "a board's threads",
        f"""SELECT s.board_id, s.thread_count, COALESCE(c.n, 0) FROM threads_boardstats s
        LEFT JOIN ({_BOARD_THREADS}) c ON c.board_id = s.board_id
        WHERE s.thread_count <> COALESCE(c.n, 0)""",  # noqa: S608 (our own constant)
        (
            """UPDATE threads_boardstats SET thread_count = (SELECT COUNT(*) FROM threads_thread t
            WHERE t.board_id = threads_boardstats.board_id AND t.state = 'visible')""",
        ),
    ),
    Check(
        "a board's posts",
        f"""SELECT s.board_id, s.post_count, COALESCE(c.n, 0) FROM threads_boardstats s
        LEFT JOIN ({_BOARD_POSTS}) c ON c.board_id = s.board_id
        WHERE s.post_count <> COALESCE(c.n, 0)""",  # noqa: S608 (our own constant)
        (
            """UPDATE threads_boardstats SET post_count = (SELECT COUNT(*) FROM threads_post p
            JOIN threads_thread t ON t.id = p.thread_id
            WHERE t.board_id = threads_boardstats.board_id AND p.state = 'visible')""",
        ),
    ),
    Check(
        "a board's last thread",
        """SELECT s.board_id, s.last_thread_id FROM threads_boardstats s
        LEFT JOIN threads_thread t ON t.id = s.last_thread_id
        WHERE s.thread_count > 0 AND (t.id IS NULL OR t.state <> 'visible'
        OR t.board_id <> s.board_id OR EXISTS (SELECT 1 FROM threads_thread o
        WHERE o.board_id = s.board_id AND o.state = 'visible' AND o.bumped_at > t.bumped_at))""",
        (
            """UPDATE threads_boardstats SET last_thread_id = (SELECT t.id FROM threads_thread t
            WHERE t.board_id = threads_boardstats.board_id AND t.state = 'visible'
            ORDER BY t.bumped_at DESC, t.id DESC LIMIT 1)""",
        ),
    ),
    Check(
        "a member's posts",
        f"""SELECT m.id, COALESCE(s.post_count, 0), COALESCE(c.n, 0) FROM members_member m
        LEFT JOIN threads_memberstats s ON s.member_id = m.id
        LEFT JOIN ({_POSTS}) c ON c.member_id = m.id
        WHERE COALESCE(s.post_count, 0) <> COALESCE(c.n, 0)""",  # noqa: S608 (our own constant)
        (
            "DELETE FROM threads_memberstats",
            f"INSERT INTO threads_memberstats (member_id, post_count) {_POSTS}",
        ),
    ),
    Check(
        "tallies of reactions",
        """SELECT t.post_id, t.kind, t.count, t.without_names + COALESCE(r.n, 0)
        FROM reactions_tally t LEFT JOIN (SELECT post_id, kind, COUNT(*) AS n
        FROM reactions_reaction GROUP BY post_id, kind) r
        ON r.post_id = t.post_id AND r.kind = t.kind
        WHERE t.count <> t.without_names + COALESCE(r.n, 0)""",
        (
            """UPDATE reactions_tally SET count = without_names + (SELECT COUNT(*)
            FROM reactions_reaction r WHERE r.post_id = reactions_tally.post_id
            AND r.kind = reactions_tally.kind)""",
        ),
    ),
    Check(
        "a member's reaction score",
        f"""SELECT m.id, COALESCE(r.score, 0), COALESCE(c.score, 0) FROM members_member m
        LEFT JOIN reactions_reputation r ON r.member_id = m.id
        LEFT JOIN ({_SCORES}) c ON c.member_id = m.id
        WHERE COALESCE(r.score, 0) <> COALESCE(c.score, 0)""",  # noqa: S608 (our own constant)
        (
            "DELETE FROM reactions_reputation",
            f"INSERT INTO reactions_reputation (member_id, score) {_SCORES}",
        ),
    ),
    Check(
        "replies to a post of another thread",
        """SELECT p.id, p.thread_id, o.thread_id FROM threads_post p
        JOIN threads_post o ON o.id = p.reply_to_id WHERE o.thread_id <> p.thread_id""",
    ),
    Check(
        "answers of another thread",
        """SELECT t.id, p.thread_id FROM threads_thread t
        JOIN threads_post p ON p.id = t.answer_id WHERE p.thread_id <> t.id""",
    ),
    Check(
        "threads under their tags",
        """SELECT t.id, t.tags, COUNT(g.id) FROM threads_thread t
        LEFT JOIN threads_tagging g ON g.thread_id = t.id
        AND ', ' || t.tags || ', ' LIKE '%%, ' || g.tag || ', %%'
        GROUP BY t.id, t.tags HAVING COUNT(g.id) <> CASE t.tags WHEN '' THEN 0 ELSE
        1 + (LENGTH(t.tags) - LENGTH(REPLACE(t.tags, ', ', ''))) / 2 END""",
    ),
    Check(
        "what orders threads under their tags",
        """SELECT g.id, g.thread_id, g.tag FROM threads_tagging g
        JOIN threads_thread t ON t.id = g.thread_id
        WHERE g.board_id <> t.board_id OR g.bumped_at <> t.bumped_at""",
        (
            """UPDATE threads_tagging SET
            board_id = (SELECT board_id FROM threads_thread t
                WHERE t.id = threads_tagging.thread_id),
            bumped_at = (SELECT bumped_at FROM threads_thread t
                WHERE t.id = threads_tagging.thread_id)""",
        ),
    ),
    Check(
        "threads that have polls",
        """SELECT t.id FROM threads_thread t LEFT JOIN polls_poll p ON p.thread_id = t.id
        WHERE t.has_poll <> (p.thread_id IS NOT NULL)""",
        (
            """UPDATE threads_thread SET has_poll = EXISTS
            (SELECT 1 FROM polls_poll p WHERE p.thread_id = threads_thread.id)
            WHERE has_poll <> EXISTS
            (SELECT 1 FROM polls_poll p WHERE p.thread_id = threads_thread.id)""",
        ),
    ),
    Check(
        "threads that show documents",
        f"""SELECT t.id FROM threads_thread t
        WHERE NOT t.has_cards AND t.id IN ({_SHOW})""",  # noqa: S608 (our own constants)
        (f"UPDATE threads_thread SET has_cards = TRUE WHERE id IN ({_SHOW})",),  # noqa: S608
    ),
    Check(
        "votes for an option",
        """SELECT o.id, o.vote_count, o.without_names + COUNT(v.id) FROM polls_option o
        LEFT JOIN polls_vote v ON v.option_id = o.id AND v.poll_id = o.poll_id
        GROUP BY o.id, o.vote_count, o.without_names
        HAVING o.vote_count <> o.without_names + COUNT(v.id)""",
        (
            """UPDATE polls_option SET vote_count = without_names +
            (SELECT COUNT(*) FROM polls_vote v
            WHERE v.option_id = polls_option.id AND v.poll_id = polls_option.poll_id)""",
        ),
    ),
    Check(
        "voters in a poll",
        """SELECT p.thread_id, p.voter_count, p.without_names + COUNT(DISTINCT v.member_id)
        FROM polls_poll p LEFT JOIN polls_vote v ON v.poll_id = p.thread_id
        GROUP BY p.thread_id, p.voter_count, p.without_names
        HAVING p.voter_count <> p.without_names + COUNT(DISTINCT v.member_id)""",
        (
            """UPDATE polls_poll SET voter_count = without_names +
            (SELECT COUNT(DISTINCT v.member_id)
            FROM polls_vote v WHERE v.poll_id = polls_poll.thread_id)""",
        ),
    ),
    Check(
        "ballots with more choices than their poll allows",
        """SELECT p.thread_id, p.most, COUNT(*) FROM polls_poll p
        JOIN polls_vote v ON v.poll_id = p.thread_id
        GROUP BY p.thread_id, p.most, v.member_id HAVING COUNT(*) > p.most""",
    ),
    Check(
        "answers in what is no question",
        "SELECT id, kind FROM threads_thread WHERE answer_id IS NOT NULL AND kind <> 'question'",
        ("UPDATE threads_thread SET kind = 'question' WHERE answer_id IS NOT NULL",),
    ),
    Check(
        "numbers of messages are dense from 1, to the conversation's last",
        """SELECT c.id, c.last_number, COUNT(m.id) FROM conversations_conversation c
        LEFT JOIN conversations_message m ON m.conversation_id = c.id
        GROUP BY c.id, c.last_number
        HAVING COUNT(m.id) <> c.last_number OR MAX(m.number) <> c.last_number""",
    ),
    Check(
        "a member's unread conversations",
        """SELECT m.id, m.unread_conversations FROM members_member m
        WHERE m.unread_conversations <> (SELECT COUNT(*) FROM conversations_seat s
        WHERE s.member_id = m.id AND s.left_at IS NULL AND s.is_unread)""",
        (
            """UPDATE members_member SET unread_conversations = (SELECT COUNT(*)
            FROM conversations_seat s
            WHERE s.member_id = members_member.id AND s.left_at IS NULL AND s.is_unread)""",
        ),
    ),
    Check(
        "boards that are their own ancestors",
        """WITH RECURSIVE above(id, at, steps) AS (
        SELECT id, parent_id, 1 FROM boards_board WHERE parent_id IS NOT NULL
        UNION ALL SELECT a.id, b.parent_id, a.steps + 1 FROM above a
        JOIN boards_board b ON b.id = a.at WHERE b.parent_id IS NOT NULL AND a.steps < 100)
        SELECT DISTINCT id FROM above WHERE id = at OR steps >= 100""",
    ),
    *(Check(*facts) for room in (threads, uploads, claims, notes, holds) for facts in room.CHECKS),
)
