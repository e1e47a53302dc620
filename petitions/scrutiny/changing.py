"""Hold, release, remove and put back: what each does to the rows of one petition, in few statements however many they are.

The petitioner's own signature stands and falls with the petition, and what its owner ended or erased stays so: neither is
ever touched. Call inside a unit of work, with the petition's row locked (`locked`): whoever confirms, withdraws or erases
comes before or after, and the counts are exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from petitions import clock
from petitions.counts import counting
from petitions.duties import ratings
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.models import (
    Campaign,
    CampaignAction,
    CampaignSignature,
    Petition,
    Signature,
    SignatureRole,
    SignatureState,
)
from petitions.scrutiny.seats import seats_for
from petitions.signals import Signal

State = SignatureState
Action = CampaignAction

OPPOSITE = {
    Action.HOLD: Action.RELEASE,
    Action.RELEASE: Action.HOLD,
    Action.INVALIDATE: Action.RESTORE,
    Action.RESTORE: Action.INVALIDATE,
}
#: These take counted signatures off the count; the others may put them back.
REMOVES = frozenset({Action.HOLD, Action.INVALIDATE})


@dataclass(frozen=True)
class Changed:
    """What was done: each changed signature's state before, and by how much the petition's count changes."""

    states_before: dict[int, State]
    count_change: int
    """Below zero: taken off at once. Above: what had been counted before and is counted again within a second."""

    @property
    def number(self) -> int:
        """How many signatures were changed."""
        return len(self.states_before)


def locked(petition_id: int) -> Petition:
    """The petition, locked, where its counts may still change.

    Raises `NotFound`, and `StateChanged` where everything personal has left it: its count stands still.
    """
    petition = counting.lock_petition(petition_id)
    if petition.anonymised_at is not None:
        raise StateChanged("the count of this petition stands still")
    return petition


def changeable(action: Action) -> list[ColumnElement[bool]]:
    """What must be true of a signature that `action` can change."""
    in_state = {
        Action.HOLD: or_(
            Signature.state == State.VALIDATED,
            and_(Signature.state == State.PENDING, Signature.held_reason.is_(None)),
        ),
        Action.RELEASE: or_(
            Signature.state == State.HELD,
            and_(Signature.state == State.PENDING, Signature.held_reason.is_not(None)),
        ),
        Action.INVALIDATE: Signature.state.in_([State.PENDING, State.VALIDATED, State.HELD]),
        Action.RESTORE: Signature.state == State.INVALIDATED,
    }[action]
    return [in_state, Signature.role != SignatureRole.CREATOR, Signature.email_sealed.is_not(None)]


def change(petition: Petition, action: Action, signature_ids: Sequence[int]) -> Changed:
    """Do `action` to those of the signatures that it can change; the others stay as they are."""
    rows = _lock_rows(petition, action, signature_ids)
    count_change = 0
    if action in REMOVES:
        count_change = -counting.uncount_many(petition, [row.id for row in rows])
        _hold(rows) if action is Action.HOLD else _invalidate(petition, rows)
    else:
        rows = _release(rows) if action is Action.RELEASE else _restore(petition, rows)
        count_change = sum(
            row.counted_before is not None and _state_after(action, row) is State.VALIDATED for row in rows
        )
    _close_records(petition, OPPOSITE[action], [row.id for row in rows])
    return Changed({row.id: row.state for row in rows}, count_change)


def _lock_rows(petition: Petition, action: Action, signature_ids: Sequence[int]) -> list[Any]:
    wanted = (
        select(
            Signature.id,
            Signature.state,
            Signature.validated_at,
            Signature.held_reason,
            Signature.counted_before,
            Signature.mailbox_hash,
            Signature.name_sealed,
            Signature.postcode_sealed,
            Signature.row_key,
            Signature.country,
        )
        .where(Signature.id.in_(signature_ids), Signature.petition_id == petition.id, *changeable(action))
        .order_by(Signature.id)
        .with_for_update()
    )
    return list(db.session.execute(wanted).all())


def _set(rows: Sequence[Any], **values: Any) -> None:
    if rows:
        db.session.execute(
            update(Signature)
            .where(Signature.id.in_([row.id for row in rows]))
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _in(state: State, rows: Sequence[Any]) -> list[Any]:
    return [row for row in rows if row.state is state]


def _hold(rows: Sequence[Any]) -> None:
    """One that waits for its signer will be held when it is confirmed."""
    _set(_in(State.VALIDATED, rows), state=State.HELD, held_reason=Signal.BY_STAFF.value)
    _set(_in(State.PENDING, rows), held_reason=Signal.BY_STAFF.value)


def _release(rows: list[Any]) -> list[Any]:
    """The sweep counts what becomes valid. The button was pressed when it was pressed: that moment stays."""
    validated_at = func.coalesce(Signature.validated_at, clock.now())
    _set(_in(State.HELD, rows), state=State.VALIDATED, held_reason=None, validated_at=validated_at)
    _set(_in(State.PENDING, rows), held_reason=None)
    return rows


def _invalidate(petition: Petition, rows: Sequence[Any]) -> None:
    """The rest of the row stays as it is, so that it can be put back as it was. What was said of answers is gone."""
    _set(_in(State.HELD, rows), held_reason=func.coalesce(Signature.held_reason, Signal.BY_STAFF.value))
    _set(rows, state=State.INVALIDATED, seat=None, ended_at=clock.now())
    ratings.remove(petition.id, [row.id for row in rows])


def _restore(petition: Petition, rows: list[Any]) -> list[Any]:
    """Returns what found a seat again."""
    seats = seats_for(petition, rows)
    groups: dict[tuple[State, int], list[Any]] = defaultdict(list)
    for row in rows:
        if row.id in seats:
            groups[_state_after(Action.RESTORE, row), seats[row.id]].append(row)
    for (state, seat), members in groups.items():
        _set(members, state=state, seat=seat, ended_at=None)
    return [row for row in rows if row.id in seats]


def _state_after(action: Action, row: Any) -> State:
    """What a released or restored row is then: restored, what it was before, which its other columns tell."""
    if row.validated_at is None and row.state is not State.HELD:
        return State.PENDING
    held = action is Action.RESTORE and row.held_reason is not None
    return State.HELD if held else State.VALIDATED


def _close_records(petition: Petition, action: Action, signature_ids: Sequence[int]) -> None:
    """What campaigns did with `action` to these signatures is undone now, whoever undid it: no campaign undoes it again."""
    campaigns = select(Campaign.id).where(Campaign.petition_id == petition.id, Campaign.action == action)
    db.session.execute(
        update(CampaignSignature)
        .where(
            CampaignSignature.signature_id.in_(signature_ids),
            CampaignSignature.campaign_id.in_(campaigns),
            CampaignSignature.state_before.is_not(None),
            CampaignSignature.undone_at.is_(None),
        )
        .values(undone_at=clock.now())
        .execution_options(synchronize_session=False)
    )
