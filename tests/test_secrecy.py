"""Sealed data opens only where it belongs and with its key; hashes say "same mailbox" only within one petition."""

import pytest
from flask import Flask

from petitions import secrecy
from petitions.models import Signature
from tests.settings import key, make_settings


@pytest.fixture(autouse=True)
def _context(app_without_database: Flask):  # type: ignore[no-untyped-def]
    with app_without_database.app_context():
        yield


def test_a_sealed_name_is_unreadable_and_opens_again() -> None:
    signature = Signature(name="Zoë O’Neil", email=None)
    assert signature.name == "Zoë O’Neil"
    assert signature.email is None
    assert signature.name_sealed is not None
    assert b"Neil" not in signature.name_sealed


def test_the_same_name_is_sealed_differently_each_time() -> None:
    assert Signature(name="A").name_sealed != Signature(name="A").name_sealed


def test_a_value_moved_to_another_row_does_not_open() -> None:
    one, other = Signature(name="Ines"), Signature(name="Omar")
    other.name_sealed = one.name_sealed
    with pytest.raises(secrecy.CannotOpen):
        _ = other.name


def test_a_value_moved_to_another_column_does_not_open() -> None:
    signature = Signature(name="Ines")
    signature.email_sealed = signature.name_sealed
    with pytest.raises(secrecy.CannotOpen):
        _ = signature.email


def test_an_altered_value_does_not_open() -> None:
    signature = Signature(name="Ines")
    assert signature.name_sealed is not None
    signature.name_sealed = signature.name_sealed[:-1] + bytes([signature.name_sealed[-1] ^ 1])
    with pytest.raises(secrecy.CannotOpen):
        _ = signature.name


def test_a_new_key_seals_and_the_old_one_still_opens(app_without_database: Flask) -> None:
    old = Signature(name="Ines")
    app_without_database.extensions["settings"] = make_settings(data_keys=f"t2:{key('n')},t1:{key('d')}")
    new = Signature(name="Omar")
    assert (old.name, new.name) == ("Ines", "Omar")
    assert new.name_sealed is not None
    assert new.name_sealed.startswith(b"t2:")
    app_without_database.extensions["settings"] = make_settings(data_keys=f"t2:{key('n')}")
    assert new.name == "Omar"
    with pytest.raises(secrecy.CannotOpen):
        _ = old.name


def test_one_mailbox_on_two_petitions_cannot_be_matched() -> None:
    address = "ines@example.org"
    assert secrecy.mailbox_hash(1, address) == secrecy.mailbox_hash(1, address)
    assert secrecy.mailbox_hash(1, address) != secrecy.mailbox_hash(2, address)
