"""The command that writes the nightly files now."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from petitions import clock
from petitions.dumps import queries, writing
from petitions.extensions import settings


@click.command("dump")
@click.option("--again", is_flag=True, help="Also where today's files are there already.")
@with_appcontext
def dump(again: bool) -> None:
    """Write today's files of all public data, which /data offers. A worker does it every night."""
    today = clock.today(settings().timezone)
    if not again and today in queries.days():
        click.echo(f"The files of {today} are there already.")
        return
    folder = writing.write(today)
    writing.remove_old(today)
    click.echo(f"Written to {folder}.")
