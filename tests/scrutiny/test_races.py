"""Whatever else happens to a petition and its signatures in the same instant: the counts are exact, and each row has one end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask

from petitions import clock
from petitions.counts import counting
from petitions.errors import PetitionsError
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import CampaignAction, Petition, Staff
from petitions.moderation import decisions
from petitions.scrutiny import actions, campaign_work, campaigns
from petitions.scrutiny.conditions import Conditions
from petitions.signing import actions as signing
from petitions.signing import closing, confirming, own_signature
from tests import build, invariants
from tests.scrutiny.acts import REASON, begun, corrections, lines, run, states, waiting, work
from tests.signing.test_count import at_once

pytestmark = pytest.mark.database("postgresql")

Work = Callable[[], object]
NUMBER = 6


def refused_by_name(work: Work) -> Work:
    """A verb may come too late; nothing else may go wrong."""

    def quietly() -> None:
        with suppress(PetitionsError):
            work()

    return quietly


def staff(staff_id: int) -> Staff:
    """Somebody, in this thread's own session."""
    return db.session.get_one(Staff, staff_id)


def changes(action: str, petition_id: int, ids: list[int], staff_id: int) -> Work:
    """Change them all by hand."""
    return lambda: actions.change_some(
        petition_id=petition_id,
        action=CampaignAction(action),
        signature_ids=ids,
        reason=REASON,
        by=staff(staff_id),
    )


def rivals(petition: Petition, ids: list[int], staff_id: int, kind: str) -> list[Work]:
    """What else happens."""
    number, version = petition.id, petition.text_version
    of_each: dict[str, Callable[[int], object]] = {
        "confirm": lambda each: confirming.confirm(signature_id=each),
        "withdraw": lambda each: own_signature.withdraw(signature_id=each),
        "refuse": lambda each: confirming.refuse(signature_id=each),
        "erase": lambda each: own_signature.erase(signature_id=each),
    }
    if kind in of_each:
        return [lambda each=each: of_each[kind](each) for each in ids]  # type: ignore[misc]
    refusal = {"code": "offensive", "explanation": "Why.", "original_id": None, "state": petition.state.value}
    of_all: dict[str, Work] = {
        "invalidate": changes("invalidate", number, ids, staff_id),
        "hold": changes("hold", number, ids, staff_id),
        "restore": changes("restore", number, ids, staff_id),
        "sweep": counting.sweep,
        "close": closing.close_due,
        "hide": lambda: decisions.refuse(
            petition_id=number, text_version=version, by=staff(staff_id), **refusal
        ),  # type: ignore[arg-type]
        "publish": lambda: decisions.publish(petition_id=number, text_version=version, by=staff(staff_id)),
    }
    return [of_all[kind]] * 2


@pytest.mark.parametrize("before", ["pending", "validated", "uncounted"])
@pytest.mark.parametrize(
    "kind",
    [
        "confirm",
        "withdraw",
        "refuse",
        "erase",
        "invalidate",
        "hold",
        "restore",
        "sweep",
        "close",
        "hide",
        "publish",
    ],
)
def test_removing_while_something_else_happens(app: Flask, moderator: Staff, kind: str, before: str) -> None:
    petition = build.review_petition() if kind == "publish" else build.open_petition()
    made = waiting if before == "pending" else build.signature
    rows = [made(petition, **({"counted": False} if before == "uncounted" else {})) for _ in range(NUMBER)]
    if kind == "close":
        build.change(petition, closes_at=clock.now() - timedelta(seconds=1))
    ids, staff_id = [row.id for row in rows], moderator.id
    removing = changes("invalidate", petition.id, ids, staff_id)
    works = [removing, *rivals(petition, ids, staff_id, kind), counting.sweep]
    at_once(app, [refused_by_name(each) for each in works])
    build.work()
    allowed = {
        "withdraw": {"invalidated", "withdrawn"},
        "refuse": {"invalidated", "refused"},
        "erase": {"invalidated", "withdrawn"},
        "restore": {"invalidated", "pending" if before == "pending" else "validated"},
    }.get(kind, {"invalidated"})
    assert set(states(rows)) <= allowed
    removed = sum(-line.details["count_change"] for line in lines("signatures_invalidated"))
    assert sum(change for change, _ in corrections(petition) if change < 0) == -removed - sum(
        -line.details["count_change"] for line in lines("signatures_held")
    )
    invariants.check()


