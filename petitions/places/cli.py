"""Commands of places."""

import click


@click.group("places")
def places_group() -> None:
    """Places and postcodes."""
