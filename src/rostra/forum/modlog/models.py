"""Rules, entries with their erasable texts, statements, the head, and who is "Moderator 3"."""

from django.db import models


class RuleVersion(models.Model):
    """What a rule said from some day on. Written once: what acts cite must stay readable."""

    code = models.CharField(max_length=8)  # "R3"
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    is_in_force = models.BooleanField(default=True)  # False: this version took the rule back
    effective_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="modlog_rule_version_once")
        ]


class LogEntry(models.Model):
    """One act. Written once, never changed; `public` is what the hash is over."""

    n = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    # Beside the chain, to find entries by; all but people's ids are in `public` as well.
    board_id = models.BigIntegerField(null=True)
    thread_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    by = models.PositiveIntegerField(null=True)  # the number of an ActorLabel
    rule = models.CharField(max_length=8, blank=True)
    reverts = models.BigIntegerField(null=True)  # the entry whose act this one took back
    public = models.JSONField()
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["thread_id", "-n"], name="modlog_by_thread"),
            models.Index(fields=["post_id", "-n"], name="modlog_by_post"),
            models.Index(fields=["kind", "-n"], name="modlog_by_kind"),
            models.Index(fields=["board_id", "-n"], name="modlog_by_board"),
            models.Index(fields=["by", "-n"], name="modlog_by_actor"),
            models.Index(fields=["rule", "board_id", "-n"], name="modlog_by_rule"),
            models.Index(fields=["at"], name="modlog_by_time"),
            models.Index(
                fields=["reverts"],
                condition=models.Q(reverts__isnull=False),
                name="modlog_taken_back",
            ),
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
        indexes = [
            models.Index(
                fields=["value", "-entry"],
                condition=models.Q(field="subject"),
                name="modlog_by_subject",
            )
        ]


class Statement(models.Model):
    """That an entry restricts a member, who is told why, and until when they may appeal."""

    entry = models.OneToOneField(LogEntry, models.PROTECT, primary_key=True)
    member_id = models.BigIntegerField()
    at = models.DateTimeField()
    appeal_until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["member_id", "-entry"], name="modlog_statements_of")]


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
