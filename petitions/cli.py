"""The commands of `flask …`. Each says what it does in its help; all may be run again without harm."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import with_appcontext

from petitions import audit


@click.command()
@click.option("--once", is_flag=True, help="Work until nothing is waiting, then stop.")
@with_appcontext
def worker(once: bool) -> None:
    """Count signatures, send mail, do what is due. Any number may run at once."""
    from petitions.worker import loop, schedule

    schedule.prepare()
    if once:
        loop.run_until_idle()
    else:
        loop.run()


@click.group("audit")
def audit_group() -> None:
    """The permanent history."""


@audit_group.command("verify")
@with_appcontext
def audit_verify() -> None:
    """Walk the chain of the history; name every line that was altered, removed or put in. Exit status 1 if any."""
    problems = list(audit.verify())
    for problem in problems:
        click.echo(problem)
    if problems:
        raise SystemExit(1)
    click.echo("The history is whole.")


def register(app: Flask) -> None:
    """Add every command to `flask`."""
    from petitions.admin.cli import staff_group
    from petitions.demo.cli import demo
    from petitions.mail.cli import mail_group
    from petitions.opendata.cli import petitions_group
    from petitions.places.cli import places_group
    from petitions.upkeep.cli import commands as upkeep

    every = (
        worker,
        audit_group,
        staff_group,
        demo,
        petitions_group,
        places_group,
        mail_group,
        *upkeep,
    )
    for command in every:
        app.cli.add_command(command)
