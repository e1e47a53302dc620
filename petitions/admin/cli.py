"""`flask staff …`: the first administrator, and anybody after."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from petitions import links
from petitions.admin import actions, queries
from petitions.errors import NotFound
from petitions.extensions import settings
from petitions.models import Staff
from petitions.permissions import Role
from petitions.staffing import breached, passwords


@click.group("staff")
def staff_group() -> None:
    """The people who work here."""


@staff_group.command("add")
@click.argument("email")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="May be given more than once.",
)
@click.option("--department", help="The department's slug, for officials and approvers.")
@click.option("--name", help="How the person is called; otherwise what stands before the @.")
@click.option(
    "--ask-password",
    is_flag=True,
    help="Ask for a password instead of making one; replaces that of somebody who is here.",
)
@with_appcontext
def add(
    email: str, roles: tuple[str, ...], department: str | None, name: str | None, ask_password: bool
) -> None:
    """Add somebody, or give somebody who is here these roles and department instead."""
    if email.count("@") != 1 or not all(email.split("@")):
        raise click.BadParameter("write an e-mail address", param_hint="EMAIL")
    try:
        person = queries.person_with(email)
        _change(person, roles, department, name, ask_password) if person else _add(
            email, roles, department, name, ask_password
        )
    except NotFound:
        raise click.BadParameter(_no_department(), param_hint="--department") from None
    except actions.LastAdministrator:
        raise click.ClickException("Nobody else is an administrator. Make somebody else one first.") from None


@staff_group.command("first")
@click.argument("email")
@click.option("--name", help="How the person is called; otherwise what stands before the @.")
@with_appcontext
def first(email: str, name: str | None) -> None:
    """Invite the first administrator: prints a link that works once, for 7 days. Refused once there is one who can sign in.

    Run again, it prints another link; the one before works no more.
    """
    if email.count("@") != 1 or not all(email.split("@")):
        raise click.BadParameter("write an e-mail address", param_hint="EMAIL")
    try:
        link = actions.invite_first(email=email, name=name or email.partition("@")[0])
    except actions.AlreadyHere:
        raise click.ClickException(
            "There is an administrator already. Ask that person to invite you, or use: flask staff add"
        ) from None
    click.echo(f"Open this link within 7 days; it works once:\n{links.staff_invitation(link)}")


def _add(
    email: str, roles: tuple[str, ...], department: str | None, name: str | None, ask_password: bool
) -> None:
    password = _ask(email) if ask_password else passwords.make()
    actions.add_person(
        email=email,
        name=name or email.partition("@")[0],
        roles=[Role(role) for role in roles],
        department=department,
        password=password,
        by=None,
    )
    click.echo(f"Added {email} as {', '.join(sorted(set(roles)))}.")
    if not ask_password:
        click.echo(f"Password, shown only now: {password}")


def _change(
    person: Staff, roles: tuple[str, ...], department: str | None, name: str | None, ask_password: bool
) -> None:
    person = actions.change_person(
        staff_id=person.id,
        name=name or person.name,
        roles=[Role(role) for role in roles],
        department=department,
        by=None,
    )
    if ask_password:
        actions.set_password(staff_id=person.id, password=_ask(person.email), by=None)
    click.echo(f"{person.email} is {', '.join(sorted(person.roles))}.")


def _ask(email: str) -> str:
    while True:
        password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
            click.echo(f"Use at least {passwords.SHORTEST} characters; three or four words are good.")
        elif passwords.is_guessable(password, about=[email, settings().site_name]):
            click.echo(
                "This is among the first that somebody would guess. Use three or four words of your own."
            )
        elif breached.has_leaked(password):
            click.echo("This password was stolen somewhere else and is known. Use other words of your own.")
        else:
            return password


def _no_department() -> str:
    slugs = [department.slug for department in queries.departments()]
    return (
        f"there is none of this name. There are: {', '.join(slugs)}"
        if slugs
        else "this site has no departments yet"
    )
