"""Claims in threads, who says what about them, and what happened to them."""

from django.conf import settings
from django.db import models


class Claim(models.Model):
    """One checkable sentence, made from a post. Its status follows from its entries alone."""

    class State(models.TextChoices):
        VISIBLE = "visible"
        WITHDRAWN = "withdrawn"  # by its maker, while nobody else had said anything about it
        REMOVED = "removed"  # by a moderator
        MERGED = "merged"  # into another of its thread

    class Step(models.TextChoices):
        MERGE = "merge"
        SUPERSEDE = "supersede"

    thread = models.ForeignKey("threads.Thread", models.PROTECT)
    text = models.CharField(max_length=280)
    kind = models.CharField(max_length=10)
    # When and where what it says happened, as much as is known, and its tags: `circumstances`.
    begins = models.CharField(max_length=10, blank=True)
    ends = models.CharField(max_length=10, blank=True)
    place = models.CharField(max_length=120, blank=True)
    tags = models.CharField(max_length=160, blank=True)
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    made_at = models.DateTimeField()
    post = models.ForeignKey("threads.Post", models.PROTECT)  # that it comes from
    quote = models.CharField(max_length=500, blank=True)  # the words in it, where some were chosen
    anchor = models.JSONField(default=dict)  # where they stand in it
    found = models.CharField(max_length=6, blank=True)  # what became of them: `anchors.Found`
    state = models.CharField(max_length=9, choices=State, default=State.VISIBLE)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True)
    # What follows from the entries, kept: `reckoning` alone writes these.
    status = models.CharField(max_length=13, default="unsourced")
    history = models.JSONField(default=list)  # [[when it was said, status], …], the oldest first
    surest = models.CharField(max_length=8, default="stated")
    lacks_details = models.BooleanField(default=False)
    entry_count = models.PositiveSmallIntegerField(default=0)  # that count
    changed_at = models.DateTimeField()  # its status, by when that was entered
    # Another wording that waits for a second trusted member.
    proposed = models.CharField(max_length=280, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # Other circumstances that wait for one, as `circumstances.as_text` writes them.
    described = models.CharField(max_length=320, blank=True)
    described_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # By which claim it was overtaken, until what is said of it leads to another status.
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    # What a trusted member proposes to do with it and another of its thread.
    step = models.CharField(max_length=9, blank=True, choices=Step)
    step_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    step_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["status", "-id"], name="claims_by_status"),
            models.Index(fields=["maker", "-id"], name="claims_by_maker"),
        ]


class Tagged(models.Model):
    """A claim under one of its tags, for lists."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="tagged")
    tag = models.CharField(max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "tag"], name="claims_tag_once")]
        indexes = [models.Index(fields=["tag", "-claim"], name="claims_by_tag")]


class Attribution(models.Model):
    """Who said what about a claim, and where that can be read."""

    class State(models.TextChoices):
        ACTIVE = "active"
        DISPUTED = "disputed"  # by two members; does not count until a third has decided
        WITHDRAWN = "withdrawn"
        REMOVED = "removed"  # by a moderator: its words are shown to moderators alone

    claim = models.ForeignKey(Claim, models.PROTECT)
    speaker = models.CharField(max_length=120, blank=True)  # "": the publisher itself
    publisher = models.ForeignKey("documents.Publisher", models.PROTECT, null=True)  # who speaks
    root = models.CharField(max_length=160, blank=True)  # where a trusted member said so
    stance = models.CharField(max_length=12)
    party = models.CharField(max_length=9, default="unknown")
    modality = models.CharField(max_length=8, default="stated")
    has_details = models.BooleanField(default=True)
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True)
    post = models.ForeignKey("threads.Post", models.PROTECT, null=True)
    quote = models.CharField(max_length=500, blank=True)
    quote_check = models.CharField(max_length=9, default="unchecked")
    anchor = models.JSONField(default=dict)  # in the post
    found = models.CharField(max_length=6, blank=True)
    said_at = models.DateTimeField(null=True)  # as a member knows it
    is_exact = models.BooleanField(default=False)  # said_at: to the minute, or to the day
    # When it counts from: said, else the document's publication, else added.
    at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    added_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=9, choices=State, default=State.ACTIVE)

    class Meta:
        indexes = [models.Index(fields=["added_by", "-id"], name="claims_added_by")]


class Dispute(models.Model):
    """A member says that an entry is wrong, once, and why."""

    attribution = models.ForeignKey(Attribution, models.CASCADE)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    is_open = models.BooleanField(default=True)  # nobody has decided about it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attribution", "member"], name="claims_dispute_once")
        ]


class Watch(models.Model):
    """A member wants to be told when a claim has another status, who has no part in it."""

    claim = models.ForeignKey(Claim, models.CASCADE)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "claim"], name="claims_watch_once")
        ]


class ClaimEvent(models.Model):
    """What happened to a claim and when that was entered here; never changed afterwards."""

    claim = models.ForeignKey(Claim, models.PROTECT)
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(
                fields=["-id"],
                condition=models.Q(kind__in=("made", "status")),
                name="claims_changes",
            )
        ]
