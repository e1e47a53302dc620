"""Who was erased is written down outside the database before it is true, and a restore erases the same people again."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from petitions import audit, erasures, links
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Petition, Signature, SignatureState
from petitions.signing import own_signature
from tests import build
from tests.client import PageCheckingClient
from tests.signing.journey import path_of


def restored(signature_id: int) -> Signature:
    """A signature as it stands in the database now."""
    db.session.rollback()
    return db.session.get_one(Signature, signature_id)


def test_an_erasure_is_one_line_that_tells_nobody_who(app: Flask, ledger: Path) -> None:
    signature = build.signature(build.open_petition(), name="Zoë Canary", email="zoe.canary@example.org")
    own_signature.erase(signature_id=signature.id)
    own_signature.erase(signature_id=signature.id)
    (line,) = ledger.read_text().splitlines()
    assert set(json.loads(line)) == {"at", "signature", "alert", "row", "withdrawn"}
    assert "anary" not in line
    assert ledger.stat().st_mode & 0o777 == 0o600
    (erasure,) = erasures.read(ledger)
    assert (erasure.signature, erasure.withdrawn) == (signature.id, True)


def test_the_line_is_there_before_the_erasure_is(
    app: Flask, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signature_id = build.signature(build.open_petition(), name="Ada Adeyemi").id

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("as planned")

    monkeypatch.setattr(erasures.forgetting, "forget", fail)
    with pytest.raises(RuntimeError):
        own_signature.erase(signature_id=signature_id)
    assert restored(signature_id).name == "Ada Adeyemi"
    assert [erasure.signature for erasure in erasures.read(ledger)] == [signature_id]


@pytest.mark.parametrize("path", ["/dev/full", "{file}/erasures.ledger"])
def test_without_its_line_nobody_is_erased(
    client: PageCheckingClient, app: Flask, tmp_path: Path, path: str
) -> None:
    file = tmp_path / "a-file"
    file.touch()
    object.__setattr__(app.extensions["settings"], "erasure_ledger", path.format(file=file))
    petition = build.open_petition()
    signature = build.signature(petition, name="Ada Adeyemi")
    page = client.post(path_of(links.my_signature(signature)), data={"action": "erase"})
    assert (page.status_code, page.headers["Retry-After"]) == (503, "60")
    kept = restored(signature.id)
    assert (kept.name, kept.state) == ("Ada Adeyemi", SignatureState.VALIDATED)
    assert db.session.get_one(Petition, kept.petition_id).signature_count == 2
    assert list(audit.verify()) == []


def test_lines_of_many_writers_stay_whole(app: Flask, ledger: Path) -> None:
    signature_ids = [row.id for row in build.signatures(build.open_petition(), 3)]

    def write(signature_id: int) -> None:
        with app.app_context():
            for _ in range(20):
                erasures.note(db.session.get_one(Signature, signature_id))
            db.session.remove()

    with ThreadPoolExecutor(3) as writers:
        list(writers.map(write, signature_ids))
    found = erasures.read(ledger)
    assert len(found) == len(ledger.read_text().splitlines()) == 60
    assert {erasure.signature for erasure in found} == set(signature_ids)


def test_a_line_cut_off_by_a_crash_spoils_no_other(app: Flask, ledger: Path) -> None:
    one, other = build.signatures(build.open_petition(), 2)
    erasures.note(one)
    with ledger.open("a") as file:
        file.write('{"at": "2026-11-2')
    erasures.note(other)
    assert [erasure.signature for erasure in erasures.read(ledger)] == [one.id, other.id]


@pytest.mark.parametrize("content", [None, "something else\n"])
def test_what_is_no_ledger_is_named(app: Flask, tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "wrong"
    if content is not None:
        path.write_text(content)
    with pytest.raises(erasures.LedgerUnreadable, match="wrong"):
        erasures.read(path)


@transactional
def replay(*found: erasures.Erasure) -> int:
    """Replay erasures in a unit of work."""
    return erasures.replay(found)


@pytest.mark.parametrize("withdrawn", [True, False])
def test_who_is_back_is_erased_as_before(app: Flask, withdrawn: bool) -> None:
    petition = build.open_petition()
    signature = build.signature(petition, name="Ada Adeyemi")
    line = erasures.Erasure("2026-11-25T12:00:00+00:00", signature.id, erasures._row_of(signature), withdrawn)
    assert replay(line, line) == 1
    erased = restored(signature.id)
    assert own_signature.is_erased(erased)
    assert erased.state is (SignatureState.WITHDRAWN if withdrawn else SignatureState.VALIDATED)
    assert db.session.get_one(Petition, petition.id).signature_count == (1 if withdrawn else 2)


def test_a_petitioner_who_is_back_leaves_the_petition_again(app: Flask) -> None:
    creator = build.creator_of(build.closed_petition())
    line = erasures.Erasure("2026-11-25T12:00:00+00:00", creator.id, erasures._row_of(creator), False)
    assert replay(line) == 1
    assert restored(creator.id).petition.creator_name is None


def test_another_row_with_the_same_number_is_left_alone(app: Flask) -> None:
    signature = build.signature(build.open_petition(), name="Ada Adeyemi")
    assert replay(erasures.Erasure("2026-11-25T12:00:00+00:00", signature.id, "0" * 64, True)) == 0
    assert restored(signature.id).name == "Ada Adeyemi"
