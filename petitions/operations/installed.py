"""What `flask doctor` looks at on this machine: settings, files, and the servers that the site needs."""

from __future__ import annotations

import getpass
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import redis
from babel import Locale
from flask import current_app
from sqlalchemy import make_url

from petitions.erasures import LedgerUnreadable, read
from petitions.extensions import settings
from petitions.mail import transport
from petitions.operations import disks, readiness
from petitions.operations.finding import Finding, advice, wrong

#: The scripts of the packaged fonts, as Unicode begins the names of their letters.
DRAWN = {"LATIN", "GREEK", "CYRILLIC", "DEVANAGARI", "ARABIC"}
SAMPLE_DOMAIN = "example.org"
#: Seconds.
PATIENCE = 3


def mode() -> Iterator[Finding]:
    """Whether this is set up for the world."""
    if current_app.debug:
        yield wrong(
            "Debugging is on: whoever causes an error may run code here. Start without --debug and FLASK_DEBUG."
        )
    if not settings().is_production:
        yield wrong(
            f"APP_ENV is {settings().app_env}: weak settings are taken. For the world take the line out, or say production."
        )
    if settings().base_url.startswith("http://"):
        yield wrong("BASE_URL begins with http://: names and addresses travel readable. Give it https://.")
    if settings().second_factor == "off":
        yield wrong("SECOND_FACTOR is off: a guessed password opens the staff pages. Set it to required.")


def proxies() -> Iterator[Finding]:
    """Whether visitors are told apart."""
    if settings().base_url.startswith("https://") and not settings().trusted_proxies:
        yield wrong(
            "BASE_URL is https, which a proxy in front has to speak, but TRUSTED_PROXIES is 0: every visitor seems to come"
            " from that proxy, and one flood shuts out everybody. Set it to the number of proxies, mostly 1."
        )
    if not settings().ratelimit_enabled:
        yield wrong(
            "RATELIMIT_ENABLED is no: nobody is stopped who signs or guesses by program. Take the line out."
        )
    processes = os.environ.get("WEB_CONCURRENCY", "2")
    if settings().ratelimit_enabled and not settings().redis_url and processes != "1":
        yield advice(
            "REDIS_URL is not set: each of the web processes counts its visitors alone, so limits are as many times looser."
        )


def shared_limits() -> Iterator[Finding]:
    """Whether Redis answers, where it is set."""
    if not settings().redis_url:
        return
    try:
        asked = redis.Redis.from_url(
            settings().redis_url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE
        )
        with asked:
            asked.ping()
    except (redis.RedisError, OSError) as problem:
        why = (str(problem).splitlines() or [type(problem).__name__])[0].rstrip(". ")
        yield wrong(
            f"Redis cannot be asked: {why}. Start it, or check REDIS_URL. Until then each process counts its visitors alone."
        )


def encryption() -> Iterator[Finding]:
    """Whether what leaves this machine for the servers behind it can be read or forged on the way."""
    for name, url in (
        ("DATABASE_URL", settings().database_url),
        ("DATABASE_REPLICA_URL", settings().database_replica_url),
    ):
        if not url.startswith("postgresql"):
            continue
        parts = make_url(url)
        if _is_elsewhere(parts.host) and parts.query.get("sslmode") != "verify-full":
            yield advice(
                f"{name} leads to another machine without sslmode=verify-full: on the way everything can be read, or somebody"
                " else be taken for the database. Add ?sslmode=verify-full, unless the network between is its own protection."
            )
    redis_url = urlsplit(settings().redis_url)
    if redis_url.scheme == "redis" and _is_elsewhere(redis_url.hostname):
        yield advice(
            "REDIS_URL leads to another machine in clear. Begin it with rediss://, unless the network between is its own protection."
        )


def _is_elsewhere(host: str | None) -> bool:
    """Whether a server is on another machine; without a name, or with a folder for one, it is here."""
    return bool(host) and not str(host).startswith("/") and host not in {"localhost", "127.0.0.1", "::1"}


