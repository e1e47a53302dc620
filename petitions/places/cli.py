"""Commands of places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from petitions.places import area_file, loading, postcode_file, representatives
from petitions.places.boundary_sets import Held
from petitions.places.hexjson import Unreadable

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])
#: Lines that cannot be used are named up to this number; more are counted.
NAMED = 100


@click.group("places")
def places_group() -> None:
    """Places and postcodes."""


class _Broken:
    """Names lines that cannot be used on standard error."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, line: int, reason: str) -> None:
        self.number += 1
        if self.number <= NAMED:
            click.echo(f"line {line}: {reason}", err=True)

    def end(self) -> None:
        """The last word; exit status 1 where there was any."""
        if self.number > NAMED:
            click.echo(f"and {self.number - NAMED} lines more", err=True)
        if self.number:
            raise SystemExit(1)


def _names(command: Callable[..., Any]) -> Callable[..., Any]:
    """An option for the name of each column or property that an area may have."""
    for field in reversed(area_file.FIELDS):
        option = f"--{field.replace('_', '-')}-column"
        command = click.option(option, field, metavar="NAME", help=f"column or property with the {field}")(
            command
        )
    return command


@places_group.command("load")
@click.argument("file", type=FILE)
@click.option("--format", "kind", type=click.Choice(area_file.FORMATS), help="else the file's name tells")
@click.option("--set", "boundaries", metavar="NAME", help="the boundaries that these areas make up")
@click.option("--from", "start", type=DAY, help="the first day on which they held")
@click.option("--until", "end", type=DAY, help="the first day on which they hold no longer")
@_names
@with_appcontext
def load(
    file: Path,
    kind: str | None,
    boundaries: str | None,
    start: datetime | None,
    end: datetime | None,
    **names: str | None,
) -> None:
    """Bring in areas and their regions from FILE: hexjson, GeoJSON or a table (CSV, plain or gzip).

    Places that are here are brought up to date. The usual columns are code, name, region_code, region, electorate,
    population, q and r; options name others. With --set the areas are those of a set of boundaries that held from one day
    until another: the map of a petition has the boundaries of its day.
    """
    if boundaries is None and (start or end):
        raise click.UsageError("--from and --until are days of a --set.")
    if start and end and start >= end:
        raise click.UsageError("--until must be after --from.")
    held = _held(boundaries, start, end)
    try:
        given = {field: value for field, value in names.items() if value}
        areas = area_file.read(file, kind or area_file.guess(file), given)
        with click.progressbar(length=len(areas), label="Loading places") as bar:
            result = loading.load(areas, file=file.name, boundaries=held, further=bar.update)
    except Unreadable as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"{result.made} places made, {result.changed} changed, {result.same} the same.")


def _held(name: str | None, start: datetime | None, end: datetime | None) -> Held | None:
    if name is None:
        return None
    return Held(name[:100], start.date() if start else None, end.date() if end else None)


@places_group.command("representatives")
@click.argument("file", type=FILE)
@click.option(
    "--area-column", "code", default="code", show_default=True, help="column with the area's code or name"
)
@click.option("--name-column", "name", default="name", show_default=True)
@click.option("--party-column", "party", default="party", show_default=True)
@click.option("--url-column", "url", default="url", show_default=True)
@with_appcontext
def load_representatives(file: Path, **names: str) -> None:
    """Bring in who represents which area from FILE (CSV). An empty name is a vacant seat; areas left out keep theirs."""
    broken = _Broken()
    try:
        seats = representatives.load(file, broken, names)
    except Unreadable as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(
        f"{seats.changed} seats changed, {seats.same} the same, {seats.vacant} vacant, {broken.number} lines broken."
    )
    broken.end()


def _load_postcodes(file: Path, postcode_column: str, area_column: str) -> None:
    broken = _Broken()
    try:
        with click.progressbar(length=file.stat().st_size, label="Loading postcodes") as bar:
            stored = postcode_file.load(
                file, broken, bar.update, postcode_column=postcode_column, area_column=area_column
            )
    except Unreadable as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"{stored} postcodes stored, {broken.number} lines broken.")
    broken.end()


@places_group.command("import-postcodes")
@click.argument("file", type=FILE)
@click.option("--postcode-column", default="prefix", show_default=True)
@click.option("--area-column", default="code", show_default=True, help="column with the area's code")
@with_appcontext
def import_postcodes(file: Path, postcode_column: str, area_column: str) -> None:
    """Bring in postcodes, or beginnings of some, from FILE: any table (CSV, plain or gzip), of millions of lines too.

    May be stopped and started again. A line that cannot be used is named on standard error, and the rest goes on. Exit
    status 1 if there was any.
    """
    _load_postcodes(file, postcode_column, area_column)


@places_group.command("postcodes")
@click.argument("file", type=FILE)
@with_appcontext
def postcodes(file: Path) -> None:
    """The same as import-postcodes, for a file with the columns prefix and code."""
    _load_postcodes(file, "prefix", "code")
