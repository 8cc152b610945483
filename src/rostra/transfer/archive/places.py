"""What posts stand on, from an archive's records to rows: boards, members, threads."""

from __future__ import annotations

from rostra.content.markup.references import Known
from rostra.forum.boards.models import Board
from rostra.forum.smilies.queries import as_they_stand
from rostra.forum.threads.models import BoardStats, Thread
from rostra.kernel import rows
from rostra.transfer.archive import people
from rostra.transfer.load.posts import UNDATED, columns_of_head, taggings_of
from rostra.transfer.records import BoardRecord, MemberRecord, ThreadRecord


def write_boards(records: list[BoardRecord]) -> int:
    """Write boards; return how many are new."""
    return rows.insert_new(
        [
            Board(
                id=int(record.id),
                title=record.title,
                parent_id=int(record.parent) if record.parent else None,
                description=record.description,
                position=record.position,
                is_category=record.is_category,
            )
            for record in records
        ],
    )


def write_members(records: list[MemberRecord]) -> int:
    """Write members, whose passwords are hashes; return how many are new."""
    known = Known(smilies=as_they_stand())
    return rows.insert_new([people.row(record, known) for record in records])


def write_threads(records: list[ThreadRecord]) -> int:
    """Write threads without their posts; return how many are new."""
    threads = [
        Thread(
            id=int(record.id),
            board_id=int(record.board),
            title=record.title,
            starter_id=int(record.starter) if record.starter else None,
            starter_name=record.starter_name,
            state=record.state,
            is_locked=record.is_locked,
            is_pinned=record.is_pinned,
            opens_at=record.opens_at,
            slow_seconds=record.slow_seconds,
            created_at=record.created_at,
            bumped_at=record.created_at or UNDATED,
            **columns_of_head(record),
        )
        for record in records
    ]
    board_ids = sorted({thread.board_id for thread in threads})
    rows.insert_new([BoardStats(board_id=board_id) for board_id in board_ids])
    written = rows.insert_new(threads)
    rows.insert_new(taggings_of(threads))
    return written
