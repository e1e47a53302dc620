"""`flask demo`: believable data for trying the service out."""

from __future__ import annotations

import click
import flask_migrate
from flask.cli import with_appcontext

from petitions.demo import load
from petitions.extensions import db, settings


@click.command()
@click.option("--reset", is_flag=True, help="Throw away everything first. Development only.")
@with_appcontext
def demo(reset: bool) -> None:
    """Fill an empty database with a made-up country and its petitions."""
    if settings().is_production:
        raise click.ClickException(
            "APP_ENV is production: the demo has staff whose passwords everybody knows. Use APP_ENV=development."
        )
    if reset:
        start_over()
    if not load.is_empty():
        click.echo("There are petitions already: nothing was changed.")
        return
    with click.progressbar(length=load.STEPS, label="Telling the demo's petitions") as bar:
        load.load(bar.update)


def start_over() -> None:
    """Throw away every table with all that is in it, and build them anew."""
    db.session.remove()
    flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade()
