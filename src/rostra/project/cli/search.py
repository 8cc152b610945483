"""`rostra search`: the index of words."""

from __future__ import annotations

import click

from rostra.project.cli.base import progress_bar, ready, rostra


@rostra.group()
def search() -> None:
    """The index that the search looks into."""


@search.command()
@click.option("--restart", is_flag=True, help="Throw it away first: for one lost or broken.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def reindex(restart: bool, quiet: bool) -> None:
    """Write the index anew while the forum runs; killed, it goes on where it was."""
    ready(migrate=True)
    from rostra.effects.search.actions import reindex as write_anew
    from rostra.forum.threads.searching import count_posts
    from rostra.transfer.load.memory import keep_memory_small

    keep_memory_small()
    with progress_bar(total=count_posts(), unit=" posts", disable=quiet, mininterval=0.5) as bar:
        count = write_anew(restart=restart, progress=bar.update)
    click.echo(f"{count:,} posts indexed")
