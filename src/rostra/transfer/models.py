"""What imports remember: where everything came from, and how far each got."""

from django.db import models


class Origin(models.Model):
    """One forum, archive or newsgroup tree that something was imported from."""

    name = models.CharField(max_length=120, unique=True)
    dialect = models.CharField(max_length=8, blank=True)


class Mapped(models.Model):
    """An old id and the row it became; written in the same transaction as the row."""

    origin = models.ForeignKey(Origin, models.PROTECT)
    kind = models.CharField(max_length=12)
    old_id = models.CharField(max_length=200)
    new_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["origin", "kind", "old_id"], name="transfer_old_once")
        ]
        indexes = [models.Index(fields=["kind", "new_id"], name="transfer_by_new")]


class OldAddress(models.Model):
    """An address of the old site and what is there now."""

    address = models.CharField(max_length=500, unique=True)
    kind = models.CharField(max_length=12)
    new_id = models.BigIntegerField()
