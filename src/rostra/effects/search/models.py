"""What is indexed and where. The words themselves are kept by `backends`, in `search_words`."""

from django.db import models


class Span(models.Model):
    """Some 32,000 posts near each other in time: an index in itself, so that every look is bounded.

    It takes posts from `lowest` to `highest`; what it holds lies between `oldest` and `newest`.
    """

    number = models.PositiveIntegerField(primary_key=True)
    lowest = models.BigIntegerField()
    highest = models.BigIntegerField()
    oldest = models.BigIntegerField()
    newest = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)


class Entry(models.Model):
    """A post that is indexed. `place` rises with the date and is the key of its words."""

    place = models.BigIntegerField(primary_key=True)
    post_id = models.BigIntegerField(unique=True)
    span = models.PositiveIntegerField()


class Mark(models.Model):
    """How far something has come, as the id of a post."""

    name = models.CharField(max_length=20, primary_key=True)
    post_id = models.BigIntegerField(default=0)
