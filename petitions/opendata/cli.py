"""Commands of opendata."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from petitions.opendata.importing import Import
from petitions.opendata.json_lines import Unreadable


@click.group("petitions")
def petitions_group() -> None:
    """Petitions in and out."""


@petitions_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def import_petitions(file: Path) -> None:
    """Bring in petitions from FILE: JSON lines in the shape of the UK Parliament's API, plain or gzip.

    Petitions that are here already are left as they are, so it may be stopped and started again. A line that cannot be
    used is named on standard error, and the rest goes on. Exit status 1 if there was any.
    """
    run = Import(file, lambda number, reason: click.echo(f"line {number}: {reason}", err=True))
    damage = None
    with click.progressbar(length=file.stat().st_size, label="Importing petitions") as bar:
        try:
            run.run(bar.update)
        except Unreadable as unreadable:
            damage = str(unreadable)
    click.echo(f"{run.imported} imported, {run.already_here} here already, {run.broken} lines broken.")
    if damage:
        raise click.ClickException(damage)
    if run.broken:
        raise SystemExit(1)
