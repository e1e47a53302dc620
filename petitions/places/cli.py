"""Commands of places."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from petitions.places import hexjson, loading, postcode_file

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("places")
def places_group() -> None:
    """Places and postcodes."""


@places_group.command("load")
@click.argument("file", type=FILE)
@with_appcontext
def load(file: Path) -> None:
    """Bring in areas, their regions and their hexagons from FILE (hexjson). Places that are here are brought up to date."""
    try:
        areas = hexjson.read(file)
        with click.progressbar(length=len(areas), label="Loading places") as bar:
            result = loading.load(areas, file=file.name, further=bar.update)
    except hexjson.Unreadable as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"{result.made} places made, {result.changed} changed, {result.same} the same.")


@places_group.command("postcodes")
@click.argument("file", type=FILE)
@with_appcontext
def postcodes(file: Path) -> None:
    """Bring in postcodes from FILE (CSV with the columns prefix and code). May be stopped and started again.

    A line that cannot be used is named on standard error, and the rest goes on. Exit status 1 if there was any.
    """
    broken: list[int] = []

    def report(number: int, reason: str) -> None:
        broken.append(number)
        click.echo(f"line {number}: {reason}", err=True)

    try:
        with click.progressbar(length=file.stat().st_size, label="Loading postcodes") as bar:
            stored = postcode_file.load(file, report, bar.update)
    except hexjson.Unreadable as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"{stored} postcodes stored, {len(broken)} lines broken.")
    if broken:
        raise SystemExit(1)
