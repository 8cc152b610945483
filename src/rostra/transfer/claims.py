"""What must add up of claims."""

_COUNTED = "SELECT COUNT(*) FROM claims_claim c WHERE c.state = 'visible' AND c.thread_id ="

CHECKS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "claims that a thread shows",
        f"""SELECT t.id, t.claim_count FROM threads_thread t
        WHERE t.claim_count <> ({_COUNTED} t.id)""",  # noqa: S608 (our own constant)
        (
            f"""UPDATE threads_thread SET claim_count = ({_COUNTED} threads_thread.id)
            WHERE claim_count <> ({_COUNTED} threads_thread.id)""",  # noqa: S608
        ),
    ),
    (
        "claims from a post of another thread",
        """SELECT c.id, c.thread_id, p.thread_id FROM claims_claim c
        JOIN threads_post p ON p.id = c.post_id WHERE p.thread_id <> c.thread_id""",
        (),
    ),
)
