"""Reason codes of the rules in words."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

WORDS = {
    "log_in_first": _("You need to log in first."),
    "suspended": _("Your account is suspended for now."),
    "board_hidden": _("This board is not open to you."),
    "thread_hidden": _("This thread is not shown."),
    "thread_not_open": _("This thread takes no replies at the moment."),
    "thread_locked": _("This thread is locked: no new replies."),
    "no_reply_in_board": _("Your groups may not reply in this board."),
    "no_start_in_board": _("Your groups may not start threads in this board."),
    "category_holds_no_threads": _("A category holds only boards, no threads."),
    "not_your_post": _("This is not your post."),
    "post_not_standing": _("This post no longer stands."),
    "not_a_moderator_here": _("You are not a moderator of this board."),
    "not_yourself": _("This is you."),
    "too_many_ties": _("You cannot follow or ignore more than 1,000 people."),
    "too_many_bookmarks": _("You cannot have more than 2,000 bookmarks. Remove some first."),
    "not_in_the_future": _("This time is over already."),
    "not_an_administrator": _("This page is for administrators."),
    "already_removed": _("Somebody has removed this already."),
    "not_removed": _("This is not removed."),
    "already_locked": _("This thread is locked already."),
    "not_locked": _("This thread is not locked."),
    "already_pinned": _("This thread is pinned already."),
    "not_pinned": _("This thread is not pinned."),
    "already_there": _("The thread is in that board already."),
    "no_such_board": _("There is no such board."),
    "no_such_member": _("There is no member of that name."),
    "empty": _("Please write something."),
    "too_long": _("This is too long."),
    "reason_too_short": _("The public reason needs at least 15 characters."),
    "reason_too_long": _("The public reason may have 500 characters at most."),
    "name_too_short": _("A name needs at least 3 characters."),
    "name_too_long": _("A name may have 40 characters at most."),
    "name_has_odd_characters": _("A name may hold letters, digits, spaces and . - _ ' only."),
    "name_needs_letters": _("A name needs at least one letter."),
    "name_mixes_scripts": _("A word of a name may not mix alphabets."),
    "name_reserved": _("This name is kept for the forum itself."),
    "name_taken": _("This name, or one that looks like it, is taken."),
    "password_too_short": _("A password needs at least 8 characters."),
    "password_too_long": _("A password may have 1,024 bytes at most."),
    "password_too_common": _("This password is among the most common ones."),
    "password_odd": _("This password holds something that no keyboard writes."),
    "password_not_the_one": _("That is not the password of this account."),
    "email_odd": _("This is not an address of mail that we can write to."),
    "email_disposable": _("Addresses of this provider last minutes only. Please use another."),
    "email_has_account": _("There is an account with this address already."),
    "name_is_yours": _("This is your name already."),
    "name_changed_lately": _("You changed your name twice in the last 30 days. Come back later."),
    "looks_automatic": _("A field that nobody sees was filled in. Leave it empty, then try again."),
    "form_too_young": _("That was quick. Wait three seconds, then send it again."),
    "form_without_proof_too_young": _(
        "Your browser sent no proof of work. Wait 20 seconds, then send it again."
    ),
    "answer_wrong": _("That is not the answer."),
    "may_not_invite": _("You cannot invite anybody at present."),
    "invited_enough": _("You sent ten invitations in the last 24 hours. Come back later."),
    "invited_as_another": _("The invitation is for another address."),
    "invitation_for_guests": _("You have an account. The invitation is for somebody without one."),
    "email_not_checked": _("The provider has not checked an address of yours; one joins by it."),
    "identity_of_another": _("Somebody else here logs in by it already."),
    "identity_is_the_last": _("You have no password: choose one first, or you cannot come back."),
    "already_decided": _("Somebody has decided this already."),
    "second_factor_first": _("This needs a second step at log-in. Set one up in your account."),
    "setup_link_invalid": _("This link was used already, or is not the newest one."),
    "form_expired": _("The form was too old. Go back, load the page again, and send it anew."),
    "edit_time_over": _("The time in which you could change this post is over."),
    "not_withdrawn": _("This post is not withdrawn."),
    "withdrawn_for_good": _("The day in which you could bring this post back is over."),
    "no_reactions_in_board": _("Your groups may not react in this board."),
    "own_post": _("This is your own post."),
    "sent_with_other_words": _(
        "This form was posted already, with other words. Look at the thread before you go on."
    ),
    "same_words_again": _("You posted these very words a moment ago."),
    "edited_meanwhile": _("Somebody changed this post while you were writing."),
    "too_many_links": _("A newcomer's post may hold 2 links to other sites."),
    "too_many_mentions": _("This mentions more members than one post may."),
    "thread_too_soon": _("You started a thread a moment ago."),
    "threads_a_day": _("You have started as many threads as you may in 24 hours."),
    "post_too_soon": _("You posted a moment ago."),
    "replies_a_day": _("You have posted as much as a newcomer may in 24 hours."),
    "reactions_a_day": _("You have reacted as often as you may in 24 hours."),
    "too_many_drafts": _("There are too many drafts of yours: finish one first."),
    "taken_out": _(
        "What this post said before a moderator changed it is shown to its author and to"
        " moderators alone."
    ),
    "unknown_field": _("The form held something that does not belong in it."),
    "last_administrator": _("Somebody must stay who can manage access."),
    "group_has_no_list": _("Nobody can be put into this group by hand."),
    "not_in_this_thread": _("That post is not in this thread."),
    "no_such_group": _("There is no such group."),
    "no_such_verb": _("There is no such right."),
    "not_a_choice": _("Please choose one of the list."),
}


def in_words(reason: str) -> str:
    """Return a reason code in the reader's language."""
    return gettext(WORDS.get(reason, _("This is not possible here.")))
