"""Passwords that are tried first are refused; length is what counts, and no rule asks for digits or signs."""

import pytest

from petitions.demo.staff import SIGN_INS
from petitions.staffing import passwords
from tests import build

ABOUT = ["Petitions", "petitions.example.org", "Noor Castellan", "noor@staff.example.org"]


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password2026!",
        "passwordpassword",
        "P4ssw0rd!!!!",
        "123456789012",
        "112233445566",
        "987654321098",
        "aaaaaaaaaaaa",
        "abababababab",
        "abcdefghijkl",
        "qwertyuiop12",
        "1qaz2wsx3edc",
        "iloveyou1234",
        "letmein letmein",
        "Welcome12345!",
        "Summer-2026!!",
        "administrator",
        "adminadmin12",
        "trustno1trustno1",
        "liverpool2024",
        "petitions2026",
        "noorcastellan",
        "noor.castellan.7",
        "Castellan-2026!",
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    assert passwords.is_guessable(password, about=ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        build.PASSWORD,
        "long enough to be one",
        "gulls over the harbour wall",
        "nur kleine buchstaben hier",
        "пароль из четырёх слов",
        "kX9$mQ2!vL7p",
        *(sign_in.password for sign_in in SIGN_INS),
    ],
)
def test_words_of_ones_own_are_taken(password: str) -> None:
    assert not passwords.is_guessable(password, about=ABOUT)


def test_what_is_made_for_somebody_may_be_used() -> None:
    assert not any(passwords.is_guessable(passwords.make(), about=ABOUT) for _ in range(100))


@pytest.mark.parametrize(
    "password", ["  Gulls  over the Harbour wall ", "Möwen über 港口 и дом" * 8, "g" * 8 + " Harbour" * 31]
)
def test_a_password_is_taken_as_it_is_typed(password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "METHOD", build.CHEAP_HASH)
    kept = passwords.hashed(password)
    assert passwords.matches(kept, password)
    others = {
        f"{password.strip()} x",
        password[:-1],
        password.casefold(),
        password[:72],
        password.replace(" ", ""),
    }
    for other in others - {password}:
        assert not passwords.matches(kept, other)
