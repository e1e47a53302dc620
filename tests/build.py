"""Rows for tests: whole, allowed by every constraint, and with counts that are true.

Each function is one unit of work. What it does not ask for it makes up, the same each time; `**columns` sets any other.
Signatures that are valid are counted as the worker counts them, so thresholds are crossed as in life. `captured` and
`extract_link` read the mails that the worker (`work`) sent into the capture table.
"""

from __future__ import annotations

import contextvars
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from itertools import count as counter
from typing import Any, cast

from flask import current_app
from sqlalchemy import null, select, update
from werkzeug.security import generate_password_hash

from petitions import clock, due_dates, mailboxes
from petitions.counts import counting, crossings
from petitions.database import transactional
from petitions.extensions import db, settings
from petitions.lifecycle import State
from petitions.mail import outbox
from petitions.models import (
    Alert,
    Appeal,
    AuditHead,
    CapturedMail,
    DecisionKind,
    Department,
    Duty,
    Mail,
    ModerationDecision,
    OtherBusiness,
    Outcome,
    Petition,
    PetitionText,
    PetitionThreshold,
    Place,
    Postcode,
    Rejection,
    Response,
    ResponseVersion,
    Rhythm,
    Signature,
    SignatureRole,
    SignatureState,
    Staff,
    StaffRole,
    Topic,
)
from petitions.models.mail import SENT
from petitions.permissions import Role
from petitions.places import postcodes
from petitions.secrecy import keyed_hash, mailbox_hash
from petitions.worker import loop

PASSWORD = "correct horse battery staple"
POSTCODE = "AB1 2CD"
#: A password hash that costs little to check; only its strength differs from the real ones.
CHEAP_HASH = "scrypt:1024:8:1"

_numbers = counter(1)


@cache
def _hashed(password: str) -> str:
    return generate_password_hash(password, CHEAP_HASH)


def _columns_of(state: State, now: datetime) -> dict[str, Any]:
    """The times that a petition has behind it when it is in `state`."""
    columns: dict[str, Any] = {}
    if state is State.PENDING:
        return columns
    columns["confirmed_at"] = now
    columns["lapses_at"] = now + timedelta(days=settings().supporters_days)
    if state in {State.REVIEW, State.OPEN, State.CLOSED, State.REJECTED, State.HIDDEN}:
        columns["moderation_threshold_reached_at"] = now
    if state is State.OPEN:
        columns |= {"opened_at": now, "closes_at": due_dates.closing_time(now, settings().petition_months)}
    if state is State.CLOSED:
        closed_at = now - timedelta(days=2)
        columns |= {
            "opened_at": closed_at - timedelta(days=180),
            "closes_at": closed_at,
            "closed_at": closed_at,
        }
    if state in {State.REJECTED, State.HIDDEN, State.WITHDRAWN, State.LAPSED}:
        columns[f"{state}_at"] = now
    return columns


@transactional
def petition(
    state: State | str = State.OPEN,
    *,
    supporters: int = 0,
    count: int | None = None,
    creator: str = "Priya Petitioner",
    creator_email: str | None = None,
    departments: Iterable[Department] = (),
    topics: Iterable[Topic] = (),
    **columns: Any,
) -> Petition:
    """A petition in `state` with its text, its petitioner's signature and `supporters` more.

    `count` is its whole count in the end: what the rows do not make up is as if counted elsewhere before.
    """
    state, number = State(state), next(_numbers)
    texts = {
        "action": columns.pop("action", f"Open the library on Sundays ({number})"),
        "background": columns.pop(
            "background", "The library is closed on the one day when everybody has time."
        ),
        "additional_details": columns.pop("additional_details", "Three towns nearby open theirs."),
    }
    row = Petition(state=state, creator_name=creator, **texts, **(_columns_of(state, clock.now()) | columns))
    imported = max(0, (count or 0) - 1 - supporters)
    row.signature_count = row.imported_signatures = imported
    row.departments, row.topics = list(departments), list(topics)
    db.session.add(row)
    db.session.flush()
    written_at = min(clock.now(), row.opened_at or clock.now())
    db.session.add(PetitionText(petition_id=row.id, version=1, created_at=written_at, **texts))
    db.session.flush()
    if row.opened_at is not None:
        crossings.freeze(row)
    if state is State.REJECTED:
        db.session.add(
            Rejection(petition_id=row.id, code="irrelevant", details="This is for the council to decide.")
        )
    _first_signatures(row, creator, creator_email or f"petitioner{number}@example.org", supporters)
    return row


