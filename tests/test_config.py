"""A setting that is missing, weak or contradicts another stops the start with a sentence that names it."""

import pytest

from config import SettingError, Settings
from petitions import create_app
from tests.settings import key, make_environment, make_settings

SECRET = "an old secret of this site, 0123456789 abcdefghij"


@pytest.mark.parametrize("setting", ["SECRET_KEY", "DATA_KEYS", "HASH_KEY", "BASE_URL", "MAIL_URL"])
def test_what_must_be_given_is_asked_for_by_name(setting: str) -> None:
    environment = make_environment()
    del environment[setting]
    with pytest.raises(SettingError, match=f"^{setting} is missing: "):
        Settings.from_environment(environment)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("APP_ENV", "staging"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 64),
        ("SECRET_KEY_FALLBACKS", f"{SECRET},weak"),
        ("DATA_KEYS", ""),
        ("DATA_KEYS", "nokey"),
        ("DATA_KEYS", "a:tooshort"),
        ("DATA_KEYS", f"a:{key('x')},a:{key('y')}"),
        ("DATA_KEYS", f"a:{'A' * 43}"),
        ("DATA_KEYS", f"a:{key('h')}"),
        ("HASH_KEY", "ü"),
        ("ERASURE_LEDGER", " "),
        ("BASE_URL", "petitions.example.org"),
        ("BASE_URL", "https://petitions.example.org/path"),
        ("MAIL_URL", "sendmail"),
        ("MAIL_DEFAULT_SENDER", "petitions"),
        ("REDIS_URL", "localhost"),
        ("DATABASE_REPLICA_URL", "mysql://localhost/x"),
        # Only PostgreSQL streams; the tests' own database is SQLite.
        ("DATABASE_REPLICA_URL", "postgresql://second/petitions"),
        ("DATABASE_REPLICA_LAG", "0"),
        ("RATELIMIT_ENABLED", "perhaps"),
        ("TIMEZONE", "Mars/Olympus"),
        ("LANGUAGES", ""),
        ("LANGUAGES", "en,klingon"),
        ("HOME_COUNTRY", "Britain"),
        ("SUPPORTERS_NEEDED", "five"),
        ("SUPPORTERS_MOST", "2"),
        ("PETITION_MONTHS", "0"),
        ("DEBATE_THRESHOLD", "10000"),
        ("SIGNATURES_PER_MAILBOX", "3"),
        ("TRUSTED_PROXIES", "-1"),
    ],
)
def test_a_wrong_value_is_refused_by_name_and_never_shown(setting: str, value: str) -> None:
    with pytest.raises(SettingError) as refused:
        Settings.from_environment(make_environment() | {setting: value})
    message = str(refused.value)
    assert setting in message
    assert message.endswith(".")
    if len(value) > 8 and setting in {"SECRET_KEY", "DATA_KEYS", "HASH_KEY"}:
        assert value not in message


def production(**overrides: object) -> dict[str, str]:
    """A production environment that is right but for the overrides."""
    values = {
        "app_env": "production",
        "base_url": "https://petitions.example.org",
        "mail_url": "smtp://mail.example.org",
    }
    return make_environment(**(values | overrides))


def test_a_complete_production_environment_starts() -> None:
    settings = Settings.from_environment(production())
    assert settings.is_production
    assert settings.host == "petitions.example.org"


@pytest.mark.parametrize(
    ("setting", "value"), [("base_url", "http://petitions.example.org"), ("mail_url", "capture://")]
)
def test_production_refuses_what_development_allows(setting: str, value: str) -> None:
    with pytest.raises(SettingError, match=setting.upper()):
        Settings.from_environment(production(**{setting: value}))


def test_secrets_do_not_stand_in_the_settings_own_words() -> None:
    assert "secret" not in repr(make_settings()).lower().replace("secret=", "")


@pytest.mark.parametrize("short", ["postgres://", "postgresql://"])
def test_short_postgresql_addresses_get_their_driver(short: str) -> None:
    settings = make_settings(database_url=f"{short}somewhere/petitions")
    assert settings.database_url == "postgresql+psycopg://somewhere/petitions"


def test_the_application_starts_in_production_without_the_tools_of_development() -> None:
    app = create_app(Settings.from_environment(production()))
    addresses = {rule.rule for rule in app.url_map.iter_rules()}
    assert not any(address.startswith("/dev/") for address in addresses)
    assert app.config["TRUSTED_HOSTS"] == ["petitions.example.org"]
