"""A small whole world for tests that visit every page: a petition in every state, every kind of duty, answer and debate,
signatures in every state, staff of every role, with the addresses that lead to all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from petitions import clock, tokens
from petitions.admin import explanations, reasons, terms, thresholds
from petitions.admin.terms import TermFacts
from petitions.database import transactional
from petitions.duties import ratings
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.mail import outbox
from petitions.mail.message import KINDS
from petitions.models import (
    Alert,
    Appeal,
    Campaign,
    CampaignAction,
    CampaignSignature,
    CampaignState,
    ClosedDay,
    Commitment,
    CommitmentCheck,
    Correction,
    Debate,
    DebatePicture,
    DeliveryState,
    Department,
    Duty,
    DutyEscalation,
    DutyExtension,
    DutyPause,
    DutyTransfer,
    HoldingReply,
    HousePause,
    LinkKind,
    Mail,
    Mailing,
    News,
    OtherBusiness,
    Outcome,
    Petition,
    PetitionQuestion,
    PetitionReport,
    Place,
    Rejection,
    ReportOutcome,
    Response,
    ResponseDraft,
    ResponseRating,
    ResponseVersion,
    Signature,
    SignatureState,
    Staff,
    StaffSession,
    Tag,
    Term,
    Webhook,
    WebhookDelivery,
    WorkerHeartbeat,
)
from petitions.models.mail import BOUNCED, FAILED, PARKED
from petitions.moderation import actions, claims, notes
from petitions.permissions import Role
from petitions.scrutiny.conditions import Conditions, to_json
from petitions.staffing import staff_access
from petitions.tokens import Purpose
from tests import build, keeping, staff_browser
from tests.client import PageCheckingClient

#: What an address with a number in it must refuse.
BAD_NUMBERS = ("0", "-1", "2147483648", "9" * 25, "1e3", "abc", "١٢", "1.0", "%00", "%ff", " 1")
#: Which links carry what, by the endpoint they lead to.
PURPOSES = {
    "signing.confirm": Purpose.CONFIRM_SIGNATURE,
    "signing.my_signature": Purpose.MY_SIGNATURE,
    "signing.unsubscribe": Purpose.UNSUBSCRIBE,
    "signing.support": Purpose.SUPPORT,
    "appealing.appeal": Purpose.APPEAL,
    "answers.rate": Purpose.RATE_RESPONSE,
    "alerts.confirm": Purpose.CONFIRM_ALERT,
    "alerts.my_alert": Purpose.MY_ALERT,
    "alerts.stop": Purpose.STOP_ALERT,
    "starting.creator": Purpose.PETITIONER,
    "starting.creator_answer": Purpose.PETITIONER,
    "starting.creator_edit": Purpose.PETITIONER,
    "starting.creator_press": Purpose.PETITIONER,
    "starting.creator_withdraw": Purpose.PETITIONER,
    "accounts.invitation": Purpose.STAFF_INVITATION,
    "accounts.reset": Purpose.STAFF_RESET,
}


#: A part of a page, put into one by a script: no page to be checked as a whole.
FRAGMENTS = ("/petitions/similar",)


@dataclass
class World:
    """Ids of what there is."""

    petitions: dict[State, int] = field(default_factory=dict)
    more_petitions: list[int] = field(default_factory=list)
    signatures: list[int] = field(default_factory=list)
    duties: list[int] = field(default_factory=list)
    pauses: list[tuple[int, int]] = field(default_factory=list)
    house_pauses: list[int] = field(default_factory=list)
    businesses: list[tuple[int, int]] = field(default_factory=list)
    """A petition and what else happened to it."""
    campaigns: list[int] = field(default_factory=list)
    staff: dict[Role, int] = field(default_factory=dict)
    former_staff: list[int] = field(default_factory=list)
    invitations: list[int] = field(default_factory=list)
    resets: list[int] = field(default_factory=list)
    sessions: list[int] = field(default_factory=list)
    drafts: list[tuple[int, int]] = field(default_factory=list)
    """Duties, and versions of drafts for them."""
    commitments: list[tuple[int, int]] = field(default_factory=list)
    """Answered duties, and what was promised."""
    ratings: list[tuple[int, int]] = field(default_factory=list)
    """Published answers, and signatures of their petitions."""
    alerts: list[int] = field(default_factory=list)
    mails: list[int] = field(default_factory=list)
    mailings: list[int] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    department: str = "department-of-libraries"
    tag: int = 0
    template: int = 0
    term: int = 0
    webhooks: list[int] = field(default_factory=list)

    @property
    def all_petitions(self) -> list[int]:
        """Every petition."""
        return [*self.petitions.values(), *self.more_petitions]


def make() -> World:
    """Fill an empty database. A world that was made before, under the same settings and today, comes back."""
    return keeping.kept_or_made(_make)


def _make() -> World:
    world = World()
    library, roads = build.department(), build.department("Department of Roads", acronym="DfR")
    region = build.place("The North", kind="region", representative=None, postcode_prefixes=())
    topic, place = build.topic(), build.place(region_id=region.id, hex_q=1, hex_r=1, electorate=70_000)
    subjects = {"departments": [library], "topics": [topic]}
    for role in Role:
        world.staff[role] = build.staff(role, department=library).id
    world.former_staff.append(build.staff(Role.PRESS, is_active=False).id)
    _links_of_staff(world)
    for state in State:
        world.petitions[state] = build.petition(state, supporters=2, **subjects).id
    _moderation(world)
    _signatures(world, place)
    _answers(world, library, roads)
    _alerts(world)
    build.work()
    _mails(world)
    _campaigns(world)
    _webhooks(world)
    _worker()
    return world


@transactional
def _worker() -> None:
    """A worker that lives as long as this world does."""
    far = clock.now() + timedelta(days=1)
    db.session.add(WorkerHeartbeat(name="town:1", started_at=clock.now(), beat_at=far, stepped_at=far))


@transactional
def _links_of_staff(world: World) -> None:
    """Somebody who was invited, somebody who asked for another password, and places where they are signed in."""
    invited = build.staff(Role.PRESS, email="invited@staff.example.org")
    invited.password_hash = None
    db.session.flush()
    for kind, ids in ((LinkKind.INVITATION, world.invitations), (LinkKind.RESET, world.resets)):
        ids.append(staff_access.new_link(invited, kind).id)
    for number in range(2):
        session = StaffSession(staff_id=world.staff[Role.ADMINISTRATOR], token_hash=bytes([number]) * 32)
        db.session.add(session)
        db.session.flush()
        world.sessions.append(session.id)


@transactional
def _moderation(world: World) -> None:
    """One petition that went back with questions; one in hand, with a note, a tag, and words changed by staff."""
    asked = build.review_petition()
    world.more_petitions.append(asked.id)
    db.session.add(PetitionQuestion(petition_id=asked.id, questions="Which library?"))
    petition_id, staff_id = world.petitions[State.REVIEW], world.staff[Role.MODERATOR]
    by = db.session.get_one(Staff, staff_id)
    claims.take(petition_id=petition_id, instead_of=None, by=by)
    notes.add_note(petition_id=petition_id, body="Looks like number 3.", by=by)
    notes.add_tag(petition_id=petition_id, name="libraries", by=by)
    text = {"title": "Not for us", "code": "irrelevant", "body": "Ask the council."}
    world.template = explanations.add(**text, by=by).id
    db.session.add(ClosedDay(day=date(2026, 12, 24), name="Christmas Eve"))
    administrator = db.session.get_one(Staff, world.staff[Role.ADMINISTRATOR])
    claims.take(petition_id=asked.id, instead_of=None, by=administrator)
    reasons.retire(code="advert", by=administrator)
    thresholds.add(duty="response", signatures=50_000, days=14, days_kind="working", by=administrator)
    past = TermFacts("2010-2015", "The coalition", date(2010, 5, 18), date(2015, 3, 30), 10_000, 100_000)
    terms.add(past, by=administrator)
    world.term = db.session.execute(select(Term.id)).scalar_one()
    terms.archive(world.term, by=administrator)
    world.tag = db.session.execute(select(Tag.id)).scalar_one()
    words = {"action": "Mend roads please", "background": "Nobody can drive.", "additional_details": ""}
    actions.change_text(petition_id=petition_id, text_version=1, **words, by=by)


@transactional
def _alerts(world: World) -> None:
    """Alerts that write, wait for their owners, are paused and stopped; one is about a petition."""
    now, petition_id = clock.now(), world.petitions[State.OPEN]
    for number, columns in enumerate(
        (
            {"search": "q=library", "mails": 1},
            {"confirmed_at": None, "next_at": None},
            {"paused_at": now},
            {"stopped_at": now},
            {"petition_id": petition_id, "published": False, "rising": False},
        )
    ):
        alert = build.alert(f"reader{number}@example.org", **columns)
        outbox.queue("confirm_alert", key=f"world:alert:{number}", alert=alert)
        world.alerts.append(alert.id)
    reader = db.session.get_one(Alert, world.alerts[0])
    told = [[news, petition_id, 0] for news in News]
    outbox.queue("alert_known", key="world:alert:known", alert=reader)
    outbox.queue("alert_news", key="world:alert:news", alert=reader, told=told)


@transactional
def _mails(world: World) -> None:
    """Mails in every kind of trouble, and mailings that run, are stopped and done."""
    signature = db.session.get_one(Signature, world.signatures[0])
    for state in (FAILED, PARKED, BOUNCED):
        key = f"world:{state}"
        outbox.queue("confirm_signature", key=key, signature=signature)
        mail = db.session.execute(select(Mail).where(Mail.key == key)).scalar_one()
        mail.state, mail.finished_at, mail.attempts, mail.last_error = state, clock.now(), 3, "refused: 550"
        world.mails.append(mail.id)
    for number, times in enumerate(({}, {"stopped_at": clock.now()}, {"finished_at": clock.now()})):
        key = f"world:{number}"
        outbox.queue_mailing("petition_closed", key=key, petition=signature.petition, audience="updates")
        mailing = db.session.execute(select(Mailing).where(Mailing.key == key)).scalar_one()
        for name, moment in times.items():
            setattr(mailing, name, moment)
        world.mailings.append(mailing.id)


def _signatures(world: World, place: Place) -> None:
    petition = db.session.get_one(Petition, world.petitions[State.OPEN])
    for state in SignatureState:
        row = build.signature(petition, state=state, name=f"Sol {state.title()}", place=place)
        world.signatures.append(row.id)
    stale = build.signature(petition, state="pending", link_sent_at=clock.now() - timedelta(days=30))
    world.signatures.append(stale.id)
    for state in (State.GATHERING, State.CLOSED, State.HIDDEN, State.REVIEW):
        other = db.session.get_one(Petition, world.petitions[state])
        world.signatures.append(build.signature(other, state="pending").id)


@transactional
def _campaigns(world: World) -> None:
    """One in each state, of signatures of the open petition, and a public note."""
    petition_id, staff_id = world.petitions[State.OPEN], world.staff[Role.MODERATOR]
    for state in CampaignState:
        row = Campaign(
            petition_id=petition_id,
            action=CampaignAction.INVALIDATE,
            state=state,
            conditions=to_json(Conditions(domain="example.org", country="GB")),
            reason="Made by a program.",
            staff_id=staff_id,
            found=1,
            changed=1 if state in {CampaignState.DONE, CampaignState.UNDONE} else 0,
        )
        db.session.add(row)
        db.session.flush()
        db.session.add(CampaignSignature(campaign_id=row.id, signature_id=world.signatures[0]))
        world.campaigns.append(row.id)
    db.session.add(Correction(petition_id=petition_id, change=-4, reason="Made by a program."))


@transactional
def _webhooks(world: World) -> None:
    """One that works, with a telling in every state, one paused, and one disabled. Their address is nobody's."""
    now = clock.now()
    for number, times in enumerate(
        ({}, {"paused_at": now}, {"failing_since": now - timedelta(days=3), "disabled_at": now})
    ):
        webhook = Webhook(url=f"https://192.0.2.1/{number}", secret="whsec_c2VjcmV0", **times)
        db.session.add(webhook)
        db.session.flush()
        world.webhooks.append(webhook.id)
    for place, state in enumerate(DeliveryState):
        told: dict[str, Any] = {"last_status": 503, "last_error": "refused", "attempts": 2}
        told |= {"due_at": now + timedelta(days=1)} if state == "queued" else {"finished_at": now}
        db.session.add(
            WebhookDelivery(
                webhook_id=world.webhooks[0],
                key=f"published:{place}",
                message_id=f"msg_{place}",
                kind="petition.published",
                petition_id=world.petitions[State.OPEN],
                body="{}",
                state=state,
                **told,
            )
        )


