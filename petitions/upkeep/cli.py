"""Commands that keep a site in order."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from petitions.extensions import settings
from petitions.upkeep import resealing

#: Rows named in full; of more only their number is said.
NAMED = 20


@click.group("keys")
def keys_group() -> None:
    """The keys that seal personal data (DATA_KEYS)."""


@keys_group.command("rotate")
@with_appcontext
def rotate() -> None:
    """Seal all personal data again under the newest key of DATA_KEYS.

    Put the new key in front of DATA_KEYS, keep the old one behind it, start every web and worker process again, then run
    this. It may run while the site runs, be stopped, and be run again. Exit status 1 if a value can be opened by no key.
    """
    run = resealing.Resealing()
    with click.progressbar(length=resealing.waiting(), label="Sealing again") as bar:
        run.run(bar.update)
    click.echo(f"{run.resealed} values sealed again under the key {settings().data_keys[0].id}.")
    for row in run.unopened[:NAMED]:
        click.echo(f"no key opens {row}", err=True)
    if run.unopened:
        raise click.ClickException(f"{len(run.unopened)} values cannot be opened by any of DATA_KEYS.")
    _say_status()


@keys_group.command("status")
@with_appcontext
def status() -> None:
    """Say how much each key still seals, and which keys may be dropped from DATA_KEYS."""
    _say_status()


def _say_status() -> None:
    newest = settings().data_keys[0].id
    for key_id, number in resealing.values_by_key().items():
        if key_id is None:
            if number:
                click.echo(f"{number} values are sealed by keys that are not in DATA_KEYS.")
        elif key_id == newest:
            click.echo(f"{key_id}: {number} values; seals everything new.")
        elif number:
            click.echo(f"{key_id}: {number} values; keep it, and run flask keys rotate.")
        else:
            click.echo(f"{key_id}: no values; it may be dropped, unless a backup that you keep needs it.")


commands: tuple[click.Command, ...] = (keys_group,)
