"""What was uploaded, and how much of it is whose. Where it is used, other rooms know."""

from django.conf import settings
from django.db import models


class Upload(models.Model):
    """A picture or a file; what it holds lies in the storage, under names made of `key`."""

    class Kind(models.TextChoices):
        PICTURE = "picture"
        FILE = "file"
        AVATAR = "avatar"

    key = models.CharField(
        max_length=32, unique=True
    )  # by chance; who has it may still see nothing
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    kind = models.CharField(max_length=7, choices=Kind)
    form = models.CharField(max_length=5)  # of our own table: `formats.FORMS`
    name = models.CharField(max_length=120, blank=True)  # of a file, as it is given out
    size = models.PositiveBigIntegerField()  # bytes in the storage, all sizes of a picture together
    width = models.PositiveIntegerField(default=0)  # of the largest; 0 for a file
    height = models.PositiveIntegerField(default=0)
    is_animated = models.BooleanField(default=False)  # then there is one size only
    created_at = models.DateTimeField()
    unused_since = models.DateTimeField(null=True)  # None while something shows it

    class Meta:
        indexes = [
            models.Index(fields=["owner", "id"], name="media_of_owner"),
            models.Index(
                fields=["unused_since"],
                condition=models.Q(unused_since__isnull=False),
                name="media_unused",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner"], condition=models.Q(kind="avatar"), name="media_one_avatar"
            )
        ]


class RemotePicture(models.Model):
    """A picture of another site's that posts show, drawn anew; kept for a while, or a copy."""

    class State(models.TextChoices):
        WANTED = "wanted"  # nobody has fetched it yet
        KEPT = "kept"
        DROPPED = "dropped"  # it was kept too long; who wants to see it has it fetched again
        NONE = "none"  # it is no picture that could be had

    key = models.CharField(max_length=32, unique=True)  # the address, signed
    url = models.CharField(max_length=2000)
    state = models.CharField(max_length=7, choices=State, default=State.WANTED)
    size = models.PositiveBigIntegerField(default=0)  # bytes in the storage, all sizes together
    width = models.PositiveIntegerField(default=0)  # of the largest
    height = models.PositiveIntegerField(default=0)
    is_animated = models.BooleanField(default=False)
    fetched_at = models.DateTimeField(null=True)
    fetch_at = models.DateTimeField(null=True)  # next; None: not until somebody asks
    failures = models.PositiveSmallIntegerField(default=0)  # one after another
    # Of a copy, which lies among uploads under this name as long as a post shows it; others' too.
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["sha256"], condition=~models.Q(sha256=""), name="media_remote_copies"
            ),
            models.Index(
                fields=["fetched_at"],
                condition=models.Q(state="kept"),
                name="media_remote_kept",
            ),
            models.Index(
                fields=["fetch_at"],
                condition=models.Q(fetch_at__isnull=False),
                name="media_remote_to_fetch",
            ),
        ]


class Usage(models.Model):
    """How many bytes somebody has here, and brought on one day: a sum, so that none is made."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    size = models.PositiveBigIntegerField(default=0)
    day = models.DateField()
    day_size = models.PositiveBigIntegerField(default=0)