@pytest.mark.parametrize("kind", ["confirm", "withdraw", "erase", "invalidate", "hide", "sweep"])
def test_undoing_while_something_else_happens(
    app: Flask, petition: Petition, moderator: Staff, kind: str
) -> None:
    rows = build.signatures(petition, NUMBER)
    campaign = run(petition, moderator)
    campaigns.undo(campaign_id=campaign.id, reason=REASON, by=moderator)
    ids, staff_id = [row.id for row in rows], moderator.id
    works = [campaign_work.work, *rivals(petition, ids, staff_id, kind), counting.sweep]
    at_once(app, [refused_by_name(each) for each in works])
    build.work()
    assert set(states(rows)) <= {"validated", "withdrawn", "invalidated"}
    invariants.check()


def test_workers_at_once_share_a_campaign_and_change_each_row_once(
    app: Flask, petition: Petition, moderator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign_work, "CHANGED", 2)
    rows = build.signatures(petition, 11)
    campaign = begun(petition, moderator)
    campaigns.start(campaign_id=campaign.id, by=moderator)
    at_once(app, [campaign_work.work] * 8)
    work()
    assert (campaign.changed, states(rows)) == (11, ["invalidated"] * 11)
    assert corrections(petition) == [(-11, REASON)]
    assert len(lines("campaign_done")) == 1
    invariants.check()


def test_campaigns_over_the_same_rows_at_once_change_each_row_once(
    app: Flask, petition: Petition, moderator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign_work, "CHANGED", 3)
    rows = build.signatures(petition, 10)
    both = [begun(petition, moderator, conditions=Conditions(country="GB")) for _ in range(2)]
    for campaign in both:
        campaigns.start(campaign_id=campaign.id, by=moderator)
    for _ in range(3):
        at_once(app, [campaign_work.work] * 4)
    work()
    assert sum(campaign.changed for campaign in both) == 10
    assert sum(change for change, _ in corrections(petition)) == -10
    assert states(rows) == ["invalidated"] * 10
    invariants.check()


def test_cancelled_while_it_works_the_note_is_what_was_done(
    app: Flask, petition: Petition, moderator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign_work, "CHANGED", 2)
    rows = build.signatures(petition, 8)
    campaign = begun(petition, moderator)
    campaigns.start(campaign_id=campaign.id, by=moderator)
    number, staff_id = campaign.id, moderator.id
    stop = refused_by_name(lambda: campaigns.cancel(campaign_id=number, by=staff(staff_id)))
    at_once(app, [campaign_work.work, stop, campaign_work.work])
    work()
    removed = states(rows).count("invalidated")
    assert campaign.changed == removed
    assert sum(change for change, _ in corrections(petition)) == -removed
    invariants.check()


def test_putting_back_while_the_mailbox_signs_again_gives_it_one_seat(
    app: Flask, petition: Petition, moderator: Staff
) -> None:
    for number in range(5):
        person = signing.Person("Ada Adeyemi", f"ada{number}@example.org", "GB", "AB1 2CD", False)
        row = build.signature(petition, name=person.name, email=person.email)
        actions.change_some(
            petition_id=petition.id,
            action=CampaignAction.INVALIDATE,
            signature_ids=[row.id],
            reason=REASON,
            by=moderator,
        )
        ids, staff_id, where = [row.id], moderator.id, petition.id
        signs: Work = lambda where=where, person=person: signing.sign(petition_id=where, person=person)  # type: ignore[misc] # noqa: E731
        at_once(app, [changes("restore", where, ids, staff_id), signs])
    build.work()
    assert petition.state is State.OPEN
    invariants.check()


def test_no_more_than_thirty_are_seen_by_asking_at_once(
    app: Flask, petition: Petition, moderator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "REVEALS", 3)
    row, staff_id = build.signature(petition), moderator.id
    where, number = petition.id, row.id
    see = refused_by_name(
        lambda: actions.reveal(petition_id=where, signature_id=number, reason="Why.", by=staff(staff_id))
    )
    at_once(app, [see] * 8)
    assert len(lines("signature_revealed")) == 3
