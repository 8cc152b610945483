"""Polls, what can be chosen, and who chose it."""

from django.conf import settings
from django.db import models


class Poll(models.Model):
    """The one poll of a thread; `Thread.has_poll` tells that there is one."""

    thread = models.OneToOneField("threads.Thread", models.CASCADE, primary_key=True)
    question = models.CharField(max_length=200)
    most = models.PositiveSmallIntegerField(default=1)  # options in one ballot
    closes_at = models.DateTimeField(null=True)
    is_public = models.BooleanField(default=False)  # who chose what is shown
    may_change = models.BooleanField(default=True)
    shows_results = models.BooleanField(default=True)  # also to those who have not voted
    voter_count = models.PositiveIntegerField(default=0)
    without_names = models.PositiveIntegerField(default=0)  # of these, that came with an import


class Option(models.Model):
    """Something that can be chosen."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options")
    place = models.PositiveSmallIntegerField()  # from 1
    text = models.CharField(max_length=200)
    vote_count = models.PositiveIntegerField(default=0)
    without_names = models.PositiveIntegerField(default=0)  # of these, that came with an import

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "place"], name="polls_one_option_a_place")
        ]


class Vote(models.Model):
    """A member's vote for an option. In a secret poll nobody is told of it but that member."""

    poll = models.ForeignKey(Poll, models.CASCADE)
    option = models.ForeignKey(Option, models.CASCADE)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    at = models.DateTimeField(null=True)  # None: it came with an import that did not tell

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["option", "member"], name="polls_one_vote_each")
        ]
        indexes = [models.Index(fields=["poll", "member"], name="polls_by_voter")]
