"""The archive a member asked for. One each: a new one takes the place of the one before."""

from django.conf import settings
from django.db import models


class Takeout(models.Model):
    """One archive, from being asked for until its file is deleted."""

    class State(models.TextChoices):
        ASKED = "asked"
        MAKING = "making"
        READY = "ready"
        FAILED = "failed"  # it is tried again by itself

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state = models.CharField(max_length=6, choices=State, default=State.ASKED)
    language = models.CharField(max_length=10)  # of its pages
    asked_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)  # when whoever makes it last gave a sign
    ready_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=32, blank=True)  # the name of its file
    size = models.BigIntegerField(default=0)  # bytes

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="takeout_by_age")]
