"""`rostra settings`: what is set, and where that comes from; choosing without the web."""

from __future__ import annotations

import click

from rostra.project.cli.base import ready, rostra

REASON = click.option("--reason", required=True, help="Stands in the public log.")


@rostra.group()
def settings() -> None:
    """The settings of the forum; also for who cannot reach the web pages any more."""


@settings.command("list")
def list_() -> None:
    """List all settings, with their values and where these come from; secrets are not shown."""
    ready()
    from rostra.forum.choices import queries

    for value in queries.values().values():
        click.echo(f"{value.setting.name} = {value.now}  ({value.origin})")
    click.echo("\nOnly where the forum is started:")
    for one in queries.of_machine():
        shown = "(set, not shown)" if one.now is None else one.now
        click.echo(f"{one.name} = {shown}  ({one.origin})")


@settings.command("set")
@click.argument("name")
@click.argument("value")
@REASON
def set_(name: str, value: str, reason: str) -> None:
    """Choose a value for a setting."""
    _choose(name, value, reason)


@settings.command()
@click.argument("name")
@REASON
def default(name: str, reason: str) -> None:
    """Go back to the default of a setting."""
    _choose(name, None, reason)


def _choose(name: str, to: str | None, reason: str) -> None:
    ready()
    from rostra.forum.choices import queries
    from rostra.forum.choices.actions import Wish, choose
    from rostra.kernel.errors import Invalid
    from rostra.web.reasons import in_words

    values = queries.values()
    if name not in values:
        raise click.ClickException(f"no setting that can be chosen is called {name}")
    if values[name].setting.kind == "picture" and to:
        raise click.ClickException("a picture is brought on the web: /staff/settings/logo")
    try:
        choose(None, {name: Wish(to, values[name].now)}, reason=reason)
    except Invalid as error:
        told = "; ".join(f"{field}: {in_words(code)}" for field, code in error.fields.items())
        raise click.ClickException(told) from error
    click.echo(f"{name} = {queries.values()[name].now}")
