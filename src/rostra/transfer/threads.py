"""What must add up about threads: their numbers, their counts, and where posts went."""

from __future__ import annotations

CHECKS: tuple[tuple[str, str] | tuple[str, str, tuple[str, ...]], ...] = (
    (
        "numbers of posts are dense from 1",
        """SELECT thread_id, COUNT(number), MIN(number), MAX(number) FROM threads_post
        WHERE number IS NOT NULL GROUP BY thread_id
        HAVING MIN(number) <> 1 OR MAX(number) <> COUNT(number)""",
    ),
    (
        "a thread's last number",
        """SELECT t.id, t.last_number, COALESCE(p.n, 0) FROM threads_thread t LEFT JOIN
        (SELECT thread_id, MAX(number) AS n FROM threads_post GROUP BY thread_id) p
        ON p.thread_id = t.id WHERE t.last_number <> COALESCE(p.n, 0)""",
        (
            """UPDATE threads_thread SET last_number = COALESCE((SELECT MAX(number)
            FROM threads_post p WHERE p.thread_id = threads_thread.id), 0)""",
        ),
    ),
    (
        "a thread's replies",
        """SELECT t.id, t.reply_count, COALESCE(p.n, 0) FROM threads_thread t LEFT JOIN
        (SELECT thread_id, COUNT(*) AS n FROM threads_post WHERE state = 'visible' AND number > 1
        GROUP BY thread_id) p ON p.thread_id = t.id WHERE t.reply_count <> COALESCE(p.n, 0)""",
        (
            """UPDATE threads_thread SET reply_count = (SELECT COUNT(*) FROM threads_post p
            WHERE p.thread_id = threads_thread.id AND p.state = 'visible' AND p.number > 1)""",
        ),
    ),
    (
        "threads without posts",
        """SELECT t.id FROM threads_thread t WHERE t.state <> 'merged' AND NOT EXISTS
        (SELECT 1 FROM threads_post p WHERE p.thread_id = t.id)""",
    ),
    (
        "tombstones that lead to the thread they are in, and merged threads that hold posts",
        """SELECT s.id, p.thread_id FROM threads_move m JOIN threads_post s ON s.id = m.tombstone_id
        JOIN threads_post p ON p.id = m.post_id
        WHERE p.thread_id = s.thread_id OR s.state <> 'moved'
        UNION ALL SELECT t.id, p.id FROM threads_thread t
        JOIN threads_post p ON p.thread_id = t.id WHERE t.state = 'merged'""",
    ),
)
