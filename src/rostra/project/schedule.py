"""What the clock starts."""

from datetime import timedelta

from rostra.forum.members.sessions import SessionStore
from rostra.kernel.jobs import every


@every(timedelta(days=1))
def clear_sessions() -> None:
    """Delete sessions that have run out."""
    SessionStore.clear_expired()
