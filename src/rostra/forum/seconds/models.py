"""Which acts wait for a second person, and who that was."""

from django.conf import settings
from django.db import models

MEMBER = settings.AUTH_USER_MODEL


class Second(models.Model):
    """One act that a second person is asked to confirm."""

    class Needs(models.TextChoices):
        """What a second person must be able to do: what the first did."""

        CLEAN = "clean"
        SANCTION = "sanction"

    log_n = models.BigIntegerField(primary_key=True)  # the entry of the act
    needs = models.CharField(max_length=8, choices=Needs)
    actor = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    subject = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    is_open = models.BooleanField(default=True)  # neither confirmed nor taken back
    confirmed_n = models.BigIntegerField(null=True)  # the entry that says so
    confirmed_by = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(is_open=True), name="seconds_open")
        ]
