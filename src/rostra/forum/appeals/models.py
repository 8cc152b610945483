"""Appeals against acts."""

from django.conf import settings
from django.db import models

MEMBER = settings.AUTH_USER_MODEL


class Appeal(models.Model):
    """What a member says against an act that restricts them; there is one an act."""

    class State(models.TextChoices):
        OPEN = "open"
        UPHELD = "upheld"
        OVERTURNED = "overturned"
        PARTLY = "partly"

    log_n = models.BigIntegerField(primary_key=True)  # the entry of the act
    member = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    # Of what may not be told whose it is: who decides is not told who appealed either.
    is_unnamed = models.BooleanField(default=False)
    thread = models.ForeignKey("threads.Thread", models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_by_same_person = models.BooleanField(default=False)
    outcome_n = models.BigIntegerField(null=True)  # the entry that says how it was decided

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "log_n"],
                condition=models.Q(state="open"),
                name="appeals_waiting",
            ),
            models.Index(fields=["member", "-log_n"], name="appeals_of"),
            models.Index(fields=["at"], name="appeals_at"),
            models.Index(fields=["decided_at"], name="appeals_done"),
        ]
