"""Every pair of verbs that can meet at one signature, from every state that a signature and its petition can be in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import combinations_with_replacement
from typing import Any, NamedTuple

from sqlalchemy import update

from petitions import clock
from petitions.counts import counting
from petitions.database import transactional
from petitions.errors import PetitionsError
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import CampaignAction, Petition, Signature, Staff
from petitions.moderation import decisions
from petitions.permissions import Role
from petitions.scrutiny import actions as scrutiny
from petitions.signing import closing, confirming, own_signature
from tests import build
from tests.faults.race import Verb


class Scene(NamedTuple):
    """The rows that a pair of verbs meets at."""

    petition_id: int
    signature_id: int
    moderator_id: int
    state: State
    """Of the petition, as the pages showed it that the people have open who act."""


def _by(scene: Scene) -> Staff:
    return db.session.get_one(Staff, scene.moderator_id)


def _publish(scene: Scene) -> None:
    decisions.publish(petition_id=scene.petition_id, text_version=1, by=_by(scene))


def _hide(scene: Scene) -> None:
    decisions.refuse(
        petition_id=scene.petition_id,
        text_version=1,
        state=scene.state,
        code="offensive",
        explanation="Why.",
        original_id=None,
        by=_by(scene),
    )


def _staff_do(action: CampaignAction) -> Callable[[Scene], object]:
    def change(scene: Scene) -> object:
        return scrutiny.change_some(
            petition_id=scene.petition_id,
            action=action,
            signature_ids=[scene.signature_id],
            reason="Why.",
            by=_by(scene),
        )

    return change


#: What can be done to a signature or its petition, each by whoever does it in life.
VERBS: dict[str, Callable[[Scene], object]] = {
    "confirm": lambda scene: confirming.confirm(signature_id=scene.signature_id),
    "refuse": lambda scene: confirming.refuse(signature_id=scene.signature_id),
    "withdraw": lambda scene: own_signature.withdraw(signature_id=scene.signature_id),
    "erase": lambda scene: own_signature.erase(signature_id=scene.signature_id),
    "hold": _staff_do(CampaignAction.HOLD),
    "release": _staff_do(CampaignAction.RELEASE),
    "invalidate": _staff_do(CampaignAction.INVALIDATE),
    "undo": _staff_do(CampaignAction.RESTORE),
    "close": lambda scene: closing.close_due(),
    "hide": _hide,
    "publish": _publish,
    "count": lambda scene: counting.sweep(),
}
PAIRS = list(combinations_with_replacement(VERBS, 2))


@transactional
def _past_its_deadline(petition: Petition) -> None:
    # With the deadline a moment ago the clock closes the petition and links still count for a day.
    now = clock.now()
    values = {"opened_at": now - timedelta(days=180), "closes_at": now - timedelta(seconds=1)}
    db.session.execute(update(Petition).where(Petition.id == petition.id).values(**values))


def _open(**signature: Any) -> tuple[Petition, Signature]:
    petition = build.open_petition()
    return petition, build.signature(petition, **signature)


def _changed_by_staff(action: CampaignAction) -> tuple[Petition, Signature]:
    petition, row = _open()
    scene = Scene(petition.id, row.id, build.staff(Role.MODERATOR).id, petition.current_state)
    _staff_do(action)(scene)
    return petition, row


def _due(**signature: Any) -> tuple[Petition, Signature]:
    petition, row = _open(**signature)
    _past_its_deadline(petition)
    return petition, row


def _in_review(**signature: Any) -> tuple[Petition, Signature]:
    petition = build.review_petition(supporters=2)
    return petition, build.signature(petition, role="supporter", **signature)


#: Where a pair can begin.
STARTS: dict[str, Callable[[], tuple[Petition, Signature]]] = {
    "open, pending": lambda: _open(state="pending"),
    "open, not counted": lambda: _open(counted=False),
    "open, counted": lambda: _open(),
    "open, refused": lambda: _open(state="refused"),
    "open, held": lambda: _changed_by_staff(CampaignAction.HOLD),
    "open, invalidated": lambda: _changed_by_staff(CampaignAction.INVALIDATE),
    "due, pending": lambda: _due(state="pending"),
    "due, not counted": lambda: _due(counted=False),
    "due, counted": lambda: _due(),
    "in review, pending": lambda: _in_review(state="pending"),
    "in review, counted": lambda: _in_review(),
}
#: Verbs that make no difference where the petition is neither past its deadline nor in review.
ONLY_FROM = {"close": "due", "publish": "in review"}


def cases() -> Iterator[tuple[str, str, str]]:
    """Every start with every pair that can do anything there."""
    for start in STARTS:
        for first, second in PAIRS:
            if all(start.startswith(ONLY_FROM.get(verb, start)) for verb in (first, second)):
                yield start, first, second


class Stage:
    """Sets scenes, and looks at what became of them."""

    def __init__(self) -> None:
        self.moderator_id = build.staff(Role.MODERATOR).id

    def scene(self, start: str) -> Scene:
        """New rows."""
        petition, signature = STARTS[start]()
        scene = Scene(petition.id, signature.id, self.moderator_id, petition.current_state)
        db.session.rollback()
        return scene

    @staticmethod
    def verbs(scene: Scene, names: tuple[str, str]) -> list[Verb]:
        """The pair, ready to be started."""
        return [lambda name=name: VERBS[name](scene) for name in names]

    @staticmethod
    def look(scene: Scene) -> tuple[Any, ...]:
        """Where everything stands when the worker has come by once more: what somebody else had locked it left for then."""
        for work in (counting.sweep, closing.close_due):
            with suppress(PetitionsError):
                work()
        db.session.rollback()
        petition = db.session.get_one(Petition, scene.petition_id)
        signature = db.session.get_one(Signature, scene.signature_id)
        seen = (
            petition.state,
            petition.signature_count,
            signature.state,
            signature.counted_at is not None,
            signature.email_sealed is None,
        )
        db.session.rollback()
        return seen