def _answers(world: World, library: Department, roads: Department) -> None:
    """Petitions that are owed, paused, extended, late, drafted, answered, debated and not debated."""
    for kind in (
        "owed",
        "paused",
        "extended",
        "late",
        "drafted",
        "answered",
        "debate set",
        "debated",
        "not debated",
    ):
        petition = build.open_petition(departments=[library])
        duty = build.cross(petition, "debate" if "debate" in kind else "response")
        if "debate" in kind:
            build.cross(petition)
        world.more_petitions.append(petition.id)
        world.duties.append(duty.id)
        _happened(kind, world, petition.id, duty.id)
    for state in (State.HIDDEN, State.REJECTED, State.WITHDRAWN):
        taken = build.petition(state, opened_at=clock.now() - timedelta(days=3), departments=[roads])
        world.more_petitions.append(taken.id)
    world.more_petitions.append(
        build.open_petition(
            opened_at=clock.now() - timedelta(days=200), closes_at=clock.now() - timedelta(hours=2)
        ).id
    )
    _reject_hidden(world)
    _appeals_and_reports(world)


@transactional
def _reject_hidden(world: World) -> None:
    for petition in db.session.execute(select(Petition).where(Petition.state == State.HIDDEN)).scalars():
        db.session.add(
            Rejection(petition_id=petition.id, code="offensive", details="It names a private person.")
        )


