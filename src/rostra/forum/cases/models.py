"""Cases, the reports in them, and what staff did and said about them."""

from django.conf import settings
from django.db import models

MEMBER = settings.AUTH_USER_MODEL


class Case(models.Model):
    """One item that was reported, as it was then. `version` rises with every change of the case."""

    class Kind(models.TextChoices):
        POST = "post"
        THREAD = "thread"
        MEMBER = "member"
        MESSAGE = "message"
        CLAIM = "claim"
        NOTE = "note"

    class State(models.TextChoices):
        OPEN = "open"
        CLAIMED = "claimed"
        DECIDED = "decided"
        DISMISSED = "dismissed"
        DUPLICATE = "duplicate"

    kind = models.CharField(max_length=7, choices=Kind)
    target_id = models.BigIntegerField()
    thread = models.ForeignKey("threads.Thread", models.PROTECT, null=True, related_name="+")
    subject = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()  # or opened again
    claimed_by = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(
        max_length=9, blank=True
    )  # remove, lock, settle, dismiss, duplicate
    rule = models.CharField(max_length=8, blank=True)  # of the first report, then of the decision
    log_n = models.BigIntegerField(null=True)
    # Unchecked: an archive may bring a case before the one it is a duplicate of.
    duplicate_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    title = models.CharField(max_length=400, blank=True)
    source = models.TextField(blank=True)
    digest = models.CharField(max_length=64)  # of title and source, as last reported

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "target_id"], name="cases_one_an_item")
        ]
        indexes = [
            models.Index(
                fields=["opened_at", "id"],
                condition=models.Q(state__in=("open", "claimed")),
                name="cases_waiting",
            ),
            models.Index(
                fields=["-decided_at", "-id"],
                condition=models.Q(decided_at__isnull=False),
                name="cases_done",
            ),
            models.Index(
                fields=["rule", "-decided_at"],
                condition=models.Q(decided_at__isnull=False),
                name="cases_done_by_rule",
            ),
            models.Index(fields=["subject", "-id"], name="cases_about"),
            models.Index(fields=["thread", "-id"], name="cases_in_thread"),
        ]


class Report(models.Model):
    """That somebody reported an item, and why. Who it was is for staff alone."""

    class Outcome(models.TextChoices):
        WAITING = ""
        ACTED = "acted"
        NOTHING = "nothing"

    case = models.ForeignKey(Case, models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    rule = models.CharField(max_length=8)
    line = models.CharField(max_length=500)
    at = models.DateTimeField()
    weight = models.PositiveSmallIntegerField(default=0)  # in hundredths: what it counts for hiding
    outcome = models.CharField(max_length=7, choices=Outcome, blank=True)
    key = models.CharField(max_length=32, blank=True)  # by which a guest looks what came of it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "reporter"],
                condition=models.Q(outcome=""),
                name="cases_reported_once",
            ),
            models.UniqueConstraint(
                fields=["key"], condition=~models.Q(key=""), name="cases_receipt_once"
            ),
        ]
        indexes = [
            models.Index(fields=["reporter", "-id"], name="cases_reports_by"),
            models.Index(fields=["at"], name="cases_reports_at"),
        ]


class Step(models.Model):
    """What somebody of the staff did or said in a case; for staff alone."""

    class Kind(models.TextChoices):
        NOTE = "note"
        CLAIMED = "claimed"
        RELEASED = "released"
        HANDED = "handed"
        HIDDEN = "hidden"
        DECIDED = "decided"
        REOPENED = "reopened"

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=8, choices=Kind)
    member = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="cases_steps")]


class Hiding(models.Model):
    """That a report had its share in hiding a post by itself: there may be three a day."""

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="+")
    member = models.ForeignKey(MEMBER, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["member", "-at"], name="cases_hidden_by")]