def _first_signatures(row: Petition, creator: str, creator_email: str, supporters: int) -> None:
    confirmed = SignatureState.PENDING if row.state is State.PENDING else SignatureState.VALIDATED
    # Who supports a petition that gathers makes a mail each, as if they came one by one; others are counted in one go.
    one_by_one = row.state is State.GATHERING
    signature(row, role="creator", state=confirmed, name=creator, email=creator_email, counted=one_by_one)
    for number in range(supporters):
        signature(row, role="supporter", name=f"Sana Supporter {number + 1}", counted=one_by_one)
    counting.sweep()


def pending_petition(**columns: Any) -> Petition:
    """A petition whose petitioner has not confirmed yet."""
    return petition(State.PENDING, **columns)


def gathering_petition(**columns: Any) -> Petition:
    """A petition that is looking for its first supporters and has none."""
    return petition(State.GATHERING, **columns)


def review_petition(**columns: Any) -> Petition:
    """A petition with five supporters that waits for a moderator."""
    return petition(State.REVIEW, **({"supporters": 5} | columns))


def open_petition(**columns: Any) -> Petition:
    """A published petition, with its petitioner's signature alone unless told otherwise."""
    return petition(State.OPEN, **columns)


def closed_petition(**columns: Any) -> Petition:
    """A petition that was published and closed two days ago."""
    return petition(State.CLOSED, **columns)


@transactional
def imported_petition(*, count: int = 12_345, **columns: Any) -> Petition:
    """A published petition that was counted elsewhere: no signature rows, not even the petitioner's."""
    now = clock.now()
    row = Petition(
        **{
            "state": State.OPEN,
            "action": f"Bring back the ferry ({next(_numbers)})",
            "background": "It stopped.",
            "signature_count": count,
            "imported_signatures": count,
            **_columns_of(State.OPEN, now),
            **columns,
        }
    )
    db.session.add(row)
    db.session.flush()
    crossings.freeze(row)
    return row


@transactional
def signature(
    petition: Petition,
    *,
    state: SignatureState | str = SignatureState.VALIDATED,
    role: SignatureRole | str = SignatureRole.SIGNER,
    name: str = "Sam Signer",
    email: str | None = None,
    country: str | None = None,
    postcode: str | None = POSTCODE,
    place: Place | None = None,
    counted: bool = True,
    **columns: Any,
) -> Signature:
    """A signature from a mailbox of its own. A valid one is counted, unless `counted` is false."""
    # Nobody signs after the deadline.
    state, now = SignatureState(state), min(clock.now(), petition.closes_at or clock.now())
    email = email or f"signer{next(_numbers)}@example.org"
    columns = {
        "validated_at": now if state is SignatureState.VALIDATED else None,
        "link_sent_at": now,
        "created_at": now,
    } | columns
    if state in {SignatureState.WITHDRAWN, SignatureState.REFUSED, SignatureState.INVALIDATED}:
        columns = {"seat": null(), "ended_at": now} | columns
    row = Signature(
        petition_id=petition.id,
        text_version=petition.text_version,
        role=SignatureRole(role),
        state=state,
        name=name,
        email=email,
        postcode=postcode,
        country=country or settings().home_country,
        place_id=place.id if place else None,
        mailbox_hash=mailbox_hash(petition.id, mailboxes.canonical(email)),
        **columns,
    )
    db.session.add(row)
    db.session.flush()
    if counted and state is SignatureState.VALIDATED:
        counting.sweep()
    return row


@transactional
def signatures(petition: Petition, number: int, *, counted: bool = True, **columns: Any) -> list[Signature]:
    """Several signatures, each from a mailbox of its own; valid ones are counted in one go."""
    rows = [signature(petition, counted=False, **columns) for _ in range(number)]
    if counted:
        counting.sweep()
    return rows