@transactional
def _appeals_and_reports(world: World) -> None:
    """An appeal that waits, one dismissed and one upheld; reports that wait and are resolved."""
    now, moderator, administrator = clock.now(), world.staff[Role.MODERATOR], world.staff[Role.ADMINISTRATOR]
    outcomes = {State.REJECTED: None, State.HIDDEN: False, State.REVIEW: True}
    for state, upheld in outcomes.items():
        row = Appeal(petition_id=world.petitions[state], reason="It is wrong.", refused_by_id=moderator)
        if upheld is not None:
            row.decided_at, row.upheld, row.explanation = now, upheld, "We looked again."
            row.decided_by_id = administrator
        db.session.add(row)
    for number, state in enumerate((State.OPEN, State.OPEN, State.HIDDEN)):
        report = PetitionReport(
            reference=f"7KQ4M-0000{number}",
            petition_id=world.petitions[state],
            code="offensive",
            body="See line 2.",
        )
        if number:
            report.resolved_at, report.outcome, report.staff_id = now, ReportOutcome.ACTED, moderator
            report.explanation = "It was corrected."
        db.session.add(report)
        world.reports.append(report.reference)


@transactional
def _happened(kind: str, world: World, petition_id: int, duty_id: int) -> None:
    duty, today = db.session.get_one(Duty, duty_id), clock.now().date()
    if kind == "paused":
        pause = DutyPause(duty_id=duty.id, starts_on=today, reason="The chamber was dissolved.")
        db.session.add(pause)
        db.session.flush()
        world.pauses.append((duty.id, pause.id))
    if kind == "late":
        world.house_pauses.append(_all_of_a_duty(duty, today))
    if kind == "extended":
        duty.due_on = today + timedelta(days=60)
        db.session.add(DutyExtension(duty_id=duty.id, due_on=duty.due_on, reason="Figures come in spring."))
    if kind == "late":
        duty.due_on = duty.first_due_on = today - timedelta(days=4)
    if kind in {"drafted", "answered"}:
        _respond(duty, world, published=kind == "answered")
    if "debate" in kind:
        _debate(kind, petition_id)
        business = OtherBusiness(
            petition_id=petition_id,
            subject="Letter from the committee",
            body="It **asked** again.",
            url="https://letters.example.org/1",
            occurred_on=today,
        )
        db.session.add(business)
        db.session.flush()
        world.businesses.append((petition_id, business.id))


