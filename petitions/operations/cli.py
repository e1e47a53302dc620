"""`flask doctor`: what is wrong with this installation, in sentences, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator

import click
from flask.cli import with_appcontext
from psycopg.errors import InsufficientPrivilege
from sqlalchemy.exc import DBAPIError

from petitions.operations import installed, probing, replicas, running, sealing
from petitions.operations.finding import Check, Finding, Weight, wrong

#: Every check, with what it is about. Those of the database come last: without one they all fail alike.
HERE: dict[str, Check] = {
    "mode": installed.mode,
    "proxies and limits": installed.proxies,
    "redis": installed.shared_limits,
    "encryption": installed.encryption,
    "mail": installed.mail,
    "files and disks": installed.files,
    "fonts": installed.fonts,
}
IN_THE_DATABASE: dict[str, Check] = {
    "migrations": running.schema,
    "durability": running.durability,
    "replica": replicas.replica,
    "one machine": running.one_machine,
    "rights": running.rights,
    "clocks": running.clocks,
    "work": running.work,
    "backups": running.backups,
    "keys": sealing.keys,
    "hashes": sealing.hashes,
}


def findings() -> Iterator[tuple[str, list[Finding]]]:
    """What each check found. Where the database does not answer, or is behind, no more is asked of it."""
    for name, check in HERE.items():
        yield name, list(check())
    for name, check in IN_THE_DATABASE.items():
        try:
            found = list(check())
        except DBAPIError as problem:
            yield name, [_unanswered(problem)]
            return
        yield name, found
        if name == "migrations" and found:
            return


def _unanswered(problem: DBAPIError) -> Finding:
    why = probing.why(problem)
    if isinstance(problem.orig, InsufficientPrivilege):
        return wrong(
            f"The role of DATABASE_URL may not do what the site needs: {why}. As the owner of the tables: flask db-roles ROLE"
        )
    return wrong(f"The database cannot be asked: {why}. Check DATABASE_URL; is it running?")


@click.command()
@with_appcontext
def doctor() -> None:
    """Say what is wrong with this installation, and what to do. Changes nothing. Exit status 1 if anything is wrong.

    Run it as the user and with the settings that the site runs with.
    """
    number = {Weight.WRONG: 0, Weight.ADVICE: 0}
    for name, found in findings():
        click.echo(f"{name}: {'' if found else 'well'}".rstrip())
        for each in found:
            number[each.weight] += 1
            click.echo(f"  {each.weight}: {each.sentence}")
    click.echo(f"\n{number[Weight.WRONG]} wrong, {number[Weight.ADVICE]} to think about.")
    if number[Weight.WRONG]:
        raise SystemExit(1)
