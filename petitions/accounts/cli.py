"""Commands of accounts."""

import click


@click.group("staff")
def staff_group() -> None:
    """The people who work here."""
