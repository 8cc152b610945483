"""What waits, whose posts have to, and what newcomers' posts had in common.

Posts stand upstairs: their ids are kept as numbers, as in the moderation log.
"""

from django.conf import settings
from django.db import models

MEMBER = settings.AUTH_USER_MODEL


class Hold(models.Model):
    """A post that is not shown, or new words of one that is, until somebody has looked at it."""

    class Kind(models.TextChoices):
        THREAD = "thread"
        REPLY = "reply"
        EDIT = "edit"

    class State(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        REJECTED = "rejected"
        RETURNED = "returned"  # to its author, to be written anew
        WITHDRAWN = "withdrawn"

    kind = models.CharField(max_length=6, choices=Kind)
    post_id = models.BigIntegerField()
    thread_id = models.BigIntegerField()
    board_id = models.BigIntegerField()  # where the thread is now
    author = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    reasons = models.JSONField(default=list)  # [name, what it was], in the order they were found
    names = models.CharField(max_length=300, blank=True)  # of the reasons, " word host ", to filter
    bunch = models.CharField(max_length=80, blank=True)  # what it has in common with others
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    version = models.PositiveIntegerField(default=1)  # rises when the author writes it anew
    held_at = models.DateTimeField()
    # Of an edit: the words that are to be, and what else the form held.
    source = models.TextField(blank=True)
    more = models.JSONField(default=dict)
    decided_by = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=500, blank=True)  # to the author, of what is given back
    log_n = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post_id"],
                condition=models.Q(state="waiting"),
                name="holds_waits_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["board_id", "id"],
                condition=models.Q(state="waiting"),
                name="holds_waiting",
            ),
            models.Index(
                fields=["bunch", "id"],
                condition=models.Q(state="waiting") & ~models.Q(bunch=""),
                name="holds_alike",
            ),
            models.Index(fields=["author", "state", "thread_id"], name="holds_by_author"),
            models.Index(fields=["post_id", "-id"], name="holds_of_post"),
            models.Index(
                fields=["thread_id"],
                condition=models.Q(state="waiting"),
                name="holds_in_thread",
            ),
        ]


class Caution(models.Model):
    """Whose posts wait whatever they say: a group's, a board's, a thread's, newcomers'."""

    class Scope(models.TextChoices):
        GROUP = "group"
        THREADS = "threads"  # new threads of a board
        BOARD = "board"  # all posts of a board
        THREAD = "thread"
        NEWCOMERS = "newcomers"  # of the whole forum, for some hours

    scope = models.CharField(max_length=9, choices=Scope)
    target_id = models.BigIntegerField(default=0)
    until = models.DateTimeField(null=True)
    log_n = models.BigIntegerField()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "target_id"], name="holds_caution_once")
        ]


class Trace(models.Model):
    """What a newcomer's post has that others may have too: a host, a number, its words."""

    key = models.CharField(max_length=80)
    value = models.CharField(max_length=16, blank=True)  # the whole of what `key` is a part of
    member = models.ForeignKey(MEMBER, models.CASCADE, related_name="+")
    post_id = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["key", "-at"], name="holds_traces")]


class KnownHost(models.Model):
    """A site that somebody who is no newcomer has led to: that newcomers do as well is no sign."""

    host = models.CharField(max_length=60, primary_key=True)
