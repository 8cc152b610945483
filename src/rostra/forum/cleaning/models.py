"""What was taken away of a member's at once, so that it can be put back."""

from django.conf import settings
from django.db import models

MEMBER = settings.AUTH_USER_MODEL


class Cleaning(models.Model):
    """One clean-up: the posts and threads it took, with their entries, and what the account had."""

    log_n = models.BigIntegerField(primary_key=True)
    member = models.ForeignKey(MEMBER, models.CASCADE, related_name="+")
    by = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    posts = models.JSONField(default=list)  # [post, entry], in the order they were removed
    threads = models.JSONField(default=list)  # [thread, entry]
    had = models.JSONField(default=dict)  # of the account, what was taken: avatar, about, ...
    undone_n = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["member", "-log_n"], name="cleaning_of_member")]
