"""A row a day. Nobody is in it: numbers alone."""

from django.db import models


class Day(models.Model):
    """How large the forum was when a day (UTC) ended, and how many members had come by then."""

    day = models.DateField(primary_key=True)
    members = models.PositiveIntegerField()
    threads = models.PositiveIntegerField()
    posts = models.PositiveIntegerField()
    active_day = models.PositiveIntegerField()  # who was here that day
    active_week = models.PositiveIntegerField()  # within seven days, and 30
    active_month = models.PositiveIntegerField()
