"""Writes one petition of the demo: its rows, its signatures, its refusal, and every count that must agree with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from random import Random

from petitions import audit, due_dates
from petitions.counts import crossings
from petitions.demo.history import History
from petitions.demo.moments import Clock, Life, life_of
from petitions.demo.offices import Offices
from petitions.demo.plan import Plan, make_plan
from petitions.demo.signers import Signers
from petitions.demo.story import DEBATE, RESPONSE, RESPONSE_DAYS, Story
from petitions.demo.suspects import suspects
from petitions.demo.tally import write_counts
from petitions.extensions import db
from petitions.lifecycle import FACTS, State
from petitions.mail import outbox
from petitions.models import (
    DecisionKind,
    ModerationDecision,
    Petition,
    PetitionText,
    PetitionThreshold,
    Rejection,
    Signature,
    SignatureRole,
)

#: The time of day, hour and minute, at which appeals are decided.
APPEALS_DECIDED = (15, 40)


@dataclass(slots=True)
class Telling:
    """What all petitions of one telling of the demo share."""

    times: Clock
    offices: Offices
    history: History = field(default_factory=History)
    signer_numbers: count[int] = field(default_factory=lambda: count(1))
    petitions: dict[str, Petition] = field(default_factory=dict)
    """Told so far, by the key of their story."""


@dataclass(frozen=True, slots=True)
class Told:
    """One petition that stands, for what is told of it further."""

    story: Story
    petition: Petition
    life: Life
    random: Random
    reached: dict[int, datetime]
    """When each threshold was reached."""


def tell(story: Story, telling: Telling) -> Told:
    """Write a petition with its texts, signatures, counts and frozen thresholds."""
    random = Random(story.key)
    life = life_of(story, telling.times, random)
    reached = {value: telling.times.at(days, 14, 6) for value, days in story.reached.items()}
    plan = make_plan(story, life, reached, random)
    petition = _petition(story, life, plan, telling.offices)
    db.session.add(petition)
    db.session.flush()
    _add_text(story, petition)
    if life.opened is not None:
        _freeze(petition)
    signers = Signers(story, petition.id, telling.offices.areas, random, telling.signer_numbers)
    rows = [signers.creator(life.created, life.confirmed)]
    rows += signers.rows(plan.supporters, SignatureRole.SUPPORTER)
    rows += signers.rows(plan.recent)
    db.session.add_all(rows)
    if life.confirmed is None:
        _ask_to_confirm(rows[0])
    write_counts(plan, signers, rows, telling.times.zone)
    db.session.add_all(suspects(signers, life.signed_until, story.suspects))
    telling.petitions[story.key] = petition
    if story.refusal is not None:
        _refuse(story, petition, life, telling)
    told = Told(story, petition, life, random, reached)
    _remember(told, telling)
    return told


def _petition(story: Story, life: Life, plan: Plan, offices: Offices) -> Petition:
    state = State(story.state)
    ended = {f"{state}_at": life.ended} if FACTS[state].is_final else {}
    rows = 0 if life.confirmed is None else 1 + len(plan.supporters) + len(plan.recent)
    last = max([*plan.supporters, *plan.recent], default=life.confirmed)
    return Petition(
        state=state,
        action=story.action,
        background=story.background,
        additional_details=story.details,
        # The petitioner's name leaves the public page when the petition closes.
        creator_name=None if state is State.CLOSED else story.creator,
        created_at=life.created,
        updated_at=life.signed_until,
        confirmed_at=life.confirmed,
        lapses_at=life.lapses,
        moderation_threshold_reached_at=life.in_review,
        opened_at=life.opened,
        closes_at=life.closes,
        signature_count=rows + plan.imported,
        imported_signatures=plan.imported,
        last_signed_at=life.signed_until if plan.imported else last,
        topics=[offices.topics[code] for code in story.topics],
        departments=[offices.departments[story.department]] if story.department else [],
        **ended,
    )


def _add_text(story: Story, petition: Petition) -> None:
    background = story.corrected.before if story.corrected else story.background
    db.session.add(
        PetitionText(
            petition_id=petition.id,
            version=1,
            action=story.action,
            background=background,
            additional_details=story.details,
            created_at=petition.created_at,
        )
    )
    db.session.flush()


def _freeze(petition: Petition) -> None:
    """The thresholds that the stories are told with, whatever the site's settings are today."""
    db.session.add_all(
        [
            PetitionThreshold(
                petition_id=petition.id,
                key="response",
                signatures=RESPONSE,
                duty="response",
                days=RESPONSE_DAYS,
            ),
            PetitionThreshold(
                petition_id=petition.id, key="debate", signatures=DEBATE, duty="debate", days=None
            ),
        ]
    )
    db.session.flush()


