"""Commands of opendata."""

import click


@click.group("petitions")
def petitions_group() -> None:
    """Petitions in and out."""
