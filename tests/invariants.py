"""What is true of the data at every moment, whatever happened before: asked of the database itself.

`check()` fails with every sentence that is not true. What it says of history (crossings, decisions, mails) it says of what
the service did, not of rows that a test wrote by hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import func, select

from petitions import audit
from petitions.extensions import db, settings
from petitions.models import (
    AuditEntry,
    CountryCount,
    Crossing,
    Duty,
    HourCount,
    Mail,
    Petition,
    PetitionText,
    PetitionThreshold,
    PlaceCount,
    Rejection,
    Response,
    ResponseVersion,
    Signature,
    SignatureState,
)

ENDED = {SignatureState.WITHDRAWN, SignatureState.REFUSED, SignatureState.INVALIDATED}


def check() -> None:
    """Fail with everything that is not true."""
    db.session.rollback()
    wrong = [f"{predicate.__name__}: {sentence}" for predicate in PREDICATES for sentence in predicate()]
    assert not wrong, "\n".join(wrong)


def _rows(query: Any) -> Any:
    return db.session.execute(query)


def counts_are_the_counted_rows() -> Iterator[str]:
    """The public count is what came with an import and every row that carries `counted_at`; those rows are valid."""
    counted = dict(
        _rows(
            select(Signature.petition_id, func.count())
            .where(Signature.counted_at.is_not(None))
            .group_by(Signature.petition_id)
        ).all()
    )
    for petition in _rows(select(Petition)).scalars():
        true = petition.imported_signatures + counted.get(petition.id, 0)
        if petition.signature_count != true:
            yield f"petition {petition.id} says {petition.signature_count}, its rows say {true}"
    wrong = select(Signature.id).where(
        Signature.counted_at.is_not(None), Signature.state != SignatureState.VALIDATED
    )
    yield from (f"signature {each} is counted and not valid" for each in _rows(wrong).scalars())


def nothing_valid_waits() -> Iterator[str]:
    """When the worker is idle, every valid signature is counted."""
    waiting = select(Signature.id).where(
        Signature.state == SignatureState.VALIDATED, Signature.counted_at.is_(None)
    )
    yield from (f"signature {each} is valid and not counted" for each in _rows(waiting).scalars())


def mailboxes_have_their_seats() -> Iterator[str]:
    """A mailbox has at most so many signatures on a petition as are allowed; one that ended sits nowhere."""
    seated = _rows(
        select(Signature.petition_id, Signature.mailbox_hash, func.count())
        .where(Signature.mailbox_hash.is_not(None), Signature.seat.is_not(None))
        .group_by(Signature.petition_id, Signature.mailbox_hash)
    )
    for petition_id, _mailbox, number in seated:
        if number > settings().signatures_per_mailbox:
            yield f"a mailbox has {number} seats on petition {petition_id}"
    for row in _rows(
        select(Signature).where(Signature.state.in_(ENDED), Signature.seat.is_not(None))
    ).scalars():
        yield f"signature {row.id} is {row.state} and has a seat"


def parts_add_up() -> Iterator[str]:
    """The counts by place, country and hour are those of the counted rows."""
    rows = _rows(
        select(Signature.petition_id, Signature.place_id, Signature.country, Signature.counted_at).where(
            Signature.counted_at.is_not(None)
        )
    ).all()
    for model, part, of_row in (
        (PlaceCount, "place_id", lambda row: row.place_id),
        (CountryCount, "country", lambda row: row.country),
        (HourCount, "hour", lambda row: row.counted_at.replace(minute=0, second=0, microsecond=0)),
    ):
        true = Counter((row.petition_id, of_row(row)) for row in rows if of_row(row) is not None)
        said = {
            (each.petition_id, getattr(each, part)): each.signature_count - each.imported_signatures
            for each in _rows(select(model)).scalars()
        }
        for key in true.keys() | said.keys():
            if true.get(key, 0) != said.get(key, 0):
                yield f"{model.__tablename__} {key} says {said.get(key, 0)}, the rows say {true.get(key, 0)}"


def crossings_are_where_a_count_came() -> Iterator[str]:
    """A threshold is crossed when the count has reached it, and the history says so once."""
    crossed = {(each.petition_id, each.threshold_key): each for each in _rows(select(Crossing)).scalars()}
    for threshold in _rows(select(PetitionThreshold)).scalars():
        petition = db.session.get_one(Petition, threshold.petition_id)
        crossing = crossed.get((threshold.petition_id, threshold.key))
        if crossing is None and petition.signature_count >= threshold.signatures:
            yield f"petition {petition.id} has {petition.signature_count} and did not cross {threshold.signatures}"
        if crossing is not None and crossing.signature_count < threshold.signatures:
            yield f"petition {petition.id} crossed {threshold.signatures} with {crossing.signature_count}"
    told = Counter(
        (line.petition_id, line.details["threshold"])
        for line in _rows(select(AuditEntry).where(AuditEntry.action == "threshold_crossed")).scalars()
    )
    if told != Counter(crossed.keys()):
        yield f"the history tells of {dict(told)}, the crossings are {list(crossed)}"


def crossings_have_one_duty_and_one_mail_each() -> Iterator[str]:
    """Each crossing has one duty, with a date where one is promised, and each person was told of it once."""
    duties = {(each.petition_id, each.threshold_key): each for each in _rows(select(Duty)).scalars()}
    crossings = list(_rows(select(Crossing)).scalars())
    if set(duties) != {(each.petition_id, each.threshold_key) for each in crossings}:
        yield f"duties {sorted(duties)} are not those of the crossings"
    for crossing in crossings:
        duty = duties.get((crossing.petition_id, crossing.threshold_key))
        if duty is not None and (duty.due_on is None) != (crossing.threshold.days is None):
            yield f"duty {duty.id} has the date {duty.due_on}"
    told = Counter(
        (mail.kind, mail.details["duty_id"], mail.staff_id, mail.signature_id)
        for mail in _rows(select(Mail).where(Mail.kind.in_(["duty_created", "threshold_crossed"]))).scalars()
    )
    yield from (f"told {times} times: {key}" for key, times in told.items() if times > 1)
    reached = {key[1] for key in told}
    yield from (f"nobody was told of duty {duty.id}" for duty in duties.values() if duty.id not in reached)


def who_waits_was_mailed() -> Iterator[str]:
    """Every signature that waits for its signer has a confirmation in the outbox."""
    mailed = select(Mail.signature_id).where(Mail.kind.in_(["confirm_signature", "confirm_creator"]))
    waiting = select(Signature.id).where(
        Signature.state == SignatureState.PENDING,
        Signature.id.not_in(mailed.where(Mail.signature_id.is_not(None))),
    )
    yield from (f"signature {each} waits and has no mail" for each in _rows(waiting).scalars())


def nobody_is_mailed_the_same_twice() -> Iterator[str]:
    """An answer, the day of a debate, what came of it: each goes to each person once."""
    kinds = ("response_published", "debate_scheduled", "debate_outcome")
    news = Counter(
        (mail.kind, mail.petition_id, mail.signature_id, str(sorted(mail.details.items())))
        for mail in _rows(select(Mail).where(Mail.kind.in_(kinds))).scalars()
    )
    yield from (f"mailed {times} times: {key}" for key, times in news.items() if times > 1)


def staff_work_is_in_the_history() -> Iterator[str]:
    """What staff wrote stands in the permanent history, once each and under their name; the chain is whole."""
    lines = Counter(
        (line.action, line.petition_id, line.staff_id)
        for line in _rows(select(AuditEntry).where(AuditEntry.staff_id.is_not(None))).scalars()
    )
    written: Counter[tuple[str, int, int]] = Counter()
    for text in _rows(select(PetitionText).where(PetitionText.staff_id.is_not(None))).scalars():
        written["text_changed", text.petition_id, text.staff_id] += 1
    for version in _rows(select(ResponseVersion).where(ResponseVersion.staff_id.is_not(None))).scalars():
        petition_id = _petition_of_version(version)
        action = "response_published" if version.version == 1 else "response_changed"
        written[action, petition_id, version.staff_id] += 1
    for key, number in written.items():
        if lines[key] != number:
            yield f"{number} rows of {key}, {lines[key]} lines in the history"
    for rejection in _rows(select(Rejection).where(Rejection.staff_id.is_not(None))).scalars():
        kinds = ("hidden", "rejected")
        if not sum(lines[kind, rejection.petition_id, rejection.staff_id] for kind in kinds):
            yield f"the history does not know who refused petition {rejection.petition_id}"
    yield from audit.verify()


def _petition_of_version(version: ResponseVersion) -> int:
    return db.session.get_one(Response, version.response_id).petition_id


PREDICATES: tuple[Callable[[], Iterator[str]], ...] = (
    counts_are_the_counted_rows,
    nothing_valid_waits,
    mailboxes_have_their_seats,
    parts_add_up,
    crossings_are_where_a_count_came,
    crossings_have_one_duty_and_one_mail_each,
    who_waits_was_mailed,
    nobody_is_mailed_the_same_twice,
    staff_work_is_in_the_history,
)
