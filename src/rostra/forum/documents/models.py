"""Publishers, their documents, what these said, and the posts that link to them."""

from django.conf import settings
from django.db import models


class Publisher(models.Model):
    """Whose documents are: all that is under one registrable name."""

    domain = models.CharField(max_length=253, unique=True)
    name = models.CharField(max_length=200, blank=True)  # by its own word
    kind = models.CharField(max_length=11, default="unknown")
    owner = models.ForeignKey("self", models.PROTECT, null=True)  # for whom it speaks
    facts = models.CharField(max_length=500, blank=True)  # about it, with their sources


class PublisherEdit(models.Model):
    """What was said of a publisher, by whom and when; what it was before."""

    publisher = models.ForeignKey(Publisher, models.CASCADE)
    at = models.DateTimeField()
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    before = models.JSONField()  # kind, owner, facts
    after = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["editor", "-id"], name="documents_edits_by")]


class Document(models.Model):
    """What a link leads to. Until it has a title there is no card of it."""

    class State(models.TextChoices):
        UNREAD = "unread"  # nobody has looked yet
        LIVE = "live"
        CHANGED = "changed"  # it says something else than when it was linked to
        GONE = "gone"
        CLOSED = "closed"  # it was looked at, and was no page to read

    publisher = models.ForeignKey(Publisher, models.PROTECT)
    url = models.CharField(max_length=2000)  # normalised; the canonical one once it was read
    title = models.CharField(max_length=400, blank=True)
    authors = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True)
    is_exact = models.BooleanField(default=False)  # published_at: to the minute, or to the day
    modified_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=35, blank=True)
    kind = models.CharField(max_length=12, default="other")
    summary = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.UNREAD)
    # Who said what it is, where a member did: it was not read, or could not be.
    described_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    added_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)  # first
    checked_at = models.DateTimeField(null=True)  # last
    changed_at = models.DateTimeField(null=True)  # when that was noticed; so is the next
    gone_at = models.DateTimeField(null=True)
    check_at = models.DateTimeField(null=True)  # next; None: not again
    checks = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)  # one after another
    failing_since = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["publisher", "-id"], name="documents_of_publisher"),
            models.Index(
                fields=["check_at"],
                condition=models.Q(check_at__isnull=False),
                name="documents_to_check",
            ),
        ]


class Address(models.Model):
    """One of the addresses a document is found by: `addresses.key_of`."""

    key = models.CharField(max_length=64, unique=True)
    document = models.ForeignKey(Document, models.CASCADE)


class Snapshot(models.Model):
    """What a document said at a time. For quotes to be looked for in, not to be read here."""

    document = models.ForeignKey(Document, models.CASCADE)
    taken_at = models.DateTimeField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)


class Link(models.Model):
    """A post leads to a document. Who may read the post may know of it."""

    post = models.ForeignKey("threads.Post", models.CASCADE)
    place = models.PositiveSmallIntegerField()  # in the post; 0: what its thread is about
    document = models.ForeignKey(Document, models.CASCADE)
    url = models.CharField(max_length=2000)  # as it stands in the post
    # Where it stands for a picture, and such are shown.
    picture = models.ForeignKey("media.RemotePicture", models.SET_NULL, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "place"], name="documents_one_link_a_place")
        ]
        indexes = [models.Index(fields=["document", "-id"], name="documents_linked")]