@transactional
def add(*rows: Any) -> None:
    """Store rows as they are."""
    db.session.add_all(rows)


@transactional
def change(row: Any, **columns: Any) -> None:
    """Set columns of a row directly, as nothing in the service would: a signature counted elsewhere, a past deadline."""
    for name, value in columns.items():
        setattr(row, name, value)


def creator_of(petition: Petition) -> Signature:
    """The petitioner's own signature."""
    wanted = select(Signature).where(
        Signature.petition_id == petition.id, Signature.role == SignatureRole.CREATOR
    )
    return db.session.execute(wanted).scalar_one()


@transactional
def cross(petition: Petition, threshold: str = "response") -> Duty:
    """Let a published petition cross a threshold, with the duty and the mails that follow, whatever its count."""
    value = db.session.get_one(PetitionThreshold, (petition.id, threshold)).signatures
    crossings.fire(petition, before=value - 1, after=value)
    return db.session.execute(
        select(Duty).where(Duty.petition_id == petition.id, Duty.threshold_key == threshold)
    ).scalar_one()


@transactional
def answer(duty: Duty, *, summary: str = "We do it.", body: str = "From May on.", **columns: Any) -> Response:
    """Answer a duty now, as the department that owes it; its officials' drafts and approvals are left out."""
    now = clock.now()
    row = Response(
        **{
            "petition_id": duty.petition_id,
            "duty_id": duty.id,
            "department_id": duty.department_id,
            "summary": summary,
            "body": body,
            "outcome": Outcome.PARTLY_AGREED,
            "responded_on": clock.today(settings().timezone),
            "published_at": now,
            "created_at": now,
            "updated_at": now,
            **columns,
        }
    )
    db.session.get_one(Duty, duty.id).answered_at = row.published_at
    first = ResponseVersion(
        version=1, summary=row.summary, body=row.body, outcome=row.outcome, published_at=row.published_at
    )
    row.versions.append(first)
    db.session.add(row)
    return row


@transactional
def business(
    petition: Petition, subject: str = "The committee wrote to the minister", **columns: Any
) -> OtherBusiness:
    """Something else that happened to a petition in the chamber, today."""
    columns = {"body": "It asked again.", "occurred_on": clock.now().date()} | columns
    row = OtherBusiness(petition_id=petition.id, subject=subject, **columns)
    db.session.add(row)
    return row


@transactional
def place(
    name: str = "Fairley Marsh", *, postcode_prefixes: Iterable[str] = ("AB1",), **columns: Any
) -> Place:
    """An area with its representative and the beginnings of its postcodes."""
    columns = {"kind": "constituency", "representative": "Niamh Clarke", "party": "Commons"} | columns
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower())
    row = Place(**({"name": name, "slug": slug, "code": f"C{next(_numbers):07}"} | columns))
    db.session.add(row)
    db.session.flush()
    db.session.add_all(
        Postcode(prefix=postcodes.compact(prefix), place_id=row.id) for prefix in postcode_prefixes
    )
    return row


