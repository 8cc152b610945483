"""`rostra pictures`: pictures of other sites that posts show."""

from __future__ import annotations

import click

from rostra.project.cli.base import progress_bar, ready, rostra


@rostra.group()
def pictures() -> None:
    """Pictures of other sites that posts show."""


@pictures.command()
@click.option("--quiet", is_flag=True, help="No progress bar.")
def copy(quiet: bool) -> None:
    """Copy those of all posts now, while the forum runs; ended, it goes on where it was.

    For a forum that was imported, or has just been set to remote_images = copy. What is not there
    any more stays a link.
    """
    ready(migrate=True)
    from django.conf import settings

    from rostra.content.media import remote
    from rostra.forum.documents.actions.copying import copy_due
    from rostra.forum.documents.actions.linking import note_old_pictures
    from rostra.forum.threads.outside import last_post_id

    if settings.ROSTRA.remote_images != "copy":
        raise click.ClickException("remote_images is not copy: set it first")
    with progress_bar(total=last_post_id(), unit=" posts", disable=quiet) as bar:
        note_old_pictures(bar.update)
    remote.want_copies()
    with progress_bar(total=remote.waiting(), unit=" pictures", disable=quiet) as bar:
        had, missed = copy_due(bar.update)
    count, size = remote.copies()
    click.echo(f"{had:,} pictures copied, {missed:,} could not be had")
    click.echo(f"{count:,} copies in all, {size / remote.MEGABYTE:,.1f} MB")
