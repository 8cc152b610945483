"""Warnings, limits, staff's notes, and who looked at what of whom."""

from django.conf import settings
from django.db import models

MEMBER = settings.AUTH_USER_MODEL


class Warned(models.Model):
    """A warning: its points count until they fall off together, or it is taken back."""

    log_n = models.BigIntegerField(primary_key=True)  # the entry that says so
    member = models.ForeignKey(MEMBER, models.CASCADE, related_name="+")
    points = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=8)
    facts = models.TextField(blank=True)  # for the member and staff
    board = models.ForeignKey("boards.Board", models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("threads.Post", models.PROTECT, null=True, related_name="+")
    case_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    until = models.DateTimeField()
    taken_back_n = models.BigIntegerField(null=True)  # the entry that did

    class Meta:
        indexes = [models.Index(fields=["member", "-log_n"], name="sanctions_warnings_of")]


class Limited(models.Model):
    """A limit: what, where, until when. What holds of it stands on the member's row as well."""

    log_n = models.BigIntegerField(primary_key=True)
    member = models.ForeignKey(MEMBER, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9)  # limit, read_only, suspend, ban
    verbs = models.CharField(max_length=100, blank=True)  # of access.limits.LIMITABLE, by spaces
    a_day = models.PositiveSmallIntegerField(null=True)  # posts
    wait = models.PositiveIntegerField(null=True)  # seconds between posts
    rule = models.CharField(max_length=8)
    facts = models.TextField(blank=True)
    board = models.ForeignKey("boards.Board", models.PROTECT, null=True, related_name="+")
    thread = models.ForeignKey("threads.Thread", models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("threads.Post", models.PROTECT, null=True, related_name="+")
    case_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)  # None: without an end
    # Of one that the points of warnings led to: the warning that did, and how many it took.
    warning_n = models.BigIntegerField(null=True)
    threshold = models.PositiveSmallIntegerField(null=True)
    taken_back_n = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["member", "-log_n"], name="sanctions_limits_of"),
            models.Index(
                fields=["-log_n"],
                condition=models.Q(taken_back_n__isnull=True),
                name="sanctions_standing",
            ),
        ]


class StaffNote(models.Model):
    """What somebody of the staff wrote down about a member, for staff alone. Never rewritten."""

    member = models.ForeignKey(MEMBER, models.CASCADE, related_name="+")
    author = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["member", "-id"], name="sanctions_notes_on")]


class Look(models.Model):
    """That somebody looked at what is a member's own: where they come from, or by which address
    of mail they were found; or that they tried one that is nobody's. Never the address."""

    class What(models.TextChoices):
        NETWORKS = "networks"
        ADDRESS = "address"

    member = models.ForeignKey(MEMBER, models.CASCADE, null=True, related_name="+")
    by = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=8, choices=What, default=What.NETWORKS)

    class Meta:
        indexes = [models.Index(fields=["member", "-id"], name="sanctions_looks_at")]
