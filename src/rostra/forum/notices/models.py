"""Notices above pages. Who dismissed which stands on the members' rows."""

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """An announcement, from one moment to another; what is over stays to be looked up."""

    class Audience(models.TextChoices):
        EVERYBODY = "everybody"
        GUESTS = "guests"
        MEMBERS = "members"

    texts = models.JSONField()  # language → native markup
    audience = models.CharField(max_length=9, choices=Audience)
    board_ids = models.JSONField(default=list)  # in these and below; none: everywhere
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  # None: until somebody ends it
    is_dismissible = models.BooleanField(default=True)  # by members
    edits = models.PositiveIntegerField(default=0)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="notices_standing")]
