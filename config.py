"""All settings: read from the environment once, checked once, frozen.

Every field of `Settings` is one environment variable; its `env`, default and meaning stand beside it, and the README's
table is held to them by a test. A setting that is missing, weak or contradictory stops the start with a sentence that
names it and never shows its value.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError

Network = IPv4Network | IPv6Network

#: Values that documentation and examples print; nobody may run a real site on them.
SAMPLE_SECRETS = frozenset({"change-me", "changeme", "secret", "development", "dev", "password"})

SHORTEST_SECRET = 32
#: What stands before the @ leaves room for the mark of one mail within the 64 characters that mail servers take.
BOUNCE_ADDRESS = re.compile(r"[A-Za-z0-9._-]{1,30}@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+")
HOST = re.compile(r"([a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?)?")
KEY_BYTES = 32


class SettingError(Exception):
    """A setting is missing, weak or contradicts another. The message is one sentence that names the setting."""


@dataclass(frozen=True)
class DataKey:
    """One key that seals personal data: `id` is written in front of what it sealed, `secret` is 32 random bytes."""

    id: str
    secret: bytes = field(repr=False)


def _text(value: str) -> str:
    return value.strip()


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _readable_files(value: str) -> tuple[str, ...]:
    # Not by comma, which stands in the names of many font files.
    paths = tuple(path for path in value.strip().split(os.pathsep) if path)
    for path in paths:
        if not Path(path).is_file():
            raise ValueError("names a file that is not there")
    return paths


def _readable_list(value: str) -> str:
    path = value.strip()
    if path and not (Path(path).is_file() and Path(path).stat().st_size):
        raise ValueError("names a file that is not there or empty")
    return path


def _yes_no(value: str) -> bool:
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("must be yes or no")


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            raise ValueError("must be a whole number") from None
        if not lowest <= number <= highest:
            raise ValueError(f"must be between {lowest} and {highest}")
        return number

    return parse


def _key(value: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except (binascii.Error, ValueError):
        raise ValueError("is not base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"must be {KEY_BYTES} random bytes in URL-safe base64")
    return key


def _data_keys(value: str) -> tuple[DataKey, ...]:
    keys = []
    for part in _list(value):
        key_id, separator, secret = part.partition(":")
        if not separator or not key_id.isalnum() or len(key_id) > 8:
            raise ValueError("is a list of id:key; an id is one to eight letters or digits")
        keys.append(DataKey(key_id, _key(secret)))
    if len({key.id for key in keys}) != len(keys):
        raise ValueError("names one key id twice")
    return tuple(keys)


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("is not a time zone name such as Europe/London") from None


def _languages(value: str) -> tuple[str, ...]:
    languages = _list(value)
    for language in languages:
        try:
            Locale.parse(language)
        except (UnknownLocaleError, ValueError):
            raise ValueError("has a name that is no language") from None
    if not languages:
        raise ValueError("needs at least one language")
    return languages


def _networks(value: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part) for part in _list(value))
    except ValueError:
        raise ValueError("is a list of networks such as 10.1.0.0/16") from None


def _database(value: str) -> str:
    # Hosting providers still hand out the two short forms; SQLAlchemy 2.1 wants the driver said.
    for short in ("postgres://", "postgresql://"):
        if value.startswith(short):
            return "postgresql+psycopg://" + value.removeprefix(short)
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return value


def _replica(value: str) -> str:
    return _database(value) if value.strip() else ""


def _setting(
    env: str, default: str | None, meaning: str, parse: Callable[[str], Any] = _text, *, secret: bool = False
) -> Any:
    """Declare one setting. `default=None` means that it must be given."""
    return field(
        metadata={"env": env, "default": default, "meaning": meaning, "parse": parse}, repr=not secret
    )


@dataclass(frozen=True)
class Settings:
    """The settings of one running site."""

    app_env: str = _setting(
        "APP_ENV",
        "production",
        "`production`, `development` or `test`; only the first enforces strong settings",
    )
    database_url: str = _setting(
        "DATABASE_URL",
        "sqlite:///var/petitions.db",
        "where the data is: `sqlite:///file` or `postgresql://…`",
        _database,
        secret=True,
    )
    database_replica_url: str = _setting(
        "DATABASE_REPLICA_URL",
        "",
        "a streaming replica of a PostgreSQL `DATABASE_URL`, from which public pages are read; while it is lost or behind they are read from the database itself",
        _replica,
        secret=True,
    )
    database_replica_lag: int = _setting(
        "DATABASE_REPLICA_LAG",
        "5",
        "seconds that what the replica shows may be old",
        _whole(1, 3600),
    )
    secret_key: str = _setting(
        "SECRET_KEY",
        None,
        "signs the links in mails and the staff cookie; at least 32 characters",
        secret=True,
    )
    secret_key_fallbacks: tuple[str, ...] = _setting(
        "SECRET_KEY_FALLBACKS",
        "",
        "earlier `SECRET_KEY`s that are still believed, comma between",
        _list,
        secret=True,
    )
    data_keys: tuple[DataKey, ...] = _setting(
        "DATA_KEYS",
        None,
        "keys that encrypt personal data, `id:key` with a comma between, newest first; a key is 32 random bytes in URL-safe base64",
        _data_keys,
        secret=True,
    )
    hash_key: bytes = _setting(
        "HASH_KEY",
        None,
        "keys the hashes that tell whether a mailbox has signed; 32 random bytes in URL-safe base64; never changes",
        _key,
        secret=True,
    )
    erasure_ledger: str = _setting(
        "ERASURE_LEDGER",
        "var/erasures.ledger",
        "a file outside the database that says which signatures were erased; shared by all machines, kept apart from backups",
    )
    base_url: str = _setting(
        "BASE_URL",
        None,
        "the site's public address, `https://…`; every link in a mail begins with it",
        lambda v: v.strip().rstrip("/"),
    )
    site_name: str = _setting("SITE_NAME", "Petitions", "the site's name")
    site_body: str = _setting("SITE_BODY", "the Government", "who owes an answer, as it stands in a sentence")
    site_chamber: str = _setting("SITE_CHAMBER", "Parliament", "who debates, as it stands in a sentence")
    site_overseer: str = _setting(
        "SITE_OVERSEER",
        "the petitions committee",
        "who watches that answers come in time, as it stands in a sentence",
    )
    home_country: str = _setting(
        "HOME_COUNTRY",
        "GB",
        "the country whose postcodes are asked for (ISO 3166 two letters)",
        lambda v: v.strip().upper(),
    )
    home_country_name: str = _setting(
        "HOME_COUNTRY_NAME", "", "its name, where the standard one does not fit"
    )
    eligibility: str = _setting(
        "ELIGIBILITY", "I am a citizen or I live in the country", "what a signer says by ticking the box"
    )
    timezone: ZoneInfo = _setting(
        "TIMEZONE", "Europe/London", "the zone of deadlines and of every date shown", _zone
    )
    languages: tuple[str, ...] = _setting(
        "LANGUAGES", "en", "languages, the first is the site's own", _languages
    )
    mail_url: str = _setting(
        "MAIL_URL",
        None,
        "`smtp://user:password@host:port`, `smtps://…`, or `capture://` (kept and shown at /dev/mail; not in production)",
        secret=True,
    )
    mail_default_sender: str = _setting(
        "MAIL_DEFAULT_SENDER", "petitions@example.org", "the address that mails come from"
    )
    mail_tls: str = _setting(
        "MAIL_TLS",
        "required",
        "`required`: mail leaves by an encrypted connection whose certificate is checked, or not at all; `offered`: in clear where the server offers none; a server on this machine needs none",
    )
    bounce_address: str = _setting(
        "BOUNCE_ADDRESS",
        "",
        "where mails that cannot be delivered come back to, each with a mark of its own (`bounces+81.…@example.org`), for `flask mail bounce`; without it they come back to `MAIL_DEFAULT_SENDER`",
    )
    redis_url: str = _setting(
        "REDIS_URL",
        "",
        "shares rate limits between machines; without it each process counts alone",
        secret=True,
    )
    ratelimit_enabled: bool = _setting(
        "RATELIMIT_ENABLED",
        "yes",
        "whether requests, and signatures from one origin or mail domain, are limited",
        _yes_no,
    )
    trusted_proxies: int = _setting(
        "TRUSTED_PROXIES",
        "0",
        "how many proxies in front are believed about the visitor's address",
        _whole(0, 5),
    )
    supporters_needed: int = _setting(
        "SUPPORTERS_NEEDED",
        "5",
        "supporters, besides the petitioner, before a petition is checked",
        _whole(0, 20),
    )
    supporters_most: int = _setting(
        "SUPPORTERS_MOST", "20", "supporters after which the private link closes", _whole(1, 100)
    )
    supporters_days: int = _setting(
        "SUPPORTERS_DAYS", "30", "days to find them before the petition lapses", _whole(1, 365)
    )
    moderation_days: int = _setting(
        "MODERATION_DAYS",
        "10",
        "working days within which a petition is checked: a public promise",
        _whole(1, 100),
    )
    petition_months: int = _setting("PETITION_MONTHS", "6", "months a petition stays open", _whole(1, 60))
    grace_hours: int = _setting(
        "GRACE_HOURS", "24", "hours after closing in which a link mailed before still counts", _whole(0, 168)
    )
    response_threshold: int = _setting(
        "RESPONSE_THRESHOLD",
        "10000",
        "signatures at which an answer is owed, while no thresholds are set at `/staff/settings/thresholds`",
        _whole(1, 10**9),
    )
    response_days: int = _setting("RESPONSE_DAYS", "21", "days to answer", _whole(1, 1000))
    debate_threshold: int = _setting(
        "DEBATE_THRESHOLD", "100000", "signatures at which a debate is considered", _whole(1, 10**9)
    )
    second_factor: str = _setting(
        "SECOND_FACTOR",
        "required",
        "`required`: staff sign in with a password and an authenticator app; `off`: with a password alone, not in production",
    )
    staff_host: str = _setting(
        "STAFF_HOST",
        "",
        "a host name of its own for the staff pages (`staff.petitions.example`); they are found nowhere else then",
    )
    oidc_issuer: str = _setting(
        "OIDC_ISSUER",
        "",
        "the address of the body's own sign-in (OpenID Connect), which staff may use instead of a password",
        lambda v: v.strip().rstrip("/"),
    )
    oidc_client_id: str = _setting("OIDC_CLIENT_ID", "", "how that sign-in knows this site")
    oidc_client_secret: str = _setting("OIDC_CLIENT_SECRET", "", "and its secret", secret=True)
    oidc_acr: tuple[str, ...] = _setting(
        "OIDC_ACR",
        "",
        "levels of assurance (`acr`) by which that sign-in says that a second factor was shown, comma between; "
        "its `amr` is understood anyway",
        _list,
    )
    breached_passwords: str = _setting(
        "BREACHED_PASSWORDS",
        "",
        "a file of passwords that leaked elsewhere, as Have I Been Pwned offers it (SHA-1, ordered by hash); staff may choose none of them",
        _readable_list,
    )
    response_approval: bool = _setting(
        "RESPONSE_APPROVAL",
        "no",
        "whether an answer is published only after a second person approved it",
        _yes_no,
    )
    response_points: bool = _setting(
        "RESPONSE_POINTS",
        "yes",
        "whether officials are offered to answer what a petition asks point by point",
        _yes_no,
    )
    escalation_days: int = _setting(
        "ESCALATION_DAYS",
        "7",
        "days after its date on which the overseeing body is told that an answer is late, and every week after",
        _whole(1, 365),
    )
    appeal_days: int = _setting(
        "APPEAL_DAYS", "30", "days in which a rejected petitioner may appeal", _whole(1, 365)
    )
    signatures_per_mailbox: int = _setting(
        "SIGNATURES_PER_MAILBOX", "2", "people who may sign one petition from one mailbox", _whole(1, 2)
    )
    confirm_days: int = _setting(
        "CONFIRM_DAYS",
        "7",
        "days a mailed link works, from the moment the mail server took the mail",
        _whole(1, 60),
    )
    smallest_published_area: int = _setting(
        "SMALLEST_PUBLISHED_AREA", "10", "no count of a place below this is published", _whole(1, 1000)
    )
    card_fonts: tuple[str, ...] = _setting(
        "CARD_FONTS",
        "",
        "font files (TTF, OTF), colon between, for scripts that the packaged Noto Sans has not; they write the titles on the pictures that social media show",
        _readable_files,
    )
    dump_folder: str = _setting(
        "DUMP_FOLDER",
        "var/data",
        "where a worker writes the nightly files of all public data, and `/data` reads them; shared by all machines",
    )
    dump_days: int = _setting("DUMP_DAYS", "14", "days for which the nightly files are kept", _whole(1, 3650))
    pages_kept: int = _setting(
        "PAGES_KEPT",
        "500",
        "public pages that each process keeps as long as nothing on them can have changed; `0`: every page is made anew",
        _whole(0, 100_000),
    )
    data_licence: str = _setting(
        "DATA_LICENCE", "CC BY 4.0", "the licence under which others may use the public data, by its name"
    )
    data_licence_url: str = _setting(
        "DATA_LICENCE_URL",
        "https://creativecommons.org/licenses/by/4.0/",
        "where its text is",
    )
    metrics_from: tuple[Network, ...] = _setting(
        "METRICS_FROM",
        "127.0.0.0/8, ::1",
        "networks, comma between, whose machines may read `/metrics` and the reasons at `/readyz`; anybody else gets 404 or a bare yes or no",
        _networks,
    )
    metrics_token: str = _setting(
        "METRICS_TOKEN",
        "",
        "whoever sends it (`Authorization: Bearer …`) may read them from anywhere; at least 32 characters",
        secret=True,
    )
    log_format: str = _setting(
        "LOG_FORMAT", "text", "`text`, or `json`: one line for each event, for programs that gather logs"
    )
    access_log: bool = _setting(
        "ACCESS_LOG",
        "no",
        "whether every request gets a line: its number, the pattern of its address, status, milliseconds; never who asked",
        _yes_no,
    )
    sentry_dsn: str = _setting(
        "SENTRY_DSN",
        "",
        "a Sentry server that is told of errors: where in the program and of what kind, nothing of anybody; needs `requirements-sentry.txt`",
        secret=True,
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read, parse and check every setting. Raises `SettingError`, which names the first that is wrong."""
        values: dict[str, Any] = {}
        for setting in fields(cls):
            env, default, parse = (setting.metadata[key] for key in ("env", "default", "parse"))
            given = environment.get(env, default)
            if given is None:
                raise SettingError(f"{env} is missing: {setting.metadata['meaning']}.")
            try:
                values[setting.name] = parse(given)
            except ValueError as wrong:
                raise SettingError(f"{env} {wrong}.") from None
        settings = cls(**values)
        _check(settings)
        return settings

    @property
    def is_production(self) -> bool:
        """Whether weak settings and the tools of development are refused."""
        return self.app_env == "production"

    @property
    def host(self) -> str:
        """The host name and port of `base_url`, the only ones requests may ask for in production."""
        return urlsplit(self.base_url).netloc

    @property
    def staff_url(self) -> str:
        """What the addresses of staff pages begin with: their own host, where there is one."""
        if not self.staff_host:
            return self.base_url
        return f"{urlsplit(self.base_url).scheme}://{self.staff_host}"

    @property
    def captures_mail(self) -> bool:
        """Whether mail is kept in the database instead of being sent."""
        return self.mail_url.startswith("capture://")