def mail() -> Iterator[Finding]:
    """Whether a mail could leave."""
    if settings().mail_default_sender.endswith(SAMPLE_DOMAIN):
        yield wrong(
            f"MAIL_DEFAULT_SENDER is of {SAMPLE_DOMAIN}: other servers refuse such mail. Give an address of your own."
        )
    if settings().captures_mail:
        yield wrong("MAIL_URL is capture://: no mail leaves, so nobody can confirm. Name a mail server.")
        return
    if settings().mail_tls == "offered":
        yield advice("MAIL_TLS is offered: a server that offers no encryption gets every mail in clear.")
    try:
        with transport.connection():
            pass
    except transport.ServerAway as problem:
        yield wrong(f"No mail leaves from here. {_why(problem.reason)}")


#: What to do, by what the mail server's connection ended with (`transport.ServerAway.reason`), the nearest first.
MAIL_SERVER = {
    "unreachable: gaierror": "There is no server of the name in MAIL_URL. Is it written right? Does this machine ask a DNS?",
    "unreachable: ConnectionRefusedError": "Nothing listens at the port of MAIL_URL. Is it the right one? Is the mail server running?",
    "unreachable: TimeoutError": "The server of MAIL_URL does not answer. Does a firewall stop this machine? Many networks close port 25.",
    "unreachable: SSLError": "The server of MAIL_URL does not speak TLS from the first word: smtps:// is mostly for port 465, smtp:// for 587.",
    "unreachable: SMTPServerDisconnected": "The server of MAIL_URL hangs up. At port 465 it wants smtps://; otherwise its log says why.",
    "unreachable": "The server of MAIL_URL cannot be reached or turns this machine away. Its log says why.",
    "certificate": "The certificate of the server of MAIL_URL is not trusted. Its name must be the one in MAIL_URL.",
    "sign_in": "The server of MAIL_URL refuses the user name or the password there. Signs such as @ or / must be written as %40, %2F.",
    "no_tls": "The server of MAIL_URL offers no encryption. See MAIL_TLS.",
}


def _why(reason: str) -> str:
    """What to do about it, and what exactly was found."""
    code = reason.partition(":")[0]
    return f"{MAIL_SERVER.get(reason) or MAIL_SERVER.get(code) or 'See its log.'} ({reason})"


def files() -> Iterator[Finding]:
    """Whether the files of the site can be written, and have room."""
    if os.geteuid() == 0:
        yield advice(
            "This is run by root, who may write everywhere: that the site's own user may not is not seen. Run it as that user."
        )
    database = disks.database_file()
    if database is not None and not disks.may_change(database):
        yield wrong(
            f"The database {database} or its folder cannot be written by {getpass.getuser()}: nobody can sign. Change their owner."
        )
    ledger = Path(settings().erasure_ledger)
    if ledger.exists():
        try:
            read(ledger)
        except LedgerUnreadable as problem:
            yield wrong(
                f"{problem}: after a restore people would be back who were erased. Bring the right file."
            )
        if not os.access(ledger, os.W_OK):
            yield wrong(
                f"The erasure ledger {ledger} cannot be written: nobody can be erased. Change its owner or mode."
            )
    elif not disks.may_write(ledger.parent):
        yield wrong(
            f"The folder of the erasure ledger, {ledger.parent}, cannot be written: nobody can be erased."
        )
    if not disks.may_write(Path(settings().dump_folder)):
        yield wrong(f"DUMP_FOLDER {settings().dump_folder} cannot be written: /data stays empty.")
    yield from (wrong(sentence) for sentence in readiness.disk_problems())


def fonts() -> Iterator[Finding]:
    """Whether the pictures of links can be lettered in the site's languages."""
    if settings().card_fonts:
        return
    for language in settings().languages:
        name = Locale.parse(language).get_display_name() or ""
        scripts = {unicodedata.name(letter, "?").split()[0] for letter in name if letter.isalpha()}
        if scripts - DRAWN:
            yield wrong(
                f"CARD_FONTS names no font, and the packaged ones have no letters for the language {language}: titles on pictures"
                " of links stay empty. Name a Noto font of its script."
            )
