"""Notes below posts, who rates them, and what the engine knows of raters.

Where somebody stands (`Placement`, `Seat.side`, the inputs of a `Run`) is inferred opinion: nothing
outside this room reads it, and leaving erases it.
"""

from django.conf import settings
from django.db import models


class Note(models.Model):
    """What readers should know who read a post. Its words never change: another note is written."""

    class Why(models.TextChoices):
        FACTUAL_ERROR = "factual_error"
        MISSING_CONTEXT = "missing_context"
        OUTDATED = "outdated"
        UNVERIFIED = "unverified_as_fact"
        ALTERED_MEDIA = "altered_media"
        SATIRE = "satire_as_fact"

    class State(models.TextChoices):
        CALIBRATION = "calibration"  # every rater rates it; it is shown nowhere else
        PROPOSED = "proposed"
        ON_PANEL = "on_panel"
        SHOWN = "shown"
        UNDER_REVIEW = "under_review"  # shown, and asked about anew
        NOT_HELPFUL = "not_helpful"
        NO_AGREEMENT = "no_agreement"
        TAKEN_BACK = "taken_back"  # was shown, and did not stand its review
        REMOVED = "removed"  # by a moderator
        WITHDRAWN = "withdrawn"  # by its author

    post = models.ForeignKey("threads.Post", models.CASCADE)
    edits = models.PositiveIntegerField(default=0)  # of the post, when the note was written
    # Whose status says whether the note is looked at again.
    claim = models.ForeignKey("claims.Claim", models.SET_NULL, null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    why = models.CharField(max_length=20, choices=Why)
    text = models.CharField(max_length=600)
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    created_at = models.DateTimeField()
    state_at = models.DateTimeField()
    was = models.CharField(max_length=12, blank=True)  # the state it was removed from
    expected = models.SmallIntegerField(null=True)  # of two calibration notes: what anybody says
    # The panels. Groups have no names; which is told first was drawn once.
    panel = models.PositiveSmallIntegerField(default=0)  # 1: the first; each review has another
    round = models.PositiveSmallIntegerField(default=0)  # of the panel
    is_broad = models.BooleanField(default=False)  # one pool: no lasting sides were found
    is_turned = models.BooleanField(default=False)
    told = models.JSONField(null=True)  # [[helpful, answered], …] when it was last decided
    review_asked_at = models.DateTimeField(null=True)  # by the author of the post, once

    class Meta:
        indexes = [
            models.Index(fields=["post", "state"], name="notes_below_post"),
            models.Index(fields=["state", "created_at"], name="notes_in_state"),
            models.Index(fields=["author", "-id"], name="notes_by_author"),
        ]


class StateChange(models.Model):
    """That a note came into another state: for who audits what became of notes."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=Note.State)


class Source(models.Model):
    """A document that a note rests on."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="sources")
    place = models.PositiveSmallIntegerField()
    document = models.ForeignKey("documents.Document", models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "place"], name="notes_one_source_a_place")
        ]


class Rater(models.Model):
    """A member who agreed to what rating notes means. Leaving deletes this row and all below it."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    alias = models.CharField(max_length=40, unique=True)  # by which notes of theirs are signed
    consented_at = models.DateTimeField()
    is_active = models.BooleanField(default=False)  # all calibration notes were rated
    asked = models.PositiveIntegerField(default=0)  # for panels
    answered = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)  # last
    must_answer = models.PositiveIntegerField(default=0)  # more, before writing again
    counts = models.BooleanField(default=True)  # by the last night: see `independence`
    # Which text they agreed to: from `rules.PUBLISHED_SINCE` on ratings are published, unnamed.
    terms = models.PositiveSmallIntegerField(default=1)


class Rating(models.Model):
    """What a rater says of a note of their own accord, or to be placed. It decides nothing."""

    note = models.ForeignKey(Note, models.CASCADE)
    rater = models.ForeignKey(Rater, models.CASCADE)
    value = models.PositiveSmallIntegerField()  # 2: yes, 1: somewhat, 0: no
    origin = models.CharField(max_length=11)  # "self", "calibration", "panel"
    reasons = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "rater"], name="notes_one_rating_each")
        ]


class Seat(models.Model):
    """A place on a panel. Its answer stays when its rater leaves, without them."""

    note = models.ForeignKey(Note, models.CASCADE)
    panel = models.PositiveSmallIntegerField()
    side = models.SmallIntegerField()  # 0: of the one pool
    rater = models.ForeignKey(Rater, models.SET_NULL, null=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    value = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "rater"], name="notes_one_seat_each")
        ]
        indexes = [models.Index(fields=["rater", "answered_at"], name="notes_open_seats")]


class Run(models.Model):
    """One fit over all ratings, kept so that it can be computed again."""

    at = models.DateTimeField()
    version = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=8)  # what the gates allowed: see `rules.mode_of`
    active = models.PositiveIntegerField()
    smaller_side = models.PositiveIntegerField()
    split_half = models.FloatField(null=True)
    loss = models.FloatField()
    has_moved = models.BooleanField(default=False)  # another axis than before: nobody was placed
    input_sha256 = models.CharField(max_length=64)
    inputs = models.BinaryField()  # compressed: raters, notes, values
    results = models.JSONField()  # of notes; nothing of a rater
    set_aside = models.PositiveIntegerField(default=0)  # raters who do not count for themselves
    erased = models.PositiveIntegerField(default=0)  # raters whose ratings are gone from the inputs


class Placement(models.Model):
    """Where the last run put a rater. Read by the engine alone."""

    rater = models.OneToOneField(Rater, models.CASCADE, primary_key=True)
    factor = models.FloatField()
    side = models.SmallIntegerField()  # -1, 1; 0: unplaced


class Engine(models.Model):
    """How notes are decided at present. One row."""

    mode = models.CharField(max_length=8, default="collect")
    is_paused = models.BooleanField(default=False)  # nothing is shown below posts
