"""Entries, their erasable texts, the head of the chain, and who is "Moderator 3"."""

from django.db import models


class LogEntry(models.Model):
    """One act. Written once, never changed; `public` is what the hash is over."""

    n = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    # Beside the chain, to find entries by; all but people's ids are in `public` as well.
    board_id = models.BigIntegerField(null=True)
    thread_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    public = models.JSONField()
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["thread_id", "-n"], name="modlog_by_thread"),
            models.Index(fields=["post_id", "-n"], name="modlog_by_post"),
            models.Index(fields=["kind", "-n"], name="modlog_by_kind"),
            models.Index(fields=["board_id", "-n"], name="modlog_by_board"),
        ]


class LogText(models.Model):
    """A plain value behind a commitment. Deleting the row erases it; the chain still holds."""

    entry = models.ForeignKey(LogEntry, models.PROTECT, related_name="texts")
    field = models.CharField(max_length=20)
    salt = models.BinaryField()
    value = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "field"], name="modlog_text_once"),
        ]


class LogHead(models.Model):
    """The last entry's number and hash: one row, locked by whoever appends."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    n = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="modlog_one_head")]


class ActorLabel(models.Model):
    """The number under which somebody's acts are shown: "Moderator 3"."""

    member_id = models.BigIntegerField(unique=True)
    number = models.PositiveIntegerField(unique=True)
