"""Campaigns: they look first, take a second person when they are large, work in portions, stop when told, and can be undone."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from petitions import clock
from petitions.counts import counting
from petitions.database import transactional
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.models import (
    Campaign,
    CampaignSignature,
    CampaignState,
    Petition,
    Signature,
    SignatureState,
    Staff,
)
from petitions.scrutiny import campaign_work, campaigns
from petitions.scrutiny.conditions import Conditions
from tests import build, invariants
from tests.scrutiny.acts import (
    BACK,
    REASON,
    act,
    begun,
    corrections,
    everything_counted,
    lines,
    run,
    states,
    undo,
    work,
)
from tests.staff_visitor import StaffVisitor


def one_step() -> int:
    """The next portion."""
    db.session.rollback()
    return campaign_work.work()


def test_it_looks_before_anything_is_changed(petition: Petition, moderator: Staff) -> None:
    rows = build.signatures(petition, 3)
    before = everything_counted(petition)
    campaign = begun(petition, moderator)
    assert (campaign.state, campaign.found, campaign.changed) == (CampaignState.READY, 3, 0)
    assert everything_counted(petition) == before
    late = build.signature(petition)
    campaigns.start(campaign_id=campaign.id, by=moderator)
    work()
    assert (campaign.state, campaign.changed) == (CampaignState.DONE, 3)
    assert states([*rows, late]) == ["invalidated"] * 3 + ["validated"]
    invariants.check()


def test_it_keeps_what_it_looked_for_sealed(petition: Petition, moderator: Staff) -> None:
    campaign = begun(petition, moderator, conditions=Conditions(domain="mail.example.org"))
    assert b"example" not in (campaign.conditions_sealed or b"")
    assert "mail.example.org" in (campaign.conditions or "")


def test_note_and_mail_say_what_was_done(petition: Petition, moderator: Staff) -> None:
    build.signatures(petition, 3)
    campaign = run(petition, moderator)
    undo(campaign, moderator)
    build.work()
    assert corrections(petition) == [(-3, REASON), (3, BACK)]
    assert len(build.captured(to="priya@example.org", kind="signatures_removed")) == 2


def test_every_step_of_staff_stands_in_the_history(
    petition: Petition, moderator: Staff, colleague: Staff
) -> None:
    build.signatures(petition, 2)
    campaign = begun(petition, moderator)
    campaigns.start(campaign_id=campaign.id, by=colleague)
    work()
    undo(campaign, moderator)
    assert [(line.staff_id, line.details["campaign"]) for line in lines("campaign_begun")] == [
        (moderator.id, campaign.id)
    ]
    assert [line.staff_id for line in lines("campaign_started")] == [colleague.id]
    assert [line.details for line in lines("campaign_done")] == [{"campaign": campaign.id, "changed": 2}]
    assert [line.staff_id for line in lines("campaign_undoing")] == [moderator.id]
    assert len(lines("campaign_undone")) == 1
    assert campaign.approved_by_id == colleague.id
    invariants.check()


def test_in_portions_the_note_is_true_after_each(
    petition: Petition, moderator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign_work, "CHANGED", 2)
    build.signatures(petition, 5)
    campaign = begun(petition, moderator)
    campaigns.start(campaign_id=campaign.id, by=moderator)
    for done in (2, 4, 5):
        assert one_step() > 0
        assert corrections(petition) == [(-done, REASON)]
        assert (petition.signature_count, campaign.changed) == (6 - done, done)
    one_step()
    assert campaign.state is CampaignState.DONE


def test_it_looks_in_portions_too(
    petition: Petition, moderator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign_work, "LOOKED_AT", 2)
    build.signatures(petition, 5, domain_hash=None)
    campaign = begun(petition, moderator, conditions=Conditions(domain="*.org"))
    assert campaign.found == 5


def test_cancelled_between_portions_it_stops_and_what_is_done_can_be_undone(
    petition: Petition, moderator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign_work, "CHANGED", 2)
    rows = build.signatures(petition, 5)
    before = everything_counted(petition)
    campaign = begun(petition, moderator)
    campaigns.start(campaign_id=campaign.id, by=moderator)
    one_step()
    campaigns.cancel(campaign_id=campaign.id, by=moderator)
    work()
    assert states(rows) == ["invalidated"] * 2 + ["validated"] * 3
    assert corrections(petition) == [(-2, REASON)]
    undo(campaign, moderator)
    assert everything_counted(petition) == before
    invariants.check()


@pytest.mark.parametrize("looked", [False, True])
def test_cancelled_before_its_start_it_never_begins(
    petition: Petition, moderator: Staff, looked: bool
) -> None:
    row = build.signature(petition)
    conditions = Conditions(role="signer")
    campaign = begun(petition, moderator) if looked else _unlooked(petition, moderator, conditions)
    campaigns.cancel(campaign_id=campaign.id, by=moderator)
    work()
    assert states([row]) == ["validated"]
    for verb in (campaigns.start, campaigns.cancel):
        with pytest.raises(StateChanged):
            verb(campaign_id=campaign.id, by=moderator)
    with pytest.raises(StateChanged):
        campaigns.undo(campaign_id=campaign.id, reason=BACK, by=moderator)


def _unlooked(petition: Petition, by: Staff, conditions: Conditions) -> Campaign:
    action = campaigns.CampaignAction.INVALIDATE
    return campaigns.begin(
        petition_id=petition.id, action=action, conditions=conditions, reason=REASON, by=by
    )


def test_more_than_a_thousand_take_a_second_person(
    petition: Petition, moderator: Staff, colleague: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaigns, "MOST_BY_ONE", 2)
    rows = build.signatures(petition, 3)
    campaign = begun(petition, moderator)
    with pytest.raises(campaigns.NeedsSecondPerson):
        campaigns.start(campaign_id=campaign.id, by=moderator)
    work()
    assert states(rows) == ["validated"] * 3
    campaigns.start(campaign_id=campaign.id, by=colleague)
    work()
    assert states(rows) == ["invalidated"] * 3
    assert (campaign.staff_id, campaign.approved_by_id) == (moderator.id, colleague.id)


def test_as_many_as_one_person_may_change_take_nobody_else(
    petition: Petition, moderator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaigns, "MOST_BY_ONE", 3)
    build.signatures(petition, 3)
    assert run(petition, moderator).changed == 3


@pytest.mark.parametrize(
    ("action", "before"), [("hold", "validated"), ("release", "held"), ("restore", "invalidated")]
)
def test_every_act_can_be_done_and_undone(
    petition: Petition, moderator: Staff, action: str, before: str
) -> None:
    rows = build.signatures(petition, 3)
    if action == "release":
        act("hold", petition, rows, moderator)
    if action == "restore":
        act("invalidate", petition, rows, moderator)
    at_first = everything_counted(petition)
    campaign = run(petition, moderator, action)
    assert campaign.changed == 3
    assert before not in states(rows)
    undo(campaign, moderator)
    assert everything_counted(petition) == at_first
    invariants.check()


def test_what_somebody_else_put_back_meanwhile_is_not_put_back_twice(
    petition: Petition, moderator: Staff
) -> None:
    rows = build.signatures(petition, 2)
    campaign = run(petition, moderator)
    act("restore", petition, rows[:1], moderator)
    act("invalidate", petition, rows[:1], moderator, "For another reason.")
    undo(campaign, moderator)
    assert states(rows) == ["invalidated", "validated"]
    invariants.check()


def test_of_two_campaigns_over_the_same_rows_each_undoes_its_own(
    petition: Petition, moderator: Staff
) -> None:
    rows = build.signatures(petition, 3, country="FR") + build.signatures(petition, 2, country="DE")
    one = begun(petition, moderator, conditions=Conditions(country="FR"))
    both = run(petition, moderator)
    campaigns.start(campaign_id=one.id, by=moderator)
    work()
    assert (one.changed, both.changed) == (0, 5)
    undo(both, moderator)
    assert states(rows) == ["validated"] * 5
    with pytest.raises(StateChanged):
        campaigns.undo(campaign_id=one.id, reason=BACK, by=moderator)


@pytest.mark.settings(response_threshold=4)
def test_undone_over_a_threshold_it_is_crossed_once(petition: Petition, moderator: Staff) -> None:
    build.signatures(petition, 2)
    campaign = run(petition, moderator)
    build.signatures(petition, 2)
    assert lines("threshold_crossed") == []
    undo(campaign, moderator)
    assert len(lines("threshold_crossed")) == 1
    assert petition.signature_count == 5
    invariants.check()


def test_a_petition_that_was_anonymised_ends_it(petition: Petition, moderator: Staff) -> None:
    rows = build.signatures(petition, 2)
    campaign = begun(petition, moderator)
    campaigns.start(campaign_id=campaign.id, by=moderator)
    build.change(petition, anonymised_at=clock.now())
    work()
    assert campaign.state is CampaignState.CANCELLED
    assert states(rows) == ["validated"] * 2
    assert corrections(petition) == []


def test_a_crash_between_changing_and_committing_loses_nothing(
    petition: Petition, moderator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = build.signatures(petition, 3)
    before = everything_counted(petition)
    campaign = begun(petition, moderator)
    campaigns.start(campaign_id=campaign.id, by=moderator)

    def crash(point: str) -> None:
        if point == "campaign:changed":
            raise RuntimeError(point)

    with monkeypatch.context() as broken:
        broken.setattr("petitions.failpoints.reach", crash)
        with pytest.raises(RuntimeError):
            one_step()
    assert everything_counted(petition) == before
    work()
    assert states(rows) == ["invalidated"] * 3
    assert corrections(petition) == [(-3, REASON)]
    invariants.check()


def form(**fields: object) -> dict[str, object]:
    """A campaign's form filled in."""
    return {"country": "GB", "action": "invalidate", "reason": REASON} | fields


