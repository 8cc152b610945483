"""What members are told, and how they want to be told."""

from django.conf import settings
from django.db import models


class Notification(models.Model):
    """One thing that happened and concerns one member."""

    class Kind(models.TextChoices):
        MENTION = "mention"
        QUOTE = "quote"
        REPLY = "reply"
        WATCH = "watch"
        FOLLOW = "follow"
        REACTION = "reaction"
        REMINDER = "reminder"
        MESSAGE = "message"
        NOTICE = "notice"
        NOTE = "note"
        PANEL = "panel"
        CLAIM = "claim"

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=80)  # what happened: told once
    group = models.CharField(max_length=40)  # what is told in one line
    post = models.ForeignKey("threads.Post", models.CASCADE, null=True)
    message = models.ForeignKey("conversations.Message", models.CASCADE, null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()
    on_site = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True)
    mail_at = models.DateTimeField(null=True)  # when a letter may go; None: it went, or none is to

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="notifications_told_once")
        ]
        indexes = [
            models.Index(fields=["member", "-id"], name="notifications_latest"),
            models.Index(
                fields=["member", "post"],
                condition=models.Q(read_at=None),
                name="notifications_unread",
            ),
            models.Index(
                fields=["mail_at", "member"],
                condition=models.Q(mail_at__isnull=False),
                name="notifications_to_mail",
            ),
            models.Index(fields=["at"], name="notifications_by_age"),
        ]


class Wishes(models.Model):
    """How a member wants to be told; without a row all is as set."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    channels = models.JSONField(default=dict)  # kind → ["site", "mail"]
    watches_own = models.BooleanField(default=True)  # the threads they write in
    has_digest = models.BooleanField(default=False)
    digest_at = models.DateTimeField(null=True)
    digests_unanswered = models.PositiveSmallIntegerField(default=0)
    bounces = models.PositiveSmallIntegerField(default=0)
    bounced_at = models.DateTimeField(null=True)
