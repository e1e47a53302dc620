"""I10, I13, I14: states follow the table of moves, what staff do is in the history, and the database guards it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Select,
    String,
    case,
    column,
    exists,
    func,
    literal,
    select,
    table,
    type_coerce,
    union_all,
)

from petitions.extensions import db
from petitions.invariants.invariant import invariant
from petitions.lifecycle import MOVES, State
from petitions.models import (
    Appeal,
    AuditEntry,
    Campaign,
    Commitment,
    CommitmentCheck,
    Duty,
    DutyExtension,
    DutyPause,
    DutyTransfer,
    HoldingReply,
    Petition,
    PetitionText,
    Rejection,
    Response,
    ResponseVersion,
)

#: The lines of the history that tell of a move, and where the petition is after it.
MOVED_TO = {
    "started": State.PENDING,
    "created": State.PENDING,
    "confirmed": State.GATHERING,
    "supporters_found": State.REVIEW,
    "published": State.OPEN,
    "rejected": State.REJECTED,
    "hidden": State.HIDDEN,
    "restored": State.REVIEW,
    "appeal_upheld": State.REVIEW,
    "closed": State.CLOSED,
    "closed_early": State.CLOSED,
    "withdrawn": State.WITHDRAWN,
    "lapsed": State.LAPSED,
}
ALLOWED = {(before, after) for (before, _), after in MOVES.items()}
#: The lines that tell of a row with its writer's name on it.
WRITTEN = (
    "commitment_added",
    "commitment_answered",
    "response_published",
    "response_changed",
    "text_changed",
    "duty_paused",
    "duty_extended",
    "duty_transferred",
    "holding_reply_published",
    "campaign_begun",
    "appeal_upheld",
    "appeal_dismissed",
)
#: What the database itself refuses, by triggers.
GUARDS = (
    "audit_entries_refuse_update",
    "audit_entries_refuse_delete",
    "crossings_refuse_update",
    "crossings_refuse_delete",
    "petition_texts_refuse_update",
)


def _moves() -> Any:
    """Every line that tells of a move, with the one about the same petition before it."""
    before = func.lag(AuditEntry.action).over(partition_by=AuditEntry.petition_id, order_by=AuditEntry.id)
    after = func.lead(AuditEntry.id).over(partition_by=AuditEntry.petition_id, order_by=AuditEntry.id)
    return (
        select(
            AuditEntry.id.label("line"),
            AuditEntry.petition_id,
            AuditEntry.action,
            before.label("action_before"),
            after.label("line_after"),
        )
        .where(AuditEntry.action.in_(list(MOVED_TO)), AuditEntry.petition_id.is_not(None))
        .subquery()
    )


def _state_after(action: Any) -> Any:
    return case({action_name: state.value for action_name, state in MOVED_TO.items()}, value=action)


@invariant(
    "I10",
    about=Petition,
    broken="petition {petition_id} is {state}, but by line {line} of the history it is {told}",
)
def states_are_what_the_history_says() -> Select[*tuple[Any, ...]]:
    """A petition is in the state into which the last line about its moves put it."""
    moves = _moves()
    # As text: a state that is none must be told of, not fail.
    told, state = _state_after(moves.c.action), type_coerce(Petition.state, String)
    return (
        select(Petition.id.label("petition_id"), state.label("state"), moves.c.line, told.label("told"))
        .join(moves, moves.c.petition_id == Petition.id)
        .where(moves.c.line_after.is_(None), state != told)
    )


@invariant(
    "I10",
    about=AuditEntry,
    broken="petition {petition_id}: line {line} of the history ({action}) cannot follow {action_before}",
)
def moves_are_those_of_the_table() -> Select[*tuple[Any, ...]]:
    """Each move of a petition is one that the table of moves allows."""
    moves = _moves()
    pair = _state_after(moves.c.action_before).concat(" ").concat(_state_after(moves.c.action))
    allowed = [f"{before.value} {after.value}" for before, after in ALLOWED]
    return select(moves.c.petition_id, moves.c.line, moves.c.action, moves.c.action_before).where(
        moves.c.action_before.is_not(None), pair.not_in(allowed)
    )


def _written_by_staff() -> list[Select[*tuple[Any, ...]]]:
    """What staff wrote: the line that must be in the history, the petition, who."""
    published = case((ResponseVersion.version == 1, "response_published"), else_="response_changed")
    versions = select(published.label("action"), Response.petition_id, ResponseVersion.staff_id)
    pauses = select(literal("duty_paused"), Duty.petition_id, DutyPause.staff_id)
    extensions = select(literal("duty_extended"), Duty.petition_id, DutyExtension.staff_id)
    transfers = select(literal("duty_transferred"), Duty.petition_id, DutyTransfer.staff_id)
    replies = select(literal("holding_reply_published"), Duty.petition_id, HoldingReply.staff_id)
    # A pause that was taken back before it began is gone; the line that tells of it knows who had paused.
    withdrawn = select(
        literal("duty_paused"), AuditEntry.petition_id, AuditEntry.details["paused_by"].as_integer()
    )
    appeals = case((Appeal.upheld.is_(True), "appeal_upheld"), else_="appeal_dismissed")
    promised = select(literal("commitment_added").label("action"), Response.petition_id, Commitment.staff_id)
    kept = select(literal("commitment_answered"), Response.petition_id, CommitmentCheck.staff_id)
    return [
        promised.join(Response, Response.id == Commitment.response_id).where(
            Commitment.staff_id.is_not(None)
        ),
        kept.join(Commitment, Commitment.id == CommitmentCheck.commitment_id)
        .join(Response, Response.id == Commitment.response_id)
        .where(CommitmentCheck.staff_id.is_not(None)),
        versions.join(Response, Response.id == ResponseVersion.response_id).where(
            ResponseVersion.staff_id.is_not(None)
        ),
        transfers.join(Duty, Duty.id == DutyTransfer.duty_id).where(DutyTransfer.staff_id.is_not(None)),
        replies.join(Duty, Duty.id == HoldingReply.duty_id).where(HoldingReply.staff_id.is_not(None)),
        withdrawn.where(
            AuditEntry.action == "duty_pause_withdrawn",
            AuditEntry.details["paused_by"].as_integer().is_not(None),
        ),
        select(literal("text_changed"), PetitionText.petition_id, PetitionText.staff_id).where(
            PetitionText.staff_id.is_not(None)
        ),
        pauses.join(Duty, Duty.id == DutyPause.duty_id).where(DutyPause.staff_id.is_not(None)),
        select(appeals, Appeal.petition_id, Appeal.decided_by_id).where(Appeal.decided_by_id.is_not(None)),
        select(literal("campaign_begun"), Campaign.petition_id, Campaign.staff_id),
        extensions.join(Duty, Duty.id == DutyExtension.duty_id).where(DutyExtension.staff_id.is_not(None)),
    ]


@invariant(
    "I13",
    about=AuditEntry,
    broken="petition {petition_id}, person {staff_id}: {rows} times {action}, {lines} lines in the history",
)
def staff_work_is_in_the_history() -> Select[*tuple[Any, ...]]:
    """What staff wrote stands in the permanent history, once each and under their name."""
    rows = union_all(*_written_by_staff()).subquery()
    both = union_all(
        select(
            rows.c.action,
            rows.c.petition_id,
            rows.c.staff_id,
            literal(1).label("rows"),
            literal(0).label("lines"),
        ),
        select(AuditEntry.action, AuditEntry.petition_id, AuditEntry.staff_id, literal(0), literal(1)).where(
            AuditEntry.action.in_(WRITTEN), AuditEntry.staff_id.is_not(None)
        ),
    ).subquery()
    number, lines = func.sum(both.c.rows), func.sum(both.c.lines)
    return (
        select(
            both.c.action,
            both.c.petition_id,
            both.c.staff_id,
            number.label("rows"),
            lines.label("lines"),
        )
        .group_by(both.c.action, both.c.petition_id, both.c.staff_id)
        .having(number != lines)
    )


@invariant("I13", about=Rejection, broken="the history does not know who refused petition {petition_id}")
def refusals_are_in_the_history() -> Select[*tuple[Any, ...]]:
    """Who of the staff refused a petition stands in the permanent history."""
    line = exists().where(
        AuditEntry.petition_id == Rejection.petition_id,
        AuditEntry.staff_id == Rejection.staff_id,
        AuditEntry.action.in_(["rejected", "hidden"]),
    )
    return select(Rejection.petition_id).where(Rejection.staff_id.is_not(None), ~line)


@invariant("I13", about=AuditEntry, broken="line {id} of the history is by {actor}, person {staff_id}")
def lines_say_who() -> Select[*tuple[Any, ...]]:
    """A line about what staff did names the person, and no other line does."""
    return select(AuditEntry.id, AuditEntry.actor, AuditEntry.staff_id).where(
        (AuditEntry.actor == "staff") != AuditEntry.staff_id.is_not(None)
    )


@invariant("I14", about=AuditEntry, broken="the database has lost its guard {guard}")
def the_database_guards_the_history() -> Select[*tuple[Any, ...]]:
    """The history, crossings and versions of words are guarded by the database against being changed."""
    if db.session.get_bind().dialect.name == "sqlite":
        triggers = (
            select(column("name", String))
            .select_from(table("sqlite_master"))
            .where(column("type", String) == "trigger")
        )
    else:
        triggers = (
            select(column("tgname", String).label("name"))
            .select_from(table("pg_trigger"))
            .where(column("tgenabled", String) != "D")
        )
    there = triggers.subquery()
    guards = union_all(*(select(literal(guard).label("guard")) for guard in GUARDS)).subquery()
    return (
        select(guards.c.guard).outerjoin(there, there.c.name == guards.c.guard).where(there.c.name.is_(None))
    )