def test_by_the_pages_from_beginning_to_undoing(visitor: StaffVisitor, petition: Petition) -> None:
    build.signatures(petition, 3)
    response = visitor.post(f"/staff/petitions/{petition.id}/campaigns/new", **form(role="signer"))
    assert response.status_code == 303
    page = response.location
    assert "data-refresh" in visitor.get(page).text
    work()
    ready = visitor.get(page).text
    assert "Waits to be started" in ready
    assert "S… S…" in ready
    assert visitor.post(page + "/start").status_code == 303
    work()
    assert ">Done<" in visitor.get(page).text
    assert petition.signature_count == 1
    assert visitor.post(page + "/undo").status_code == 422
    assert visitor.post(page + "/undo", reason=BACK).status_code == 303
    work()
    assert ">Undone<" in visitor.get(page).text
    assert petition.signature_count == 4
    assert REASON in visitor.get(f"/staff/petitions/{petition.id}/campaigns").text


def test_the_page_asks_for_a_second_person(
    app: Flask, visitor: StaffVisitor, petition: Petition, colleague: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaigns, "MOST_BY_ONE", 1)
    build.signatures(petition, 2)
    page = visitor.post(f"/staff/petitions/{petition.id}/campaigns/new", **form(role="signer")).location
    work()
    assert "It takes a second person" in visitor.get(page).text
    assert visitor.post(page + "/start").status_code == 409
    assert petition.signature_count == 3
    assert StaffVisitor(app, colleague).post(page + "/start").status_code == 303


