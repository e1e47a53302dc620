"""The look at what is always true sees what is not: each kind of damage is found and named."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import CountryCount, Mail, Petition, SignatureState
from tests import build, invariants

Damage = Callable[[Petition], None]


def _a_count_that_is_one_too_high(petition: Petition) -> None:
    build.change(petition, signature_count=petition.signature_count + 1)


def _a_country_that_is_one_too_low(petition: Petition) -> None:
    row = db.session.get_one(CountryCount, (petition.id, "GB"))
    build.change(row, signature_count=row.signature_count - 1)


def _a_valid_signature_that_nobody_counts(petition: Petition) -> None:
    build.signature(petition, counted=False)


def _somebody_who_waits_for_a_mail_that_was_never_queued(petition: Petition) -> None:
    build.signature(petition, state=SignatureState.PENDING)


@transactional
def _a_crossing_of_which_nobody_was_told(petition: Petition) -> None:
    build.cross(petition)
    db.session.execute(delete(Mail))


@pytest.mark.parametrize(
    ("damage", "broken"),
    [
        (_a_count_that_is_one_too_high, "counts_are_the_counted_rows"),
        (_a_country_that_is_one_too_low, "parts_add_up"),
        (_a_valid_signature_that_nobody_counts, "nothing_valid_waits"),
        (_somebody_who_waits_for_a_mail_that_was_never_queued, "who_waits_was_mailed"),
        (_a_crossing_of_which_nobody_was_told, "crossings_have_one_duty_and_one_mail_each"),
    ],
)
def test_damage_is_found(app: Flask, damage: Damage, broken: str) -> None:
    petition = build.open_petition(supporters=2, opened_at=clock.now())
    invariants.check()
    damage(petition)
    with pytest.raises(AssertionError, match=broken):
        invariants.check()
