"""What an appeal that is right cannot bring back, in words: for who appeals and for who decides."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

OUTLOOKS = {
    "words_changed_since": _("These words have been changed since: they are not written over."),
    "not_kept": _("What was there before was not kept: it cannot be put back at once."),
    "poll_changed_since": _("The poll has been changed since: it is not written over."),
    "poll_voted_since": _("Members have voted in it since: what they voted on stays as it is."),
    "poll_votes_stay": _("Votes that were given since stay as they are."),
    "poll_time_is_over": _("The time the poll had is over by now: it takes no votes any more."),
    "poll_end_not_kept": _(
        "When the poll was to end was not kept: it takes votes until somebody ends it."
    ),
    "name_taken_since": _("Somebody else has the old name by now."),
    "name_chosen_since": _("The member has another name by now: it stays."),
    "group_gone": _("This group is not there any more."),
    "answer_chosen_since": _("Another post is marked as the answer by now: that stays."),
    "redacted_words_gone": _(
        "The words that were taken out are gone for good: nothing keeps them. If it was wrong, the"
        " log and the post say so, and their author may write them in again, however old the post"
        " is."
    ),
    "picture_deleted": _(
        "The picture is deleted for good. If it was wrong, the log says so, and the member may"
        " choose it again."
    ),
    "picture_chosen_since": _("The member has chosen another picture since: it stays."),
}
