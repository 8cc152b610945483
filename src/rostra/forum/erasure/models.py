"""Who asked to be erased, in which way, and how far that has come."""

from django.conf import settings
from django.db import models


class Erasure(models.Model):
    """One wish to be erased. Until `due_at` it can be taken back, and is gone then."""

    class Choice(models.TextChoices):
        NAME = "name"  # the words that everybody reads stay, under a neutral name
        WORDS = "words"  # they go too
        SOME = "some"  # those of some posts go, once staff have agreed to the list

    class State(models.TextChoices):
        ASKED = "asked"  # staff have to look at the list
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    choice = models.CharField(max_length=5, choices=Choice)
    posts = models.JSONField(default=list)  # whose words go, of `SOME`
    state = models.CharField(max_length=7, choices=State)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # None: staff have not agreed yet
    log_n = models.BigIntegerField(null=True)  # the entry that says it was carried out
    names = models.JSONField(default=list)  # that are being looked for, while it runs
    place = models.BigIntegerField(default=0)  # the post of others that was looked at last
    review = models.JSONField(default=list)  # posts of others that seem to name the member freely
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="erasure_due")]
