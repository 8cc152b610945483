from django.db import models


class Board(models.Model):
    """A place that threads are filed in; a category holds only boards."""

    title = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    position = models.IntegerField(default=0)
    is_category = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["parent", "position"], name="boards_in_order")]

    def __str__(self) -> str:
        return self.title
