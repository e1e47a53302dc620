"""`flask demo`: believable data for trying the service out."""

import click
from flask.cli import with_appcontext


@click.command()
@click.option("--reset", is_flag=True, help="Throw away everything first. Development only.")
@with_appcontext
def demo(reset: bool) -> None:
    """Fill an empty database with a made-up country and its petitions."""
