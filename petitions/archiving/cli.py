"""The command that writes an archive."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from petitions.archiving.exporting import Export, NotEmpty, number_of_petitions


@click.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def export_petitions(folder: Path) -> None:
    """Write a static archive of everything public into FOLDER: pages to read without this program, and data to bring in again."""
    with click.progressbar(length=number_of_petitions(), label="Writing petitions") as bar:
        try:
            number = Export(folder).run(bar.update)
        except NotEmpty as problem:
            raise click.ClickException(str(problem)) from None
    click.echo(f"{number} petitions written. Open {folder / 'index.html'} in a browser.")