def test_an_empty_condition_is_refused(visitor: StaffVisitor, petition: Petition) -> None:
    response = visitor.post(f"/staff/petitions/{petition.id}/campaigns/new", **form(country=""))
    assert response.status_code == 422
    assert "Fill in at least one condition" in response.text
    assert db.session.execute(select(func.count(Campaign.id))).scalar_one() == 0
    assert visitor.post(f"/staff/petitions/{petition.id}/campaigns/new", **form(reason="")).status_code == 422


def test_a_campaign_begins_with_a_search(visitor: StaffVisitor, petition: Petition) -> None:
    results = visitor.post(
        f"/staff/petitions/{petition.id}/signatures", country="FR", seconds_to="7"
    ).location
    token = results.partition("search=")[2]
    page = visitor.get(f"/staff/petitions/{petition.id}/campaigns/new?search={token}").text
    assert '<option selected value="FR">' in page
    assert 'value="7"' in page


@pytest.mark.database("postgresql")
def test_five_hundred_programs_in_five_thousand_signatures(petition: Petition, moderator: Staff) -> None:
    """T28 in small; the whole of it (5 000 in 50 000) is measured by hand."""
    crowd(petition, people=4500, programs=500)
    before = everything_counted(petition)
    campaign = run(petition, moderator, conditions=Conditions(country="FR"))
    assert (campaign.changed, petition.signature_count) == (500, before["count"] - 500)  # type: ignore[operator]
    invariants.check()
    undo(campaign, moderator)
    assert everything_counted(petition) == before
    records = select(func.count()).where(CampaignSignature.undone_at.is_not(None))
    assert db.session.execute(records).scalar_one() == 500


@transactional
def crowd(petition: Petition, *, people: int, programs: int) -> None:
    """Many signatures at once, counted as the worker counts them."""
    for number in range(people + programs):
        db.session.add(
            Signature(
                petition_id=petition.id,
                text_version=1,
                role="signer",
                state=SignatureState.VALIDATED,
                name="Sam",
                email=f"s{number}@example.org",
                mailbox_hash=number.to_bytes(32, "big"),
                country="FR" if number % 10 == 0 and number // 10 < programs else "GB",
                validated_at=clock.now(),
            )
        )
    db.session.flush()
    while counting.sweep():
        pass
