"""The settings that tests run on: complete, valid, and the same each time."""

import atexit
import base64
import shutil
import tempfile
from pathlib import Path

from config import Settings


def key(letter: str) -> str:
    """A valid 32-byte key in URL-safe base64, the same for the same letter."""
    start = ord(letter)
    return base64.urlsafe_b64encode(bytes((start + 7 * n) % 256 for n in range(32))).decode()


#: Files that an application of a test keeps outside its database; gone when the tests end.
FOLDER = Path(tempfile.mkdtemp(prefix="petitions-tests-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

ENVIRONMENT = {
    "APP_ENV": "test",
    "DATABASE_URL": "sqlite:///:memory:",
    "SECRET_KEY": "the tests' own secret, 0123456789 abcdefghij",
    "DATA_KEYS": f"t1:{key('d')}",
    "HASH_KEY": key("h"),
    "ERASURE_LEDGER": str(FOLDER / "erasures.ledger"),
    "DUMP_FOLDER": str(FOLDER / "data"),
    "BASE_URL": "http://localhost",
    "MAIL_URL": "capture://",
    "RATELIMIT_ENABLED": "no",
    "PAGES_KEPT": "0",
    "TIMEZONE": "Europe/London",
}

#: What production refuses. Tests of the second factor turn it on.
DEVELOPMENT = {"SECOND_FACTOR": "off"}


def make_environment(**overrides: object) -> dict[str, str]:
    """The tests' environment; an override is a setting's name in small letters, `None` takes the setting away."""
    own = {} if overrides.get("app_env") == "production" else DEVELOPMENT
    environment = ENVIRONMENT | own | {name.upper(): str(value) for name, value in overrides.items()}
    return {name: value for name, value in environment.items() if overrides.get(name.lower(), "") is not None}


def make_settings(**overrides: object) -> Settings:
    """Checked settings: those of the tests under `overrides`, for example `make_settings(response_threshold=5)`."""
    return Settings.from_environment(make_environment(**overrides))
