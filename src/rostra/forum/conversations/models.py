"""Conversations, who sits in them, their messages, and what is needed to find and report them."""

from django.conf import settings
from django.db import models

MEMBER = settings.AUTH_USER_MODEL


class Conversation(models.Model):
    """What a few members say to each other; nobody else may know that it is there."""

    title = models.CharField(max_length=200)
    starter = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    last_number = models.PositiveIntegerField(default=0)


class Seat(models.Model):
    """A member in a conversation; the row stays when they leave, and lets them see nothing."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="seats")
    member = models.ForeignKey(MEMBER, models.CASCADE, related_name="+")
    invited_by = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    read_number = models.PositiveIntegerField(default=0)  # the last message they were shown
    is_unread = models.BooleanField(default=True)
    bumped_at = models.DateTimeField()  # of the conversation's last message: orders their list

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "member"], name="conversations_one_seat_each"
            )
        ]
        indexes = [
            models.Index(
                fields=["member", "-bumped_at", "-id"],
                condition=models.Q(left_at=None),
                name="conversations_listed",
            ),
            models.Index(
                fields=["member", "-bumped_at", "-id"],
                condition=models.Q(left_at=None, is_unread=True),
                name="conversations_unread",
            ),
            models.Index(fields=["invited_by", "-id"], name="conversations_asked"),
        ]


class Message(models.Model):
    """What somebody said in a conversation; `number` counts from 1 and has no gaps."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    source = models.TextField()
    html = models.TextField()
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=32, blank=True)  # of the form it came by
    is_indexed = models.BooleanField(default=False)  # its words are among `Word`, as they are now

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "number"], name="conversations_one_message_a_number"
            ),
            models.UniqueConstraint(
                fields=["author", "key"],
                condition=~models.Q(key=""),
                name="conversations_one_message_a_form",
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-id"], name="conversations_by_author"),
            models.Index(
                fields=["author", "-id"],
                condition=models.Q(number=1),
                name="conversations_started",
            ),
            models.Index(
                fields=["id"], condition=models.Q(is_indexed=False), name="conversations_to_index"
            ),
        ]


class Word(models.Model):
    """A folded word of a message, or of the title (number 0); for who sits there to find it by."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    word = models.CharField(max_length=60)
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "word", "number"],
                opclasses=["int8_ops", "varchar_pattern_ops", "int4_ops"],  # words by beginnings
                name="conversations_word_once",
            )
        ]
        indexes = [
            models.Index(fields=["conversation", "number"], name="conversations_words_of_message")
        ]


class Door(models.Model):
    """Whom a member lets write to them; without a row: everybody."""

    class To(models.TextChoices):
        EVERYBODY = "everybody"
        FOLLOWED = "followed"
        NOBODY = "nobody"

    member = models.OneToOneField(MEMBER, models.CASCADE, primary_key=True, related_name="+")
    opens_to = models.CharField(max_length=9, choices=To)


class Report(models.Model):
    """One message that somebody in the conversation showed to the staff, and why."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="reports")
    member = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")
    line = models.CharField(max_length=500)
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "member"], name="conversations_one_report_each"
            )
        ]
        indexes = [
            models.Index(
                fields=["-id"],
                condition=models.Q(closed_at=None),
                name="conversations_reports_open",
            )
        ]
