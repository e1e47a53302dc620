"""`flask mail …`: what mail systems hand over."""

from __future__ import annotations

import sys
from typing import NoReturn

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from petitions.mail import bounces, reports

#: Exit statuses that mail systems know (sysexits.h): bad data is not offered again, a passing failure is.
BAD_DATA = 65
TRY_AGAIN = 75

SENTENCES = {
    bounces.Follows.BOUNCED: "Mail {} came back for good: no more news is sent there.",
    bounces.Follows.KNOWN: "Mail {} came back for good; that was known already.",
    bounces.Follows.DELAYED: "Mail {} is delayed: noted, nothing else changes.",
}


@click.group("mail")
def mail_group() -> None:
    """Mail that was sent."""


@mail_group.command("bounce")
@click.option(
    "--recipient",
    default="",
    help="The address that the report was delivered to, where the mail system tells it apart from the report.",
)
@with_appcontext
def bounce(recipient: str) -> None:
    """Read one delivery report (RFC 3464) on standard input, and mark the address that a mail came back from.

    For the mail system to call with everything that comes to BOUNCE_ADDRESS; with Postfix, for example:
    `bounces: "|flask mail bounce"`. Exit status 65 where it is no report about a mail of this site, 75 where it must be
    offered again. No address is printed.
    """
    content = sys.stdin.buffer.read(reports.LARGEST + 1)
    try:
        number, follows = bounces.take(reports.read(content), recipient=recipient)
    except reports.NotAReport as reason:
        _refuse(f"This is no delivery report: it {_said(reason)}.", BAD_DATA)
    except bounces.Forged:
        _refuse("The return path was not made by this site. Nothing was changed.", BAD_DATA)
    except bounces.UnknownMail:
        _refuse("The report is about no mail of this site. Nothing was changed.", BAD_DATA)
    except DBAPIError:
        _refuse("The database is not there. Offer the report again later.", TRY_AGAIN)
    else:
        click.echo(SENTENCES[follows].format(number))


def _said(reason: reports.NotAReport) -> str:
    return f"is {reason}" if str(reason) == "too large" else str(reason)


def _refuse(sentence: str, status: int) -> NoReturn:
    click.echo(sentence, err=True)
    raise SystemExit(status)
