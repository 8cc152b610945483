"""Bookmarks."""

from django.conf import settings
from django.db import models


class Bookmark(models.Model):
    """One post that one member keeps."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    post = models.ForeignKey("threads.Post", models.CASCADE)
    note = models.CharField(max_length=500, blank=True)
    remind_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "post"], name="bookmarks_once")]
        indexes = [
            models.Index(fields=["member", "-id"], name="bookmarks_of_member"),
            models.Index(
                fields=["remind_at"],
                condition=models.Q(remind_at__isnull=False),
                name="bookmarks_to_remind",
            ),
        ]