def _ask_to_confirm(creator: Signature) -> None:
    """A signature that waits for its signer has its mail in the outbox."""
    db.session.flush()
    outbox.queue(
        "confirm_creator", key=f"confirm:{creator.id}:1", signature=creator, priority=outbox.CONFIRMATION
    )


def _refuse(story: Story, petition: Petition, life: Life, telling: Telling) -> None:
    assert story.refusal is not None
    original = telling.petitions[story.refusal.original] if story.refusal.original else None
    db.session.add(
        Rejection(
            petition_id=petition.id,
            code=story.refusal.code,
            details=story.refusal.explanation,
            original_id=original.id if original else None,
            created_at=life.ended,
            staff_id=telling.offices.moderator.id,
        )
    )


def decided(
    told: Told, kind: DecisionKind, at: datetime, telling: Telling, *, code: str | None = None
) -> None:
    """The row of a decision, with the working days that it took; `code` is the reason of a refusal."""
    received = _received(told, kind, telling)
    days = [moment.astimezone(telling.times.zone).date() for moment in (received or at, at)]
    db.session.add(
        ModerationDecision(
            petition_id=told.petition.id,
            kind=kind,
            code=code,
            received_at=received,
            decided_at=at,
            working_days=due_dates.working_days_between(*days) if received else None,
            staff_id=telling.offices.moderator.id,
        )
    )


def _received(told: Told, kind: DecisionKind, telling: Telling) -> datetime | None:
    """Since when the moderators had it: after an appeal that was upheld, since then."""
    if kind is DecisionKind.TAKEN_DOWN:
        return None
    appeal = told.story.appeal
    if kind is DecisionKind.PUBLISHED and appeal is not None and appeal.decided is not None:
        return telling.times.at(appeal.decided, *APPEALS_DECIDED)
    return told.life.in_review


def _remember(told: Told, telling: Telling) -> None:
    """The lines that the permanent history has about a petition's states."""
    story, petition, life, history = told.story, told.petition, told.life, telling.history
    moderator = telling.offices.moderator
    history.add(life.created, "created", petition, actor=audit.PETITIONER)
    if life.confirmed is not None:
        history.add(life.confirmed, "confirmed", petition, actor=audit.PETITIONER)
    if life.in_review is not None:
        history.add(life.in_review, "supporters_found", petition, supporters=story.supporters)
    if life.opened is not None:
        thresholds = crossings.frozen_in_words(petition)
        history.add(life.opened, "published", petition, by=moderator, thresholds=thresholds)
        decided(told, DecisionKind.PUBLISHED, life.opened, telling)
    if life.ended is None:
        return
    if story.refusal is not None:
        taken_down = life.opened is not None
        code = story.refusal.code
        history.add(life.ended, story.state, petition, by=moderator, code=code, taken_down=taken_down)
        kind = DecisionKind.TAKEN_DOWN if taken_down else DecisionKind(story.state)
        decided(told, kind, life.ended, telling, code=code)
    elif story.state == State.WITHDRAWN:
        history.add(life.ended, story.state, petition, actor=audit.PETITIONER)
    elif story.state == State.CLOSED:
        history.add(life.ended, story.state, petition, signature_count=petition.signature_count)
    else:
        history.add(life.ended, story.state, petition)