@transactional
def department(name: str = "Department of Libraries", **columns: Any) -> Department:
    """A department that can owe an answer."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower())
    row = Department(**({"name": name, "slug": slug} | columns))
    db.session.add(row)
    return row


@transactional
def topic(name: str = "Libraries", **columns: Any) -> Topic:
    """A subject that lists can be narrowed to."""
    row = Topic(**({"name": name, "code": re.sub(r"[^a-z0-9]+", "-", name.lower())} | columns))
    db.session.add(row)
    return row


@transactional
def staff(
    role: Role | str = Role.MODERATOR,
    *more_roles: Role | str,
    department: Department | None = None,
    password: str = PASSWORD,
    **columns: Any,
) -> Staff:
    """Somebody of the staff with one role or several; signs in with `password`."""
    number = next(_numbers)
    row = Staff(
        **(
            {"email": f"{role}{number}@staff.example.org", "name": f"Robin {str(role).title()} {number}"}
            | columns
        ),
        password_hash=_hashed(password),
        department_id=department.id if department else None,
        role_rows=[StaffRole(role=str(each)) for each in (role, *more_roles)],
    )
    db.session.add(row)
    return row


@transactional
def mail_who_waits() -> None:
    """Give every signature that waits for its signer the mail it would have got, as if it had gone out."""
    waiting = select(Signature).where(Signature.state == SignatureState.PENDING)
    for row in db.session.execute(waiting).scalars():
        kind = "confirm_creator" if row.role is SignatureRole.CREATOR else "confirm_signature"
        outbox.queue(kind, key=f"built:{row.id}", signature=row)
    gone = update(Mail).where(Mail.key.startswith("built:")).values(state=SENT, finished_at=clock.now())
    db.session.execute(gone.execution_options(synchronize_session=False))


def work() -> None:
    """Let the worker do all that waits: count, send mail, feed mailings. It has a session of its own, as in production."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def run() -> None:
        with app.app_context():
            loop.run_until_idle()

    db.session.rollback()
    contextvars.Context().run(run)


def captured(to: str | None = None, kind: str | None = None) -> list[EmailMessage]:
    """The mails that were captured, oldest first: those to one address, or of one kind (`confirm_signature`)."""
    rows = db.session.execute(select(CapturedMail).order_by(CapturedMail.id)).scalars()
    parsed = [cast(EmailMessage, message_from_bytes(row.content, policy=policy.default)) for row in rows]
    return [
        mail
        for mail in parsed
        if (to is None or mail["To"] == to) and (kind is None or mail["X-Petitions-Message"] == kind)
    ]


def text_of(mail: EmailMessage) -> str:
    """A mail's plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def extract_link(mail: EmailMessage | str, path: str) -> str:
    """The path of the one address in a mail's plain text that has `path` in it: `/signatures/confirm/`."""
    text = mail if isinstance(mail, str) else text_of(mail)
    found = set(re.findall(re.escape(settings().base_url) + r"(/\S*)", text))
    (link,) = [each for each in found if path in each]
    return link


def sign_form(**fields: str) -> dict[str, str]:
    """The sign form filled in as a person would: `sign_form(name="Ada")`; an empty string leaves a field out."""
    filled = {
        "name": "Ada Adeyemi",
        "email": "ada@example.org",
        "country": settings().home_country,
        "postcode": POSTCODE,
        "eligible": "y",
    } | fields
    return {name: value for name, value in filled.items() if value}


@transactional
def appeal(petition: Petition, *, refused_by: Staff | None = None, **columns: Any) -> Appeal:
    """An appeal against a refusal that waits to be decided."""
    row = Appeal(
        **(
            {
                "petition_id": petition.id,
                "reason": "The railways do belong to the state.",
                "made_at": clock.now(),
                "refused_by_id": refused_by.id if refused_by else None,
            }
            | columns
        )
    )
    db.session.add(row)
    return row


@transactional
def decision(
    petition: Petition, kind: DecisionKind | str = "published", **columns: Any
) -> ModerationDecision:
    """A decision about a petition, as the moderators leave it behind."""
    row = ModerationDecision(
        **({"petition_id": petition.id, "kind": DecisionKind(kind), "decided_at": clock.now()} | columns)
    )
    db.session.add(row)
    return row


@transactional
def alert(email: str = "reader@example.org", *, search: str = "", **columns: Any) -> Alert:
    """A confirmed alert that tells at once of everything from now on."""
    now = clock.now()
    seen = db.session.get_one(AuditHead, 1).last_id
    values: dict[str, Any] = {
        "title": "All petitions",
        "rhythm": Rhythm.AT_ONCE,
        "published": True,
        "crossed": True,
        "answered": True,
        "rising": True,
        "confirmed_at": now,
        "next_at": now,
        "asked": 1,
        "mails": 0,
        "seen_entry": seen,
    }
    subject = f"{email} {search} {columns.get('petition_id')}"
    row = Alert(email=email, search=search, mailbox_hash=keyed_hash("alert", subject), **(values | columns))
    db.session.add(row)
    db.session.flush()
    return row
