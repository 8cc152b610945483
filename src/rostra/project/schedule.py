"""What the clock starts."""

from datetime import timedelta

from django.core.management import call_command

from rostra.kernel.jobs import every


@every(timedelta(days=1))
def clear_sessions() -> None:
    """Delete sessions that have run out."""
    call_command("clearsessions")