def _check(settings: Settings) -> None:
    """Refuse what each setting alone cannot tell. Raises `SettingError`."""
    if settings.app_env not in {"production", "development", "test"}:
        raise SettingError("APP_ENV must be production, development or test.")
    if not settings.data_keys:
        raise SettingError("DATA_KEYS is empty: personal data cannot be encrypted without a key.")
    for name, key in [
        ("SECRET_KEY", settings.secret_key),
        *(("SECRET_KEY_FALLBACKS", k) for k in settings.secret_key_fallbacks),
    ]:
        if len(key) < SHORTEST_SECRET or len(set(key)) < 8 or key.lower() in SAMPLE_SECRETS:
            raise SettingError(f"{name} is too weak: use at least {SHORTEST_SECRET} random characters.")
    if len({settings.hash_key, *(key.secret for key in settings.data_keys)}) != 1 + len(settings.data_keys):
        raise SettingError("HASH_KEY and DATA_KEYS must all differ.")
    for name, secret in [
        ("HASH_KEY", settings.hash_key),
        *(("DATA_KEYS", key.secret) for key in settings.data_keys),
    ]:
        if len(set(secret)) < 8:
            raise SettingError(f"{name} is too weak: use {KEY_BYTES} random bytes.")
    _check_addresses(settings)
    _check_staff(settings)
    _check_data(settings)
    _check_replica(settings)
    _check_watching(settings)
    if not settings.erasure_ledger:
        raise SettingError("ERASURE_LEDGER is empty: a restore could not know who was erased.")
    if settings.supporters_most < settings.supporters_needed:
        raise SettingError("SUPPORTERS_MOST must not be below SUPPORTERS_NEEDED.")
    if settings.debate_threshold <= settings.response_threshold:
        raise SettingError("DEBATE_THRESHOLD must be above RESPONSE_THRESHOLD.")
    if len(settings.home_country) != 2 or not settings.home_country.isalpha():
        raise SettingError("HOME_COUNTRY must be two letters.")


