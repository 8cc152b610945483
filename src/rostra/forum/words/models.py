"""The list of watched words."""

from django.conf import settings
from django.db import models


class WatchedWord(models.Model):
    """A word, or some after one another, and what is done where they are said."""

    class Act(models.TextChoices):
        BLOCK = "block"  # such a post is not taken
        CENSOR = "censor"  # shown covered
        HOLD = "hold"  # such a post waits for approval
        LINK = "link"  # shown as a link

    word = models.CharField(max_length=100)  # as it was typed, with `*` at its ends
    key = models.CharField(max_length=800, unique=True)  # as texts are compared with it
    act = models.CharField(max_length=6, choices=Act)
    link = models.CharField(max_length=2000, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField()