def _all_of_a_duty(duty: Duty, today: date) -> int:
    """What else may have happened to a duty, and a pause of the whole house that is over."""
    house = HousePause(
        starts_on=today - timedelta(days=3), ends_on=today - timedelta(days=2), reason="A recess."
    )
    db.session.add(house)
    db.session.flush()
    db.session.add_all(
        [
            DutyPause(
                duty_id=duty.id,
                starts_on=house.starts_on,
                ends_on=house.ends_on,
                reason=house.reason,
                house_pause_id=house.id,
            ),
            DutyTransfer(duty_id=duty.id, to_department_id=duty.department_id, reason="They build it."),
            HoldingReply(duty_id=duty.id, body="We ask the towns."),
            DutyEscalation(duty_id=duty.id, number=1, days_late=7),
        ]
    )
    return house.id


def _respond(duty: Duty, world: World, *, published: bool) -> None:
    words: dict[str, Any] = {
        "summary": "Libraries will open.",
        "body": "We *will* open them.\n\n- Mondays\n- Sundays",
        "outcome": Outcome.AGREED,
        "points": [{"ask": "Open on Sundays", "answer": "Yes, *all day*.", "outcome": "agreed"}],
        "links": [{"title": "The plan", "url": "https://libraries.example.org/plan"}],
    }
    row = Response(
        petition_id=duty.petition_id,
        duty_id=duty.id,
        department_id=duty.department_id,
        draft_version=3,
        **words,
    )
    if published:
        row.published_at, row.responded_on = clock.now(), clock.now().date()
        duty.answered_at = clock.now()
    db.session.add(row)
    db.session.flush()
    for version in (1, 2) if published else ():
        db.session.add(
            ResponseVersion(response_id=row.id, version=version, **(words | {"outcome": "agreed"}))
        )
    for version in (1, 2, 3):
        summary = words["summary"] if version == 3 else f"{version}"
        said = words | {"outcome": "agreed", "summary": summary}
        db.session.add(ResponseDraft(response_id=row.id, version=version, **said))
        world.drafts.append((duty.id, version))
    if published:
        _rate_and_promise(world, duty, row)
    for signature in db.session.execute(
        select(Signature).where(Signature.petition_id == duty.petition_id)
    ).scalars():
        outbox.queue(
            "response_published", key=f"answer:{signature.id}", signature=signature, response_id=row.id
        )