def _check_watching(settings: Settings) -> None:
    if settings.log_format not in {"text", "json"}:
        raise SettingError("LOG_FORMAT must be text or json.")
    token = settings.metrics_token
    if token and (len(token) < SHORTEST_SECRET or len(set(token)) < 8):
        raise SettingError(f"METRICS_TOKEN is too weak: use at least {SHORTEST_SECRET} random characters.")


def _check_replica(settings: Settings) -> None:
    if not settings.database_replica_url:
        return
    if not all(
        url.startswith("postgresql") for url in (settings.database_url, settings.database_replica_url)
    ):
        raise SettingError("DATABASE_REPLICA_URL needs PostgreSQL, here and in DATABASE_URL.")
    if settings.database_replica_url == settings.database_url:
        raise SettingError("DATABASE_REPLICA_URL must not be DATABASE_URL.")


def _check_data(settings: Settings) -> None:
    if not settings.dump_folder:
        raise SettingError("DUMP_FOLDER is empty: the nightly files have no place.")
    if not settings.data_licence_url.startswith(("https://", "http://")):
        raise SettingError("DATA_LICENCE_URL must be a web address.")


def _check_staff(settings: Settings) -> None:
    if settings.second_factor not in {"required", "off"}:
        raise SettingError("SECOND_FACTOR must be required or off.")
    if settings.is_production and settings.second_factor == "off":
        raise SettingError("SECOND_FACTOR must not be off in production.")
    oidc = (settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)
    if any(oidc) and not all(oidc):
        raise SettingError("OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong together.")
    if settings.oidc_issuer and urlsplit(settings.oidc_issuer).scheme != "https" and settings.is_production:
        raise SettingError("OIDC_ISSUER must begin with https:// in production.")
    if not HOST.fullmatch(settings.staff_host):
        raise SettingError("STAFF_HOST must be a host name, without https:// and without a path.")


