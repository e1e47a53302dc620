"""Whoever types somebody's address, however often and in whatever spelling: the mailbox gets few mails, and the page says nothing."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from petitions import audit, caps, clock, suppressions
from petitions.database import transactional
from petitions.extensions import db
from petitions.limits import MAILS_A_DAY, MAILS_A_MONTH
from petitions.models import AuditEntry, Mail, MailCap, Petition, Signature
from petitions.signing import actions, own_signature
from petitions.starting import actions as starting
from petitions.starting.draft import Draft
from tests import build
from tests.client import PageCheckingClient
from tests.signing.journey import confirm_path, post_form, sign, signatures_of

NOON = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
ALIASES = [
    f"{local}+{n}@{domain}"
    for n in range(5)
    for local in ("v.ictim", "VICTIM", "vic.tim")
    for domain in ("gmail.com", "googlemail.com")
]


def mails() -> int:
    """How many mails there are for anybody."""
    return db.session.execute(select(func.count()).select_from(Mail)).scalar_one()


def audit_lines() -> int:
    """How long the history is."""
    return db.session.execute(select(func.count()).select_from(AuditEntry)).scalar_one()


def draft(email: str, number: int = 0) -> Draft:
    """A petition that somebody writes under an address."""
    return Draft("yes", f"Mend road {number}", "It has holes.", "", "Vic Tim", email, "GB", "AB1 2CD")


def test_a_mail_bomb_of_many_spellings_petitions_and_origins_is_five_mails(
    client: PageCheckingClient,
) -> None:
    petitions = [build.open_petition() for _ in range(8)]
    replies = set()
    for number in range(240):
        petition = petitions[number % len(petitions)]
        response = client.post(
            f"/petitions/{petition.id}/signatures/new",
            data=build.sign_form(email=ALIASES[number % len(ALIASES)], name=f"Vic {number % 7}"),
            environ_overrides={"REMOTE_ADDR": f"192.0.2.{number % 250}"},
        )
        replies.add((response.status_code, response.data.replace(str(petition.id).encode(), b"")))
        client.post("/signatures/find", data={"email": ALIASES[-number % len(ALIASES)]})
        if number % 40 == 0:
            build.work()
    build.work()
    assert len(build.captured()) <= MAILS_A_DAY
    assert mails() == MAILS_A_DAY
    assert {status for status, _ in replies} == {303}


def test_every_kind_of_mail_counts_together(app: Flask, client: PageCheckingClient) -> None:
    one, two = build.open_petition(), build.open_petition()
    build.signature(two, email="ada@example.org", name="Ada Adeyemi")
    sign(client, one)
    sign(client, two)
    client.post("/signatures/find", data={"email": "ada@example.org"})
    started = starting.start(draft=draft("ada@example.org"), ip=None)
    starting.send_new_link(petition_id=started.id)
    assert mails() == 5
    with pytest.raises(starting.TooManyMails):
        starting.start(draft=draft("ada@example.org", 2), ip=None)
    (waiting,) = signatures_of(one)
    actions.send_new_link(signature_id=waiting.id)
    client.post("/signatures/find", data={"email": "ADA+1@example.org"})
    starting.send_new_link(petition_id=started.id)
    assert mails() == 5


def test_over_the_cap_nothing_is_stored(client: PageCheckingClient) -> None:
    petitions = [build.open_petition() for _ in range(6)]
    for petition in petitions:
        sign(client, petition)
    assert [len(signatures_of(petition)) for petition in petitions] == [1, 1, 1, 1, 1, 0]
    before = db.session.execute(select(func.count()).select_from(Petition)).scalar_one()
    history = audit_lines()
    page = client.post(
        "/petitions/new",
        data={"action": "Mend it", "background": "Holes.", **build.sign_form(eligible="yes")},
    )
    assert page.status_code == 303
    assert page.location == "/petitions/thank-you"
    assert db.session.execute(select(func.count()).select_from(Petition)).scalar_one() == before
    # Something was committed all the same: a reply that waits for no disk would tell.
    assert audit_lines() == history + 1
    assert list(audit.verify()) == []


def test_in_a_month_a_mailbox_gets_fifteen(app: Flask) -> None:
    went = []
    for hours in range(0, 31 * 24, 4):
        with clock.fixed(NOON + timedelta(hours=hours)):
            actions.ask_for_list(email="ada@example.org")
            went.append(mails())
    assert went[-1] <= MAILS_A_MONTH + 2
    assert went[int(29.9 * 6)] == MAILS_A_MONTH


def in_any(window: timedelta, moments: list[datetime]) -> int:
    """The most of the moments that lie within one window."""
    return max(sum(1 for other in moments if timedelta(0) <= other - each < window) for each in moments)


def test_the_windows_move_with_the_clock(app: Flask) -> None:
    ids = [build.open_petition().id for _ in range(3)]
    for minutes in range(0, 32 * 24 * 60, 331):
        with clock.fixed(NOON + timedelta(minutes=minutes)):
            actions.sign(petition_id=ids[minutes % 3], person=person(f"ada+{minutes}@example.org"))
    rows = db.session.execute(select(Mail.created_at, Mail.petition_id)).all()
    moments = sorted(row.created_at for row in rows)
    assert in_any(timedelta(hours=24), moments) == MAILS_A_DAY
    assert in_any(timedelta(days=30), moments) == MAILS_A_MONTH
    for petition_id in ids:
        assert (
            in_any(timedelta(hours=24), [row.created_at for row in rows if row.petition_id == petition_id])
            <= 2
        )


def person(email: str, name: str = "Ada Adeyemi", **more: object) -> actions.Person:
    """Somebody who signs."""
    return actions.Person(name, email, "GB", "AB1 2CD", wants_updates=False, **more)  # type: ignore[arg-type]


def test_two_mails_a_day_about_one_petition_though_the_rows_are_erased(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    for _ in range(4):
        sign(client, petition)
        for row in signatures_of(petition):
            own_signature.erase(signature_id=row.id)
    assert mails() == 2


def test_exact_when_many_come_at_once(app: Flask) -> None:
    ids = [build.open_petition().id for _ in range(6)]
    start = threading.Barrier(12)
    failures: list[BaseException] = []

    def bomb(number: int) -> None:
        with app.app_context():
            start.wait()
            try:
                for turn in range(3):
                    actions.sign(
                        petition_id=ids[(number + turn) % 6], person=person(f"ada+{number}@example.org")
                    )
            except BaseException as failure:
                failures.append(failure)

    threads = [threading.Thread(target=bomb, args=[number]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    db.session.rollback()
    assert mails() == MAILS_A_DAY


def test_what_is_kept_of_it_tells_of_no_petition_and_no_minute(app: Flask) -> None:
    ids = [build.open_petition().id for _ in range(2)]
    for day in range(2):
        with clock.fixed(NOON + timedelta(days=day)):
            for petition_id in ids:
                actions.sign(petition_id=petition_id, person=person("ada@example.org"))
    rows = db.session.execute(select(MailCap)).scalars().all()
    assert len({row.address_hash for row in rows}) == 2, "two days of one mailbox do not look alike"
    marks = {entry.partition(" ")[2] for row in rows for entry in row.moments}
    assert len(marks) == 4
    assert {entry.partition("T")[2].partition(" ")[0] for row in rows for entry in row.moments} == {"12"}


@transactional
def lose_the_mails(state: str | None) -> None:
    """What was queued came to nothing."""
    if state is None:
        for mail in db.session.execute(select(Mail)).scalars():
            db.session.delete(mail)
    else:
        db.session.execute(update(Mail).values(state=state))


@pytest.mark.parametrize("state", ["failed", "cancelled", "parked", "bounced", None])
def test_a_lost_mail_is_sent_again_by_signing_again(client: PageCheckingClient, state: str | None) -> None:
    petition = build.open_petition()
    sign(client, petition)
    lose_the_mails(state)
    sign(client, petition)
    build.work()
    client.post(confirm_path("ada@example.org"), data={"answer": "yes"})
    assert [row.is_valid for row in signatures_of(petition)] == [True]


@transactional
def suppress(address: str) -> None:
    """Its owner wants no mail at all."""
    suppressions.suppress(address)


def test_a_mailbox_that_wants_no_mail_gets_none_and_nothing_is_stored(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    suppress("ada@example.org")
    assert post_form(client, petition, email="Ada+x@example.org").status_code == 303
    client.post("/signatures/find", data={"email": "ada@example.org"})
    with pytest.raises(starting.TooManyMails):
        starting.start(draft=draft("ada@example.org"), ip=None)
    assert signatures_of(petition) == []
    assert mails() == 0


def test_a_forgotten_cap_is_caught(client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caps.Allowance, "left", lambda self, subject: True)
    petitions = [build.open_petition() for _ in range(6)]
    for petition in petitions:
        sign(client, petition)
    assert mails() > MAILS_A_DAY


def test_the_thank_you_page_says_how_many_mails_there_are(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    assert "at most 5" in client.get(f"/petitions/{petition.id}/signatures/thank-you").text
    assert "at most 5" in client.get("/help").text


def test_signatures_are_gone_from_the_row_that_was_taken_back(app: Flask) -> None:
    petition = build.open_petition()
    build.signature(petition, state="refused", name="Ada Adeyemi", email="ada@example.org")
    before = db.session.execute(select(func.count()).select_from(Signature)).scalar_one()
    actions.sign(petition_id=petition.id, person=person("ada@example.org"))
    assert db.session.execute(select(func.count()).select_from(Signature)).scalar_one() == before
    assert db.session.execute(select(MailCap)).first() is None
