"""Work to be done later, versions of what is kept, tries that are counted, chosen settings."""

from django.db import models


class Job(models.Model):
    """Something to do: an event to hand to its listeners, one failed listener, or a plain job.

    A row that is done is deleted, unless its `run_key` must still keep a second one out.
    """

    name = models.CharField(max_length=120)
    payload = models.JSONField(default=dict)
    listener = models.CharField(max_length=200, blank=True)
    run_key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 (NULLs are many)
    created_at = models.DateTimeField()
    run_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    lease = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    is_dead = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["run_at", "id"],
                condition=models.Q(done_at=None, is_dead=False),
                name="kernel_job_due",
            )
        ]


class Version(models.Model):
    """A number that rises with every change of the thing it is named after."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.BigIntegerField(default=0)


class Tries(models.Model):
    """When something was tried lately that may be tried so often and no more."""

    key = models.CharField(max_length=64, primary_key=True)
    times = models.JSONField(default=list)
    until = models.DateTimeField(db_index=True)


class Chosen(models.Model):
    """A setting that somebody chose while the site runs; without a row its default holds."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.TextField(blank=True)
