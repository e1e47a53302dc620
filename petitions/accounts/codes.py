"""Codes of the second factor: those an authenticator app makes (RFC 6238), and those kept in a drawer."""

from __future__ import annotations

import hmac
import secrets
from io import BytesIO

import pyotp
import segno
from markupsafe import Markup

from petitions import clock
from petitions.extensions import settings
from petitions.secrecy import keyed_hash

#: Seconds for which one code is shown: what every app has.
STEP = 30
#: A clock may be so many steps wrong either way.
WINDOW = 1
RECOVERY_CODES = 10
#: No letter that looks like another one or like a digit: 31 signs, so ten of them are 49 bits.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
HALF = 5


def new_secret() -> str:
    """What an app and we will share: 160 random bits in base 32."""
    return str(pyotp.random_base32())


def digits(typed: str) -> str:
    """A typed code without the spaces that people and apps put into it."""
    return "".join(typed.split()).replace("-", "")


def is_code(typed: str) -> bool:
    """Whether this looks like a code of an app: six digits. No password is that short."""
    plain = digits(typed)
    return len(plain) == 6 and plain.isascii() and plain.isdecimal()


def step_of(secret: str, typed: str) -> int | None:
    """The step of time whose code this is, the newest first; `None` where it is none of those that count now."""
    present = int(clock.now().timestamp()) // STEP
    maker = pyotp.HOTP(secret)
    for step in range(present + WINDOW, present - WINDOW - 1, -1):
        if hmac.compare_digest(maker.at(step).encode(), digits(typed).encode()):
            return step
    return None


def address_of(secret: str, email: str) -> str:
    """What the picture says to the app: `otpauth://totp/…`."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=settings().site_name))


def picture_of(address: str) -> Markup:
    """The same as a QR code, SVG to stand in a page; black on white in dark pages too, as cameras need it."""
    out = BytesIO()
    segno.make(address, error="m").save(
        out,
        kind="svg",
        scale=1,
        border=4,
        light="#fff",
        xmldecl=False,
        svgns=False,
        omitsize=True,
        svgclass="qr",
    )
    return Markup(out.getvalue().decode())  # noqa: S704 (the picture is made of numbers alone)


def in_groups(secret: str) -> str:
    """The secret as it is read aloud and typed: in groups of four."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def new_recovery_codes() -> list[str]:
    """Ten codes that stand in for a lost app, as they are shown: `abcde-fghjk`."""
    return [
        "-".join("".join(secrets.choice(ALPHABET) for _ in range(HALF)) for _ in range(2))
        for _ in range(RECOVERY_CODES)
    ]


def recovery_hash(staff_id: int, typed: str) -> bytes:
    """What is kept of a recovery code, however it was typed: capitals, spaces and the dash do not matter."""
    return keyed_hash(f"recovery:{staff_id}", digits(typed).lower())