def _rate_and_promise(world: World, duty: Duty, response: Response) -> None:
    """Something promised, asked about and kept in part; something promised; and a signer who said what they think."""
    for number, promise in enumerate(("Sundays from May", "Mondays")):
        row = Commitment(response_id=response.id, promise=promise, due_on=clock.now().date())
        db.session.add(row)
        db.session.flush()
        world.commitments.append((duty.id, row.id))
        if not number:
            check = {"commitment_id": row.id, "asked_at": clock.now()}
            said = {"kept": "partly", "answered_at": clock.now(), "note": "From June."}
            db.session.add(CommitmentCheck(months=6, **check, **said))
            db.session.add(CommitmentCheck(months=12, **check))
    for signature in db.session.execute(
        select(Signature).where(Signature.petition_id == duty.petition_id)
    ).scalars():
        world.ratings.append((response.id, signature.id))
    db.session.add(
        ResponseRating(
            response_id=response.id,
            signer_hash=ratings.signer_hash(*world.ratings[-1]),
            addressed=True,
            clear=False,
            rated_on=clock.now().date(),
        )
    )


def _debate(kind: str, petition_id: int) -> None:
    now = clock.now()
    row = Debate(petition_id=petition_id)
    if kind == "debate set":
        row.scheduled_on, row.scheduled_at = now.date() + timedelta(days=9), now
    else:
        row.debated, row.outcome_at = kind == "debated", now
        row.debated_on = now.date() if row.debated else None
        row.considered_on = now.date()
        if row.debated:
            row.overview = "Members spoke for three hours."
            row.transcript_url = "https://records.example.org/1"
        else:
            row.declined_reason = "There is no time before the summer."
    db.session.add(row)
    db.session.flush()
    if row.debated:
        picture = DebatePicture(debate_id=row.id, alt="A full chamber.", width=9, height=6, content=b"JPEG")
        db.session.add(picture)


