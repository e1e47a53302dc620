"""A link works for one purpose, unaltered, and while one of the site's keys still signs for it."""

from dataclasses import replace
from itertools import permutations
from string import ascii_letters, digits

import pytest
from flask import Flask

from petitions import tokens
from petitions.errors import NotFound
from petitions.tokens import Purpose
from tests.settings import make_settings


@pytest.fixture(autouse=True)
def _context(app_without_database: Flask):  # type: ignore[no-untyped-def]
    with app_without_database.app_context():
        yield


@pytest.mark.parametrize("purpose", Purpose)
def test_a_token_gives_back_what_was_signed(purpose: Purpose) -> None:
    assert tokens.read_id(purpose, tokens.sign(purpose, 81)) == 81


@pytest.mark.parametrize(("made", "used"), list(permutations(Purpose, 2)))
def test_a_token_of_one_purpose_is_refused_for_every_other(made: Purpose, used: Purpose) -> None:
    with pytest.raises(NotFound):
        tokens.read(used, tokens.sign(made, 81))


def test_a_token_changed_in_any_place_is_refused() -> None:
    token = tokens.sign(Purpose.CONFIRM_SIGNATURE, 81)
    for place, character in enumerate(token):
        changed = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        with pytest.raises(NotFound):
            tokens.read(Purpose.CONFIRM_SIGNATURE, changed)


def test_a_token_has_one_spelling() -> None:
    token = tokens.sign(Purpose.CONFIRM_SIGNATURE, 81)
    assert tokens.read_id(Purpose.CONFIRM_SIGNATURE, token) == 81
    # The last character of base64 carries spare bits, which decoding overlooks.
    for character in set(ascii_letters + digits + "-_") - {token[-1]}:
        for changed in (token[:-1] + character, token + "=", token + "\n"):
            with pytest.raises(NotFound):
                tokens.read(Purpose.CONFIRM_SIGNATURE, changed)


@pytest.mark.parametrize("token", ["", ".", "81", "a.b", "ü", "\x00", "A" * 5000, "Mg.AAAA"])
def test_what_never_was_a_token_is_refused(token: str) -> None:
    with pytest.raises(NotFound):
        tokens.read(Purpose.CONFIRM_SIGNATURE, token)


@pytest.mark.parametrize("value", [{"action": "x"}, "81", True, None, 1.5, [81], 0, -1, 2**31])
def test_a_value_that_is_no_id_is_refused_where_an_id_is_wanted(value: object) -> None:
    with pytest.raises(NotFound):
        tokens.read_id(Purpose.DRAFT, tokens.sign(Purpose.DRAFT, value))


def test_a_new_key_signs_and_the_old_one_is_believed_until_it_is_dropped(app_without_database: Flask) -> None:
    old = tokens.sign(Purpose.PETITIONER, 7)
    new_key = "another secret of this site, 9876543210 zyxwvut"
    settings = app_without_database.extensions["settings"]
    both = replace(settings, secret_key=new_key, secret_key_fallbacks=(settings.secret_key,))
    app_without_database.extensions["settings"] = both
    assert tokens.read_id(Purpose.PETITIONER, old) == 7
    app_without_database.extensions["settings"] = make_settings(secret_key=new_key)
    with pytest.raises(NotFound):
        tokens.read_id(Purpose.PETITIONER, old)
