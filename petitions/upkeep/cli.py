"""Commands that keep a site in order."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click
from flask.cli import with_appcontext
from psycopg.errors import InsufficientPrivilege
from sqlalchemy.exc import DBAPIError

from petitions import work_totals
from petitions.erasures import LedgerUnreadable
from petitions.extensions import settings
from petitions.retention.rules import RULES
from petitions.upkeep import backing_up, database_roles, purging, resealing, restoring
from petitions.upkeep.backup_file import Damaged
from petitions.upkeep.restoring import Refused

#: Rows named in full; of more only their number is said.
NAMED = 20


@click.command()
@with_appcontext
def purge() -> None:
    """Remove what is kept longer than the privacy page says. A worker does it daily; it may be run at any time."""
    removed, _ = purging.purge()
    for rule in RULES:
        if rule.expired is not None:
            click.echo(f"{removed[rule.key]:>9}  {rule.what}")


@click.command()
@click.argument("petition_id", type=int, required=False)
@with_appcontext
def anonymise(petition_id: int | None) -> None:
    """Remove everything personal from the signatures of petitions whose time is over, or of PETITION_ID if it is.

    Every count, by place, country and hour too, stays as it is. `flask purge` does this among other things.
    """
    number = 0
    with click.progressbar(length=purging.to_anonymise(petition_id), label="Making anonymous") as bar:
        while (done := purging.anonymise_next(petition_id)) is not None:
            number += done
            bar.update(done)
    click.echo(f"{number} signatures made anonymous.")


@click.command("db-roles")
@click.argument("role")
@with_appcontext
def db_roles(role: str) -> None:
    """Let the PostgreSQL role ROLE do what the running site needs, and no more: it cannot change the permanent history.

    Run it as the owner of the tables, after every `flask db upgrade`; then let the web and worker processes connect as ROLE.
    """
    try:
        database_roles.grant(role)
    except database_roles.CannotGrant as reason:
        raise click.ClickException(str(reason)) from None
    click.echo(f"{role} may run the site. It cannot change or remove a line of the history.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write everything as it is at this moment into FILE. The site may run meanwhile.

    Keep it and the keys (DATA_KEYS, HASH_KEY) in different places, keep the erasure ledger apart from both, and throw
    backups away after 35 days.
    """
    try:
        with click.progressbar(length=backing_up.rows(), label="Backing up") as bar:
            rows = backing_up.back_up(file, bar.update)
    except OSError as problem:
        raise click.ClickException(f"{file} cannot be written: {problem.strerror}.") from None
    except LedgerUnreadable as problem:
        raise click.ClickException(f"{problem}.") from None
    with suppress(DBAPIError):
        # For those who watch that there is one of last night; a copy that only reads can be backed up too.
        work_totals.note_time(work_totals.BACKED_UP_AT)
    click.echo(f"{rows} rows written to {file}.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--ledger",
    "ledgers",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="An erasure ledger, instead of the one of the settings. May be given more than once.",
)
@click.option("--no-ledger", is_flag=True, help="Nobody was ever erased on this site, so there is none.")
@with_appcontext
def restore(file: Path, ledgers: tuple[Path, ...], no_ledger: bool) -> None:
    """Bring the backup FILE back into an empty database, on SQLite or PostgreSQL, whichever it was made on.

    Everybody who was erased since is erased again before anybody sees anything. Mails that were still to be sent are
    parked, mailings stopped, staff signed out.
    """
    try:
        found = restoring.erasures_in([] if no_ledger else [*ledgers] or [Path(settings().erasure_ledger)])
        with (
            file.open("rb") as stream,
            click.progressbar(length=file.stat().st_size, label="Restoring") as bar,
        ):
            restored = restoring.restore(stream, found, bar.update)
    except LedgerUnreadable as problem:
        raise click.ClickException(
            f"{problem}. It says who was erased: name it with --ledger, or say --no-ledger if nobody ever was."
        ) from None
    except (Damaged, Refused) as problem:
        raise click.ClickException(f"{problem} Nothing was restored.") from None
    except DBAPIError as problem:
        if not isinstance(problem.orig, InsufficientPrivilege):
            raise
        raise click.ClickException(
            "The role of DATABASE_URL may not write everything. Restore as the owner of the tables, then flask db-roles."
            " Nothing was restored."
        ) from None
    click.echo(f"{restored.rows} rows restored, {restored.erased_again} signatures erased again.")
    if restored.parked:
        click.echo(f"{restored.parked} mails were still to be sent. They are parked: see /staff/mail.")


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


commands: tuple[click.Command, ...] = (purge, anonymise, db_roles, backup, restore, keys_group)
