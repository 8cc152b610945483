"""What settings are called and what they do, in words."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

PAGES = {
    "forum": _("The forum"),
    "joining": _("Joining"),
    "writing": _("Writing"),
    "moderation": _("Moderation"),
    "links": _("Links and pictures"),
}
LABELS = {
    "site_name": _("Name"),
    "site_description": _("Description"),
    "logo": _("Logo"),
    "logo_text": _("Words for the logo"),
    "accent": _("Colour"),
    "language": _("Language"),
    "ai_crawlers": _("Crawlers of language models"),
    "registration": _("Who may join"),
    "signup_question": _("Question for who joins"),
    "read_only_mode": _("Read-only mode"),
    "signup_answer": _("Answer to it"),
    "signups_per_day": _("New accounts a day"),
    "edit_grace_minutes": _("Minutes without a mark"),
    "edit_hours_new": _("Hours in which newcomers may edit"),
    "edit_days": _("Days in which members may edit"),
    "upload_megabytes": _("Largest file, in megabytes"),
    "upload_quotas": _("Megabytes a member may bring"),
    "posts_in_a_row": _("Posts in a row"),
    "cooling": _("Pauses in heated threads"),
    "held_first_posts": _("First posts that wait"),
    "spam_signals": _("Signs of spam"),
    "guest_reports": _("Reports by guests"),
    "moderators": _("Moderators in the log"),
    "warning_steps": _("Where points of warnings lead"),
    "clean_posts": _("Cleaning up: posts at most"),
    "clean_days": _("Cleaning up: days at most"),
    "clean_reactions": _("Cleaning up: reactions at most"),
    "fetch_links": _("Pages that posts link to"),
    "embeds": _("Players"),
    "remote_images": _("Pictures of other sites"),
    "remote_images_megabytes": _("Megabytes of such pictures"),
}
EXPLANATIONS = {
    "site_name": _("Shown in the bar, in titles, in feeds and in mail."),
    "site_description": _(
        "What the forum is for, in a sentence: above the boards, and where others show a link."
    ),
    "logo": _("A picture beside the name, in the browser's tab, and where others show a link."),
    "logo_text": _("What stands for the picture where it is not seen."),
    "accent": _(
        "Of links and buttons, such as #2f4a9e; empty: the usual one. For dark pages a paler one "
        "is made of it."
    ),
    "language": _("Of pages and mail, where the browser asks for none that there is."),
    "ai_crawlers": _(
        "Whether those who gather texts for language models are asked to stay away, by robots.txt. "
        "Who does not heed it meets the same limits as everybody."
    ),
    "registration": _("Whether anybody can join, and what comes before that."),
    "signup_question": _("Something only your people know; empty: none is asked."),
    "signup_answer": _("Several are parted by |. It stands in no log."),
    "signups_per_day": _("From one address of the network."),
    "edit_grace_minutes": _("What authors change so soon after posting is not marked as edited."),
    "edit_hours_new": _("How long newcomers may change a post of theirs."),
    "edit_days": _("How long all others may change a post of theirs."),
    "upload_megabytes": _(
        "Pictures and files that members bring. A proxy before the forum must let 3 more through."
    ),
    "upload_quotas": _(
        "In a day / in all, for everybody; more for groups by name behind it: "
        "50/1000; Moderators=200/5000"
    ),
    "posts_in_a_row": _(
        "How many replies of one member may follow one another, until somebody else answers or a "
        "day is over; 0: any number. Who started the thread and its moderators may always go on."
    ),
    "cooling": _(
        "Whether a thread closes for ten minutes when many members report posts in it at once, and "
        "two who only write at each other wait ten minutes between posts."
    ),
    "held_first_posts": _("How many posts of a new member wait for approval; 0: none."),
    "spam_signals": _(
        "Whether newcomers' posts are looked at for signs of spam, which let them wait and do "
        "nothing else."
    ),
    "read_only_mode": _(
        "Whether only administrators may change anything, while something is being looked after. "
        "All others read on."
    ),
    "guest_reports": _("Whether who is not signed in may report what breaks the rules."),
    "moderators": _("How the moderation log says who acted."),
    "warning_steps": _(
        "One a line: points, then what follows with a number. limit has minutes between two posts, "
        "and lasts while so many points count; read_only and suspend have days."
    ),
    "clean_posts": _("Of members with more posts nobody takes everything away at once."),
    "clean_days": _("Nor of those who are here for longer."),
    "clean_reactions": _("Nor of those whose reactions come to more."),
    "fetch_links": _(
        "On: the server reads them, for cards and for a copy of their text. Off: members say by "
        "hand what they are."
    ),
    "embeds": _("Of which sites videos may be played here, after a click."),
    "remote_images": _(
        "A link stands for each; or the server fetches them, has them drawn anew and shows them "
        "from here, so that no other site learns who reads."
    ),
    "remote_images_megabytes": _("How much of them is kept; the oldest go first."),
}
OPTIONS = {
    "on": _("On"),
    "off": _("Off"),
    "language.en": "English",
    "language.ar": "العربية",
    "registration.open": _("Anybody"),
    "registration.confirmed": _("Anybody, once their address of mail is confirmed"),
    "registration.approved": _("Who is let in by the staff"),
    "registration.invitation": _("Who is invited by a member"),
    "registration.closed": _("Nobody"),
    "ai_crawlers.allow": _("They may read like everybody"),
    "ai_crawlers.refuse": _("They are asked to stay away"),
    "moderators.labels": _("By a number that stays the same"),
    "moderators.names": _("By name"),
    "embeds.youtube,vimeo": "YouTube, Vimeo",
    "embeds.youtube": "YouTube",
    "embeds.vimeo": "Vimeo",
    "embeds.": _("None"),
    "remote_images.link": _("A link stands for each"),
    "remote_images.proxy": _("Fetched, and shown from here"),
    "remote_images.copy": _("Fetched, shown from here, and kept among uploads for good"),
}
ORIGINS = {
    "default": _("the default"),
    "chosen": _("chosen here"),
    "file": _("set in rostra.toml"),
    "environment": _("set in the environment"),
}


def page_name(page: str) -> str:
    """Return what a page of settings is called."""
    return gettext(PAGES[page])


def label(name: str) -> str:
    """Return what a setting is called; its name where it has no other."""
    return gettext(LABELS.get(name, name))


def explanation(name: str) -> str:
    """Return what a setting does."""
    return gettext(EXPLANATIONS[name])


def option(name: str, value: str) -> str:
    """Return what one of a setting's choices is called; the value itself where it is none."""
    words = OPTIONS.get(f"{name}.{value}") or OPTIONS.get(value)
    return gettext(words) if words else value


def origin(kind: str) -> str:
    """Return where a value comes from."""
    return gettext(ORIGINS[kind])
