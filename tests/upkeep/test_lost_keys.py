"""Losing the keys of personal data loses no count and no page: only what they sealed cannot be read."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import audit, links
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import (
    Campaign,
    CampaignAction,
    CampaignState,
    Mail,
    Petition,
    Signature,
    SignatureState,
    Staff,
)
from petitions.models.mail import SENT
from petitions.permissions import Role
from petitions.scrutiny import campaigns
from petitions.scrutiny.conditions import Conditions
from petitions.tokens import Purpose, sign
from tests import build, invariants, staff_browser, world
from tests.client import PageCheckingClient
from tests.settings import key, make_settings
from tests.signing.journey import path_of
from tests.upkeep.test_backup import run


def without_keys(app: Flask) -> None:
    """From now on the key that sealed what is there is lost."""
    db.session.rollback()
    db.session.expire_all()
    kept = app.extensions["settings"]
    app.extensions["settings"] = make_settings(
        database_url=kept.database_url, erasure_ledger=kept.erasure_ledger, data_keys=f"t9:{key('z')}"
    )


@pytest.mark.database("sqlite")
def test_no_page_fails(app: Flask) -> None:
    found = world.make()
    visitors = dict(world.visitors(app, found))
    without_keys(app)
    refused = set()
    for rule in world.rules(app, "GET"):
        who = "administrator" if rule.rule.startswith("/staff") else "anonymous"
        for path in world.paths(app, found, rule):
            status = world.fetch(visitors[who], path).status_code
            assert status < 500 or status == 503, path
            if status == 503:
                refused.add(rule.rule)
    assert refused == set()


def test_counting_goes_on_and_proves_itself(app: Flask) -> None:
    petition, place = build.open_petition(), build.place()
    build.signature(petition, place=place, counted=False)
    without_keys(app)
    build.work()
    build.signature(petition, place=place)
    db.session.expire_all()
    assert db.session.get_one(Petition, petition.id).signature_count == 3
    assert run(app, "audit", "verify").exit_code == 0
    assert list(audit.verify()) == []
    invariants.check()


def test_a_link_still_confirms_withdraws_and_erases(client: PageCheckingClient, app: Flask) -> None:
    petition = build.open_petition()
    waiting, signed = (
        build.signature(petition, state="pending"),
        build.signature(petition, name="Ada Adeyemi"),
    )
    without_keys(app)
    client.post(f"/signatures/confirm/{sign(Purpose.CONFIRM_SIGNATURE, waiting.id)}", data={"answer": "yes"})
    mine = path_of(links.my_signature(signed))
    page = client.get(mine)
    assert "cannot be opened" in page.text
    assert client.post(mine, data={"action": "erase"}).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Signature, waiting.id).state is SignatureState.VALIDATED
    assert db.session.get_one(Signature, signed.id).name is None


def test_the_petition_is_shown_without_its_petitioners_name(client: PageCheckingClient, app: Flask) -> None:
    petition = build.open_petition(creator="Priya Petitioner")
    assert "Priya Petitioner" in client.get(f"/petitions/{petition.id}").text
    without_keys(app)
    page = client.get(f"/petitions/{petition.id}")
    assert page.status_code == 200
    assert "started by" not in page.text


def test_a_mail_that_cannot_be_opened_stops_no_other(app: Flask) -> None:
    petition = build.open_petition()
    lost = build.signature(petition)
    queue(lost, "1")
    without_keys(app)
    queue(build.signature(petition, email="new@example.org"), "2")
    build.work()
    states = {mail.key: mail.state for mail in db.session.execute(select(Mail)).scalars()}
    assert states["2"] == SENT
    assert states["1"] != SENT
    assert [mail["To"] for mail in build.captured()] == ["new@example.org"]


@transactional
def queue(signature: Signature, mail_key: str) -> None:
    """Queue a mail to the signature's address."""
    outbox.queue("already_signed", key=mail_key, signature=signature)


def test_staff_are_told_that_it_cannot_be_opened(app: Flask) -> None:
    petition = build.review_petition()
    staff = build.staff(Role.MODERATOR)
    client = staff_browser.signed_in(app, staff)
    without_keys(app)
    page = client.get(f"/staff/petitions/{petition.id}")
    assert page.status_code == 200
    assert page.text.count("cannot be opened") == 2


def test_signing_again_is_answered_as_always(client: PageCheckingClient, app: Flask) -> None:
    petition = build.open_petition()
    build.signature(petition, name="Ada Adeyemi", email="ada@example.org")
    without_keys(app)
    reply = client.post(f"/petitions/{petition.id}/signatures/new", data=build.sign_form())
    assert reply.status_code == 303


def test_a_campaign_whose_conditions_are_lost_stops_no_worker(app: Flask) -> None:
    petition, staff = build.open_petition(), build.staff(Role.ADMINISTRATOR)
    campaign_id = begin(petition, staff)
    without_keys(app)
    queue(build.signature(petition, email="new@example.org"), "1")
    build.work()
    db.session.expire_all()
    assert db.session.get_one(Campaign, campaign_id).state is CampaignState.CANCELLED
    assert len(build.captured(to="new@example.org")) == 1
    page = staff_browser.signed_in(app, staff).get(f"/staff/campaigns/{campaign_id}")
    assert "not kept any more" in page.text


def begin(petition: Petition, staff: Staff) -> int:
    """A campaign that looks for a domain."""
    return campaigns.begin(
        petition_id=petition.id,
        action=CampaignAction.HOLD,
        conditions=Conditions(domain="example.org"),
        reason="Automated signing",
        by=staff,
    ).id
