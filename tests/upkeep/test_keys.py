"""A new key takes over all personal data while the site runs; without any key no count is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import LargeBinary, select, update

from petitions import clock, failpoints, secrecy
from petitions.database import Base, transactional
from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import Alert, Authenticator, Campaign, Mail, Petition, Signature, Webhook
from petitions.upkeep import resealing
from tests import build
from tests.settings import key, make_settings

OLD, BOTH, NEW = f"t1:{key('d')}", f"t2:{key('n')},t1:{key('d')}", f"t2:{key('n')}"


@pytest.fixture
def petition(app: Flask) -> Petition:
    """A petition with something sealed in every table that seals, all under the old key."""
    petition = build.open_petition(creator="Priya Petitioner")
    build.signature(petition, name="Ada Adeyemi", email="ada@example.org", ip="192.0.2.7")
    _more(petition)
    build.alert("reader@example.org")
    return petition


@transactional
def _more(petition: Petition) -> None:
    staff = build.staff()
    db.session.flush()
    outbox.queue("my_signatures", key="find:1", recipient="ada+two@example.org")
    db.session.add(Webhook(url="https://192.0.2.1/", secret="whsec_c2VjcmV0"))
    db.session.add(Authenticator(staff_id=staff.id, secret="JBSWY3DPEHPK3PXP"))
    db.session.add(
        Campaign(
            petition_id=petition.id,
            action="hold",
            reason="Automated signing",
            staff_id=staff.id,
            conditions='{"domain": "example.org"}',
        )
    )


def use_keys(app: Flask, data_keys: str) -> None:
    """Go on with other DATA_KEYS, as after a start of every process."""
    db.session.rollback()
    db.session.expire_all()
    kept = app.extensions["settings"]
    app.extensions["settings"] = make_settings(
        database_url=kept.database_url, erasure_ledger=kept.erasure_ledger, data_keys=data_keys
    )


def values() -> Iterator[tuple[str, Any]]:
    """Every sealed value, by its column."""
    db.session.rollback()
    for each in secrecy.sealed_columns():
        for value in db.session.execute(select(each.table.c[each.column])).scalars():
            if value is not None:
                yield each.label, value


def test_every_column_that_holds_something_sealed_is_found() -> None:
    binary = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary) and column.name.endswith("_sealed")
    }
    assert {f"{each.table.name}.{each.column}" for each in secrecy.sealed_columns()} == binary
    assert all(len(each.table.primary_key.columns) == 1 for each in secrecy.sealed_columns())


def test_all_is_sealed_again_under_the_newest_key(app: Flask, petition: Petition) -> None:
    changed_at = petition.updated_at
    before = dict(values())
    assert set(before) == {each.label for each in secrecy.sealed_columns()}
    use_keys(app, BOTH)
    with clock.fixed(clock.now().replace(year=2030)):
        result = app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert result.exit_code == 0, result.output
    assert "t1: no values; it may be dropped" in result.output
    assert all(secrecy.key_id_of(value) == "t2" for _, value in values())
    use_keys(app, NEW)
    signature = (
        db.session.execute(select(Signature).where(Signature.name_sealed.is_not(None))).scalars().all()
    )
    assert {row.name for row in signature} == {"Priya Petitioner", "Ada Adeyemi"}
    assert db.session.get_one(Petition, petition.id).creator_name == "Priya Petitioner"
    assert db.session.get_one(Petition, petition.id).updated_at == changed_at
    assert "ada+two@example.org" in {mail.recipient for mail in db.session.execute(select(Mail)).scalars()}
    assert db.session.execute(select(Alert)).scalar_one().email == "reader@example.org"
    assert db.session.execute(select(Campaign)).scalar_one().conditions == '{"domain": "example.org"}'


def test_a_second_run_changes_nothing(app: Flask, petition: Petition) -> None:
    use_keys(app, BOTH)
    runner = app.test_cli_runner()
    runner.invoke(args=["keys", "rotate"])
    before = list(values())
    assert "0 values sealed again" in runner.invoke(args=["keys", "rotate"]).output
    assert list(values()) == before


def test_status_says_what_the_old_key_still_holds(app: Flask, petition: Petition) -> None:
    number = len(list(values()))
    use_keys(app, BOTH)
    output = app.test_cli_runner().invoke(args=["keys", "status"]).output
    assert "t2: 0 values; seals everything new." in output
    assert f"t1: {number} values; keep it" in output
    use_keys(app, NEW)
    assert f"{number} values are sealed by keys that are not in DATA_KEYS" in (
        app.test_cli_runner().invoke(args=["keys", "status"]).output
    )


def test_a_run_that_was_stopped_goes_on(
    app: Flask, petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.signatures(petition, 5)
    monkeypatch.setattr(resealing, "BATCH", 2)
    use_keys(app, BOTH)
    passed: list[str] = []

    def stop(point: str) -> None:
        passed.append(point)
        if passed.count("before_commit:_batch") == 4:
            raise failpoints.Broken("killed")

    monkeypatch.setattr(failpoints, "reach", stop)
    with pytest.raises(failpoints.Broken):
        resealing.Resealing().run()
    under = resealing.values_by_key()
    assert min(under["t1"] or 0, under["t2"] or 0) > 0
    run = resealing.Resealing()
    run.run()
    assert run.resealed == under["t1"]
    assert resealing.values_by_key() == {"t2": under["t1"] + under["t2"], "t1": 0, None: 0}


def test_what_the_site_writes_meanwhile_stays(
    app: Flask, petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    signature = build.signature(petition, name="Grace Before")
    signature_id, row_key = signature.id, signature.row_key
    use_keys(app, BOTH)
    opening = secrecy.open_sealed

    def open_and_be_slow(sealed: bytes, context: bytes) -> str:
        text = opening(sealed, context)
        if text == "Grace Before":
            corrected = secrecy.seal("Grace After", b"signatures.name:" + row_key)
            db.session.execute(
                update(Signature).where(Signature.id == signature_id).values(name_sealed=corrected)
            )
        return text

    monkeypatch.setattr(secrecy, "open_sealed", open_and_be_slow)
    resealing.Resealing().run()
    monkeypatch.undo()
    db.session.expire_all()
    assert db.session.get_one(Signature, signature_id).name == "Grace After"


def test_a_value_that_no_key_opens_is_named_and_left(app: Flask, petition: Petition) -> None:
    broken = build.signature(petition, name="Ada")
    build.change(broken, name_sealed=b"t9:" + broken.name_sealed[3:])
    use_keys(app, BOTH)
    result = app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert result.exit_code == 1
    assert f"no key opens signatures.name of {broken.id}" in result.output
    assert resealing.values_by_key()[None] == 1
