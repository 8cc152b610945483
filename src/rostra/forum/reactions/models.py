"""Reactions, and the reputation they add up to."""

from django.conf import settings
from django.db import models


class Reaction(models.Model):
    """One member's one reaction to one post."""

    post = models.ForeignKey("threads.Post", models.CASCADE)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    kind = models.CharField(max_length=16)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "member"], name="reactions_one_each"),
        ]
        indexes = [
            models.Index(fields=["member", "-at"], name="reactions_by_member"),
            models.Index(fields=["member", "-id"], name="reactions_given"),
        ]


class Tally(models.Model):
    """How many reactions of a kind a post has; `without_names` of them came with an import."""

    post = models.ForeignKey("threads.Post", models.CASCADE)
    kind = models.CharField(max_length=16)
    count = models.PositiveIntegerField(default=0)
    without_names = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "kind"], name="reactions_tally_once"),
        ]


class Reputation(models.Model):
    """A member's reaction score."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    score = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-score", "member"], name="reactions_by_score")]
