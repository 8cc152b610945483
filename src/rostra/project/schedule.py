"""What the clock starts. All that holds jobs of the worker is imported here, or by its app: a test
looks for jobs that are not.
"""

from datetime import timedelta

from rostra.content.media import remote
from rostra.forum.cleaning import actions as cleaning  # noqa: F401  (its job registers itself)
from rostra.forum.conversations.actions.reporting import forget_old_reports
from rostra.forum.documents.actions.forgetting import forget_pictures, forget_unlinked
from rostra.forum.documents.actions.linking import catch_up
from rostra.forum.documents.actions.picturing import fetch_due
from rostra.forum.documents.actions.reading import check_documents
from rostra.forum.erasure import actions as erasure  # noqa: F401  (its jobs register themselves)
from rostra.forum.members import erasing  # noqa: F401  (so does this one)
from rostra.forum.members.sessions import SessionStore
from rostra.forum.notes.actions.panels import work_panels
from rostra.forum.notes.actions.publishing import publish
from rostra.forum.notes.actions.runs import score
from rostra.forum.threads import submissions
from rostra.forum.threads.actions import drafts
from rostra.forum.threads.actions.threads import open_again
from rostra.forum.uploads import actions as uploads
from rostra.kernel import clock, tries
from rostra.kernel.jobs import every
from rostra.transfer.backup import nightly

# Their jobs register themselves.
from rostra.web.accounts import letters  # noqa: F401
from rostra.web.notifications import letters as told  # noqa: F401
from rostra.web.takeout import making  # noqa: F401


@every(timedelta(days=1))
def clear_sessions() -> None:
    """Delete sessions that have run out."""
    SessionStore.clear_expired()


@every(timedelta(days=1))
def forget_forms_and_drafts() -> None:
    """Delete what no form comes again with, and drafts nobody goes on with."""
    submissions.forget_old()
    drafts.forget_old()


@every(timedelta(days=1))
def forget_documents() -> None:
    """Delete documents that nothing leads to any more."""
    forget_unlinked()
    forget_pictures()


@every(timedelta(days=1))
def forget_reports() -> None:
    """Delete reports of messages that were dealt with long ago."""
    forget_old_reports()


@every(timedelta(days=1))
def place_raters() -> None:
    """Find out anew who tends to agree with whom, and what the gates allow."""
    score()


@every(timedelta(days=1))
def publish_notes() -> None:
    """Make the release of the day of open data about notes."""
    publish()


@every(timedelta(hours=1))
def ask_about_notes() -> None:
    """Draw panels for notes, and decide about those whose panels have answered."""
    work_panels()


@every(timedelta(hours=1))
def clear_tries() -> None:
    """Delete counts of tries that limit nobody any more."""
    tries.clear_expired()


@every(timedelta(hours=1))
def clear_uploads() -> None:
    """Delete what nothing has shown for a day, files that no row knows, others' old pictures, and
    those that moderators took away long ago."""
    uploads.clear_unused()
    uploads.drop_taken()
    uploads.sweep(clock.now().hour)
    remote.let_go()


@every(timedelta(hours=1))
def look_at_documents_again() -> None:
    """Have documents read again whose time has come."""
    check_documents()


@every(timedelta(minutes=1))
def fetch_pictures() -> None:
    """Have other sites' pictures fetched whose turn has come."""
    catch_up()
    fetch_due()


@every(timedelta(minutes=1))
def open_threads() -> None:
    """Open the threads that were locked for a time."""
    open_again()


@every(timedelta(hours=1))
def back_up_nightly() -> None:
    """Begin the backup of the night where it is time."""
    nightly.begin_if_due()