def sign_in(app: Flask, staff_id: int) -> PageCheckingClient:
    """The browser of somebody of the staff, signed in."""
    return staff_browser.signed_in(app, db.session.get_one(Staff, staff_id))


def fetch(client: PageCheckingClient, path: str, method: str = "GET", **more: Any) -> TestResponse:
    """Make a request; what comes is read to its end, and checked where it is a page."""
    client.checks_pages = path.partition("?")[0] not in FRAGMENTS
    try:
        return client.open(path, method=method, buffered=True, **more)
    finally:
        client.checks_pages = True


def visitors(app: Flask, world: World) -> Iterator[tuple[str, PageCheckingClient]]:
    """Somebody without a name, and one of each role."""
    client = app.test_client()
    assert isinstance(client, PageCheckingClient)
    yield "anonymous", client
    for role, staff_id in world.staff.items():
        yield role.value, sign_in(app, staff_id)


def rules(app: Flask, method: str) -> list[Rule]:
    """Every address of the service that takes `method`, but for files and the tools of development."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and not rule.rule.startswith("/dev/")
    ]


def paths(app: Flask, world: World, rule: Rule) -> list[str]:
    """Addresses that exist, for one rule: with every petition, signature, duty or person that it could name."""
    build_path = app.url_map.bind("localhost").build
    return [build_path(rule.endpoint, values, force_external=False) for values in _values(world, rule)]


def _values(world: World, rule: Rule) -> Iterator[dict[str, object]]:
    wanted = set(rule.arguments)
    one_at_a_time = _one_at_a_time(world)
    if not wanted:
        yield {}
    elif wanted == {"petition_id", "token"}:
        yield from (
            {"petition_id": each, "token": tokens.sign(Purpose.SUPPORT, each)} for each in world.all_petitions
        )
    elif wanted == {"token"}:
        purpose = PURPOSES[rule.endpoint]
        if purpose is Purpose.RATE_RESPONSE:
            yield from ({"token": tokens.sign(purpose, list(pair))} for pair in world.ratings)
            return
        ids = {
            Purpose.PETITIONER: world.all_petitions,
            Purpose.APPEAL: world.all_petitions,
            Purpose.CONFIRM_ALERT: world.alerts,
            Purpose.MY_ALERT: world.alerts,
            Purpose.STOP_ALERT: world.alerts,
            Purpose.STAFF_INVITATION: world.invitations,
            Purpose.STAFF_RESET: world.resets,
        }.get(purpose, world.signatures)
        yield from ({"token": tokens.sign(purpose, each)} for each in ids)
    elif frozenset(wanted) in (several := _several(world)):
        yield from several[frozenset(wanted)]
    elif len(wanted) == 1 and wanted <= one_at_a_time.keys():
        (name,) = wanted
        yield from ({name: each} for each in one_at_a_time[name])
    elif wanted == {"petition_id", "signature_id"}:
        yield from (
            {"petition_id": world.petitions[State.OPEN], "signature_id": each}
            for each in world.signatures[:7]
        )
    else:
        raise AssertionError(f"tell tests/world.py how to fill in {rule.rule}")


def _several(world: World) -> dict[frozenset[str], list[dict[str, object]]]:
    """What may stand in an address that names two things."""
    pairs: dict[tuple[str, str], Iterable[tuple[object, object]]] = {
        ("petition_id", "tag_id"): [(world.petitions[State.REVIEW], world.tag)],
        ("petition_id", "business_id"): world.businesses,
        ("duty_id", "version"): world.drafts,
        ("duty_id", "commitment_id"): world.commitments,
        ("duty_id", "pause_id"): world.pauses,
        ("webhook_id", "button"): [(each, "pause") for each in world.webhooks],
        ("day", "filename"): [("latest", "petitions.csv"), ("2026-01-31", "petitions.csv")],
    }
    return {
        frozenset(names): [dict(zip(names, values, strict=True)) for values in several]
        for names, several in pairs.items()
    }


def _one_at_a_time(world: World) -> dict[str, Iterable[object]]:
    """What may stand in an address that names one thing."""
    return {
        "petition_id": world.all_petitions,
        "duty_id": world.duties,
        "house_pause_id": world.house_pauses,
        "campaign_id": world.campaigns,
        "domain": ("proton.me", "gmail.com"),
        "staff_id": [*world.staff.values(), *world.former_staff],
        "session_id": world.sessions,
        "mail_id": world.mails,
        "mailing_id": world.mailings,
        "kind": KINDS,
        "slug": [world.department],
        "area": ["fairley-marsh", "the-north"],
        "reference": world.reports,
        "topic_code": ["libraries"],
        "code": ["duplicate", "advert"],
        "template_id": [world.template],
        "term_id": [world.term],
        "period": ["2010-2015"],
        "day": ["2026-12-24"],
        "key": ["response-2", "debate"],
        "filename": ["js/enhance.js"],
        "part": [1, 2],
        "webhook_id": world.webhooks,
        "button": ("ping", "pause", "resume", "again"),
    }


def bad_paths(app: Flask, world: World, rule: Rule) -> list[str]:
    """Addresses of one rule that lead nowhere: ids out of range, links cut, altered, or made for something else."""
    good = paths(app, world, rule)[:1]
    found: list[str] = []
    for name in rule.arguments:
        converter = type(rule._converters[name]).__name__
        for path in good:
            value = str(next(_values(world, rule))[name])
            spoiled = BAD_NUMBERS if converter == "RowNumber" else bad_tokens(rule.endpoint, value)
            # A reference is all capitals as it is.
            found += [_replaced(path, value, each) for each in spoiled if each != value]
    return found


def bad_tokens(endpoint: str, token: str) -> list[str]:
    """A link's token cut, altered, signed for every other purpose, and things that are no token."""
    middle = len(token) // 2
    swapped = "A" if token[middle] != "A" else "B"
    others = [tokens.sign(each, 1) for each in Purpose if each is not PURPOSES.get(endpoint)]
    mine = PURPOSES.get(endpoint, Purpose.SUPPORT)
    odd_values = [tokens.sign(mine, value) for value in ("1", True, -1, 2**70, None, [1], {"id": 1}, 1.5)]
    changed = [
        token[:-1],
        token[1:],
        token[:middle] + swapped + token[middle + 1 :],
        token + "x",
        token.upper(),
    ]
    return [
        *changed,
        *others,
        *odd_values,
        "x",
        ".",
        "a.b",
        "..%2f..",
        "%00",
        "%ff",
        "%f0%9f%92%a9",
        "1" * 5000,
    ]


def _replaced(path: str, value: str, other: str) -> str:
    before, _, after = (
        path.rpartition(f"/{value}") if path.endswith(f"/{value}") else path.partition(f"/{value}")
    )
    return f"{before}/{other}{after}"
