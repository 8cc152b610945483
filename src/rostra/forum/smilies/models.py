"""The forum's own smilies. Those of every forum are a table of the markup."""

from django.db import models


class Smilie(models.Model):
    """A code and what it stands for. It stays when it is off: posts of before go on showing it."""

    code = models.CharField(max_length=32, unique=True)
    sign = models.CharField(max_length=12, blank=True)  # a character, or else a picture:
    key = models.CharField(max_length=32, blank=True)  # of its address
    picture = models.BinaryField(null=True)  # drawn by us; a few kilobytes
    words = models.CharField(max_length=100, blank=True)  # for who does not see the picture
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)
    is_on = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=~models.Q(key=""), name="smilies_one_of_a_key"
            )
        ]