def _check_addresses(settings: Settings) -> None:
    base = urlsplit(settings.base_url)
    if base.scheme not in {"http", "https"} or not base.netloc or base.path or base.query:
        raise SettingError(
            "BASE_URL must be an address such as https://petitions.example.org, without a path."
        )
    if settings.is_production and base.scheme != "https":
        raise SettingError("BASE_URL must begin with https:// in production.")
    if not settings.mail_url.startswith(("smtp://", "smtps://", "capture://")):
        raise SettingError("MAIL_URL must begin with smtp://, smtps:// or capture://.")
    if settings.captures_mail and settings.is_production:
        raise SettingError("MAIL_URL must not be capture:// in production: no mail would leave.")
    if "@" not in settings.mail_default_sender:
        raise SettingError("MAIL_DEFAULT_SENDER must be a mail address.")
    if settings.mail_tls not in {"required", "offered"}:
        raise SettingError("MAIL_TLS must be required or offered.")
    if settings.bounce_address and not BOUNCE_ADDRESS.fullmatch(settings.bounce_address):
        raise SettingError(
            "BOUNCE_ADDRESS must be a plain mail address with at most 30 characters before the @: a mark is added to them."
        )
    if settings.redis_url and not settings.redis_url.startswith(("redis://", "rediss://", "unix://")):
        raise SettingError("REDIS_URL must begin with redis://, rediss:// or unix://.")
