"""`rostra member`: what an operator does to an account."""

from __future__ import annotations

import click

from rostra.project.cli.base import ready, rostra


@rostra.group()
def member() -> None:
    """Accounts of members."""


@member.command()
@click.argument("name")
@click.option("--reason", required=True, help="Stands in the public log.")
def close(name: str, reason: str) -> None:
    """Close an account: its sessions end, nothing is written by it any more, its posts stay."""
    _set_open(name, reason, is_open=False)


@member.command("open")
@click.argument("name")
@click.option("--reason", required=True, help="Stands in the public log.")
def open_again(name: str, reason: str) -> None:
    """Open an account that was closed."""
    _set_open(name, reason, is_open=True)


def _set_open(name: str, reason: str, *, is_open: bool) -> None:
    ready()
    from rostra.forum.members.actions import set_open
    from rostra.forum.members.queries import id_of_name
    from rostra.kernel.errors import Invalid, NotFound, Refused

    try:
        set_open(id_of_name(name), is_open=is_open, role="operator", reason=reason)
    except NotFound as error:
        raise click.ClickException(f"there is no member called {name}") from error
    except Invalid as error:
        raise click.ClickException("the reason: at least a few words, please") from error
    except Refused as error:
        raise click.ClickException("nobody else could manage access then") from error
    click.echo(f"{name}: {'open' if is_open else 'closed'}")
