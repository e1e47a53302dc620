"""The commands of `flask …`. Each says what it does in its help; all may be run again without harm."""

from __future__ import annotations

from contextlib import suppress

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from petitions import audit, invariants, work_totals
from petitions.counts import recounting
from petitions.invariants import Invariant


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


#: Broken rows that `audit verify` names for each invariant; the rest are only counted.
NAMED = 20


@click.group("audit")
def audit_group() -> None:
    """What must be true: the counts, the mails, the permanent history."""


@audit_group.command("verify")
@click.option("--at-rest", is_flag=True, help="Also what is true only while no worker has anything to do.")
@with_appcontext
def audit_verify(at_rest: bool) -> None:
    """Hold the data to everything that must be true of it, and the history to its chain. A running site may be asked.

    Names what is wrong by its numbers, never anything personal. Exit status 1 if anything is.
    """
    with invariants.snapshot():
        wrong = sum(_say(each) for each in invariants.applying(at_rest=at_rest))
        problems = list(audit.verify())
    _keep_result(wrong + len(problems))
    for problem in problems:
        click.echo(f"the history: {problem}")
    if not problems:
        click.echo("The history is whole.")
    if wrong or problems:
        raise SystemExit(1)


def _keep_result(broken: int) -> None:
    """Let those who watch know when this was done, and what came of it. A copy that only reads is proved all the same."""
    with suppress(DBAPIError):
        work_totals.note(work_totals.VERIFIED_BROKEN, broken)
        work_totals.note_time(work_totals.VERIFIED_AT)


def _say(invariant: Invariant) -> int:
    """One line about one invariant, and the first rows for which it is not true. Returns how many there are."""
    named, number = [], 0
    for sentence in invariant.broken():
        number += 1
        if number <= NAMED:
            named.append(sentence)
    verdict = {0: "true", 1: "BROKEN once"}.get(number, f"BROKEN {number:,} times")
    about = f"{invariant.looked_at():,} {invariant.about}"
    click.echo(f"{invariant.number:4}{invariant.name:36}{verdict} ({about})")
    for sentence in named:
        click.echo(f"      {sentence}")
    if number > NAMED:
        click.echo(f"      and {number - NAMED:,} more")
    return number


@click.command()
@click.option("--repair", is_flag=True, help="Put right what differs, and write it into the history.")
@with_appcontext
def recount(repair: bool) -> None:
    """Hold every stored count to the signatures it is made of, one line for each petition that differs.

    Signing may go on meanwhile. Exit status 1 when something differs and was not repaired.
    """
    found = _differences()
    if not repair:
        for difference in found:
            click.echo(_in_words(difference))
        click.echo(_outcome(len(found), "differ"))
        raise SystemExit(1 if found else 0)
    repaired = []
    with click.progressbar(found, label="Repairing counts") as bar:
        for difference in bar:
            if mended := recounting.repair(difference.petition_id):
                repaired.append(mended)
    for difference in repaired:
        click.echo(_in_words(difference))
    click.echo(_outcome(len(repaired), "repaired"))


def _differences() -> list[recounting.Difference]:
    with invariants.snapshot():
        found: list[recounting.Difference] = []
        with click.progressbar(recounting.portions(), label="Counting signatures") as bar:
            for portion in bar:
                found += recounting.differences(portion)
        return found


def _in_words(difference: recounting.Difference) -> str:
    parts = {name: getattr(difference, name) for name in ("places", "countries", "hours", "minutes")}
    wrong = ", ".join(f"{name}: {number}" for name, number in parts.items() if number)
    return (
        f"petition {difference.petition_id}: count {difference.said:,}, signatures {difference.counted:,}"
        f" ({difference.counted - difference.said:+,})" + (f"; parts that differ: {wrong}" if wrong else "")
    )


def _outcome(number: int, verb: str) -> str:
    return (
        f"Petitions whose counts {'were ' if verb == 'repaired' else ''}{verb}: {number:,}."
        if number
        else "Every count is right."
    )


def register(app: Flask) -> None:
    """Add every command to `flask`."""
    from petitions.accountability.cli import response_times
    from petitions.admin.cli import staff_group
    from petitions.archiving.cli import export_petitions
    from petitions.demo.cli import demo
    from petitions.dumps.cli import dump
    from petitions.mail.cli import mail_group
    from petitions.opendata.cli import petitions_group
    from petitions.operations.cli import doctor
    from petitions.places.cli import places_group
    from petitions.upkeep.cli import commands as upkeep

    petitions_group.add_command(export_petitions)
    every = (
        worker,
        audit_group,
        recount,
        staff_group,
        demo,
        petitions_group,
        dump,
        places_group,
        mail_group,
        response_times,
        doctor,
        *upkeep,
    )
    for command in every:
        app.cli.add_command(command)
