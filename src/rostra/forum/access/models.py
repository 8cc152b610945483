"""Grants: groups × boards × verbs, additive."""

from django.db import models


class OwnAccess(models.Model):
    """The board has rows of its own, be they none: it does not inherit its parent's."""

    board = models.OneToOneField("boards.Board", models.CASCADE, primary_key=True)


class Grant(models.Model):
    """One group may do one thing in one board."""

    board = models.ForeignKey("boards.Board", models.CASCADE)
    group = models.ForeignKey("members.Group", models.CASCADE)
    verb = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "group", "verb"], name="access_grant_once"),
        ]
