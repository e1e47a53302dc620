"""Seeing who signed: for a reason, one line in the history, shown once, so many an hour and no more."""

from datetime import timedelta

import pytest

from petitions import clock
from petitions.models import Petition, Signature, Staff
from petitions.scrutiny import actions
from tests import build
from tests.scrutiny.acts import lines
from tests.staff_visitor import StaffVisitor

WHY = "The signer called and asks."


@pytest.fixture
def signature(petition: Petition) -> Signature:
    """Whose signer is covered up."""
    return build.signature(
        petition, name="Ada Adeyemi", email="ada@example.org", postcode="AB1 2CD", ip="192.0.2.7"
    )


def address(signature: Signature) -> str:
    """The page of a signature."""
    return f"/staff/petitions/{signature.petition_id}/signatures/{signature.id}"


def test_its_page_covers_its_signer_up(visitor: StaffVisitor, signature: Signature) -> None:
    page = visitor.get(address(signature)).text
    for secret in ("Ada Adeyemi", "ada@example.org", "AB1 2CD", "192.0.2.7"):
        assert secret not in page
    for mask in ("A… A…", "a…@example.org", "AB…", "192.0.…"):
        assert mask in page


def test_for_a_reason_it_is_shown_once(visitor: StaffVisitor, moderator: Staff, signature: Signature) -> None:
    response = visitor.post(address(signature) + "/reveal", why=WHY)
    assert response.headers["Cache-Control"] == "no-store"
    for shown in ("Ada Adeyemi", "ada@example.org", "AB1 2CD", "192.0.2.7"):
        assert shown in response.text
    assert "Ada Adeyemi" not in visitor.get(address(signature)).text
    (line,) = lines("signature_revealed")
    assert (line.staff_id, line.petition_id) == (moderator.id, signature.petition_id)
    assert line.details == {"signature": signature.id, "reason": WHY}


def test_without_a_reason_nothing_is_shown_and_nothing_is_noted(
    visitor: StaffVisitor, signature: Signature
) -> None:
    response = visitor.post(address(signature) + "/reveal")
    assert response.status_code == 422
    assert "Ada Adeyemi" not in response.text
    assert lines("signature_revealed") == []


def test_thirty_an_hour_and_no_more(
    visitor: StaffVisitor, signature: Signature, moderator: Staff, colleague: Staff
) -> None:
    now = clock.now()
    for number in range(actions.REVEALS):
        with clock.fixed(now - timedelta(minutes=59 - number)):
            actions.reveal(
                petition_id=signature.petition_id, signature_id=signature.id, reason=WHY, by=moderator
            )
    refused = visitor.post(address(signature) + "/reveal", why=WHY)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert "Ada Adeyemi" not in refused.text
    assert "You have seen 30 signers within an hour" in refused.text
    assert len(lines("signature_revealed")) == actions.REVEALS
    actions.reveal(petition_id=signature.petition_id, signature_id=signature.id, reason=WHY, by=colleague)
    with clock.fixed(now + timedelta(seconds=61)):
        assert visitor.post(address(signature) + "/reveal", why=WHY).status_code == 200


def test_an_auditor_may_look_and_not_see_who(app: object, signature: Signature) -> None:
    auditor = StaffVisitor(app, build.staff("auditor"))  # type: ignore[arg-type]
    page = auditor.get(address(signature)).text
    assert "Show name and addresses" not in page
    assert auditor.post(address(signature) + "/reveal", why=WHY).status_code == 404


def test_a_signature_of_another_petition_is_not_there(visitor: StaffVisitor, signature: Signature) -> None:
    other = build.open_petition()
    assert visitor.get(f"/staff/petitions/{other.id}/signatures/{signature.id}").status_code == 404
    assert (
        visitor.post(f"/staff/petitions/{other.id}/signatures/{signature.id}/reveal", why=WHY).status_code
        == 404
    )
    assert lines("signature_revealed") == []


def test_an_erased_one_has_nothing_to_show(visitor: StaffVisitor, petition: Petition) -> None:
    row = build.signature(petition, state="withdrawn", name=None, email="x@example.org")
    build.change(row, email=None, postcode=None, ip=None)
    assert "Show name and addresses" not in visitor.get(address(row)).text
