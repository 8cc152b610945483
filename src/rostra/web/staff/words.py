"""What the staff pages call things, in words."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

WORDS = {
    "/staff/cases": _("Cases"),
    "/staff/waiting": _("Waiting posts"),
    "/staff/cautions": _("Whose posts wait"),
    "/staff/words": _("Watched words"),
    "/staff/appeals": _("Appeals"),
    "/staff/sanctions": _("Sanctions"),
    "/staff/seconds": _("To be confirmed"),
    "/staff/posts": _("Chosen posts"),
    "/staff/settings": _("Settings"),
    "/staff/notices": _("Notices"),
    "/staff/smilies": _("Smilies"),
    "/staff/boards": _("Boards and access"),
    "/staff/rules/new": _("A further rule"),
    "/staff/groups": _("Groups"),
    "/staff/access": _("Why can they do that?"),
    "/staff/notes": _("Community notes"),
    "/staff/mail": _("Mail"),
    "/staff/statistics": _("Statistics"),
    "/staff/jobs": _("Jobs that were given up"),
    "/staff/members": _("Members"),
    "/staff/applications": _("Applications"),
    "/staff/erasures": _("Erasures"),
    "step.name": _("The forum has a name of its own."),
    "step.address": _("It is reached by https (base_url)."),
    "step.rules": _("The rules are your own."),
    "step.mail": _("Mail goes out (mail_url)."),
    "step.backup": _("A backup is made every night (backup_nightly)."),
    "part.jobs": _("Jobs"),
    "part.room": _("Storage"),
    "part.mail": _("Mail"),
    "part.acts": _("Moderators at work"),
    "part.backup": _("Backup"),
    "state.good": _("good"),
    "state.note": _("worth a look"),
    "state.wrong": _("wrong"),
    "can.manage_access": _("Set who may do what, manage groups, see how the forum does"),
    "can.manage_boards": _("Open and order boards, change rules"),
    "can.manage_members": _("Let people in, see to their accounts and groups"),
    "can.sanction_members": _("Warn and limit members everywhere, suspend and ban them"),
    "can.see_networks": _("See whose sessions come from the same network or browser"),
    "counted.members": _("Members"),
    "counted.threads": _("Threads"),
    "counted.posts": _("Posts"),
    "counted.active_day": _("Active that day"),
    "counted.active_week": _("Active in 7 days"),
    "counted.active_month": _("Active in 30 days"),
    "preset.public": _("Public: all read, members write"),
    "preset.members_only": _("Members only: members read and write"),
    "preset.staff": _("Staff alone"),
}


def in_words(name: str) -> str:
    """Return what a page, a step, a part, a state or a right is called."""
    return gettext(WORDS.get(name, name))
