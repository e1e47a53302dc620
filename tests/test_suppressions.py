"""A mailbox whose owner wants no mail from this site gets none, whatever it is about and however it is spelled."""

import pytest
from sqlalchemy import select

from petitions import suppressions
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import Mail, Suppression
from tests import build
from tests.client import PageCheckingClient
from tests.signing.journey import sign

suppress = transactional(suppressions.suppress)
lift = transactional(suppressions.lift)


@transactional
def queue_for_staff(email: str) -> None:
    """A mail about somebody's work."""
    person = build.staff("official", email=email)
    duty = build.cross(build.open_petition())
    outbox.queue("duty_created", key="about work", staff=person, petition=duty.petition, duty_id=duty.id)


@pytest.mark.usefixtures("app")
def test_a_mailbox_is_left_alone_in_every_spelling_until_that_is_lifted() -> None:
    for _ in range(2):
        suppress("Ada+news@Example.ORG")
    assert suppressions.is_suppressed("ada@example.org")
    assert not suppressions.is_suppressed("bola@example.org")
    (row,) = db.session.execute(select(Suppression)).scalars()
    assert b"ada" not in row.address_hash
    for _ in range(2):
        lift("ADA@example.org")
    assert not suppressions.is_suppressed("ada@example.org")


def test_not_even_a_confirm_link_or_a_list_is_sent(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    build.signature(build.open_petition(), email="ada@example.org")
    sign(client, petition)
    client.post("/signatures/find", data={"email": "Ada@example.org"})
    suppress("ada@example.org")
    build.work()
    assert build.captured(to="ada@example.org") == []
    assert {mail.state for mail in db.session.execute(select(Mail)).scalars()} == {"cancelled"}
    lift("ada@example.org")
    sign(client, petition)
    build.work()
    assert [mail["X-Petitions-Message"] for mail in build.captured(to="ada@example.org")] == [
        "confirm_signature"
    ]


@pytest.mark.usefixtures("app")
def test_staff_get_what_their_work_needs() -> None:
    suppress("robin@staff.example.org")
    queue_for_staff("robin@staff.example.org")
    build.work()
    assert [mail["X-Petitions-Message"] for mail in build.captured(to="robin@staff.example.org")] == [
        "duty_created"
    ]
