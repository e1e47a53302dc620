"""Canary people go through everything, errors included; afterwards nothing of them is found where it must not be.

The site is real: gunicorn and a worker as processes that log everything, a mail server, the database. Looked through are
every row (and the file of SQLite), what every process has said, every public page, a backup, the erasure ledger.
"""

from __future__ import annotations

import dataclasses
import gzip
import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from petitions.database import Base, transactional
from petitions.extensions import db
from petitions.models import Mail
from petitions.permissions import Role
from tests import build
from tests.databases import Database
from tests.faults.canaries import Browser, Canary, hits, links_in, public_pages, tokens_in
from tests.faults.processes import ROOT, Site
from tests.smtp import SmtpServer
from tests.starting.writing import Writer, fields

PATIENCE = 60.0
STAFF = "robin@staff.example.org"
#: Loading the program takes longer than most commands.
COMMANDS = """
import json, sys
from flask.cli import cli
for command in json.loads(sys.argv[1]):
    try:
        cli.main(command)
    except SystemExit as end:
        if end.code:
            raise
"""
#: A database password is nobody's business either.
LOST_DATABASE = "postgresql://someone:qvcanarypassword@127.0.0.1:1/nothing"


@dataclass
class Aviary:
    """A running site, its mail server, and everybody who was there."""

    site: Site
    smtp: SmtpServer
    folder: Path
    canaries: list[Canary] = dataclasses.field(default_factory=list)

    @property
    def url(self) -> str:
        """The site's address."""
        return f"http://127.0.0.1:{self.site.port}"

    def canary(self, mark: str) -> tuple[Canary, Browser]:
        """A new person with a browser."""
        origin = f"203.0.113.{100 + len(self.canaries)}"
        person = Canary(mark, origin)
        self.canaries.append(person)
        return person, Browser(self.url, origin)

    def mail(self, person: Canary, path: str, *, address: str = "", number: int = 1) -> str:
        """The newest link that begins with `path` in the mails to somebody, when so many mails have one."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            bodies = [
                str(mail.get_body(("plain",))) for mail in self.smtp.messages_to(address or person.email)
            ]
            found = [
                link
                for body in bodies
                for link in links_in(_unfolded(body), self.url)
                if link.startswith(path)
            ]
            if len(found) >= number:
                return found[-1]
            time.sleep(0.1)
        raise AssertionError(f"no mail to {person.mark} with {path}: {self.site.tail('worker.log')}")

    def needles(self) -> set[str]:
        """Everything that must not be found."""
        mails = [str(mail.get_body(("plain",))) for mail in self.smtp.messages]
        links = [link for body in mails for link in links_in(_unfolded(body), self.url)]
        tokens = tokens_in(links)
        assert len(tokens) > 5, "the links of the mails were not found, so nothing would be looked for"
        return {needle for person in self.canaries for needle in person.needles()} | tokens | {"qvcanary"}

    def logs(self) -> str:
        """What every process has said."""
        said = "\n".join(log.read_text(errors="replace") for log in self.folder.rglob("*.log"))
        assert "SELECT" in said, "the logs are not as talkative as they could be"
        return said

    def flask(self, *commands: list[str], content: str = "") -> int:
        """Run commands of the service in one process, until one fails, their words into a log. Returns the last exit status."""
        environment = self.site.environment | {"FLASK_APP": "tests.faults.entry"}
        done = subprocess.run(
            [sys.executable, "-c", COMMANDS, json.dumps(commands)],
            cwd=ROOT,
            env=environment,
            input=content.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
        )
        with (self.folder / "commands.log").open("ab") as log:
            log.write(done.stdout)
        return done.returncode


def _unfolded(part: str) -> str:
    """The words of a mail's part, without the line breaks of its transport."""
    return part.replace("=\n", "").replace("=3D", "=")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the processes write what they say."""
    return tmp_path / "logs"


@pytest.fixture
def open_site(
    app: Flask, database: Database, smtp: SmtpServer, folder: Path
) -> Iterator[Callable[..., Aviary]]:
    """`open_site("debug")`: start the site; the words are what `tests.faults.talkative` knows."""
    started: list[Site] = []

    def start(talkative: str, **settings: object) -> Aviary:
        place = folder / f"site{len(started)}"
        place.mkdir(parents=True)
        values = {
            "database_url": database.url,
            "mail_url": smtp.mail_url,
            "erasure_ledger": app.extensions["settings"].erasure_ledger,
            "bounce_address": "bounces@mail.example.org",
            "supporters_needed": 1,
            "log_format": "json",
            "access_log": "yes",
        } | settings
        site = Site(place, web=1, workers=1, extra={"FAULTS_TALKATIVE": talkative}, **values)
        started.append(site)
        return Aviary(site, smtp, folder)

    yield start
    for site in started:
        site.stop()


def dump(database: Database) -> str:
    """Every value of every row, and the bytes of the file where it is one."""
    db.session.rollback()
    rows = [
        f"{table.name} {value!r}"
        for table in Base.metadata.sorted_tables
        for row in db.session.execute(select(table))
        for value in row
    ]
    assert len(rows) > 1000
    files = []
    if database.kind == "sqlite":
        file = Path(database.url.removeprefix("sqlite:///"))
        files = [each.read_bytes().decode("latin-1") for each in file.parent.glob(f"{file.name}*")]
    return "\n".join([*rows, *files])


def begin(aviary: Aviary) -> None:
    """A petitioner starts a petition, is supported, changes the words, and withdraws it."""
    person, browser = aviary.canary("qvpetitioner")
    writer = Writer(browser)  # type: ignore[arg-type]
    writer.go_to("check", name=person.name, email=person.email, postcode=person.postcode)
    done = writer.press()
    assert done.status_code == 303, done.text
    mine = aviary.mail(person, "/creators/")
    assert browser.get(mine).status_code == 200
    assert browser.post(mine, {"action": "confirm"}).status_code == 303
    support = aviary.mail(person, "/petitions/")
    supporter, friend = aviary.canary("qvsupporter")
    assert friend.get(support).status_code == 200
    assert friend.post(support, supporter.form()).status_code == 303
    link = aviary.mail(supporter, "/signatures/confirm/")
    assert friend.post(link, {"answer": "yes"}).status_code == 303
    browser.get(mine)
    browser.get(f"{mine}/edit")
    browser.post(f"{mine}/edit", {"action": "", "background": ""})
    browser.get(f"{mine}/withdraw")
    assert browser.post(mine, {"action": "withdraw"}).status_code == 303


def sign(aviary: Aviary, petition_id: int) -> None:
    """Everything that signers do: sign, again, by another spelling, confirm, refuse, look, stop, export, withdraw, erase."""
    form = f"/petitions/{petition_id}/signatures/new"
    for mark, answer in (("qvconfirmer", "yes"), ("qvrefuser", "no"), ("qveraser", "yes"), ("qvwaiter", "")):
        person, browser = aviary.canary(mark)
        assert browser.post(form, person.form()).status_code == 303
        link = aviary.mail(person, "/signatures/confirm/")
        browser.get(link)
        alias = person.email.replace("@", "+tag@")
        browser.post(form, person.form(email=alias, name=f"{person.name} Second"))
        browser.post(form, person.form(email=alias))
        browser.post(link, {"action": "resend"})
        browser.post(link, {"answer": "perhaps"})
        browser.get(link[:-3] + "AAA")
        browser.get(link.replace("/confirm/", "/"))
        if answer:
            assert browser.post(link, {"answer": answer}).status_code == 303
        browser.post(form, person.form())
        browser.post("/signatures/find", {"email": person.email})
        browser.post("/signatures/find", {"email": f"not {person.email}@"})
        browser.get(f"/petitions?q={person.mark}")
        browser.get(f"/petitions/{petition_id}?email={person.email}")
        if answer == "yes":
            own(aviary, person, browser)


def own(aviary: Aviary, person: Canary, browser: Browser) -> None:
    """What is done with one's own signature."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        links = [
            link
            for mail in aviary.smtp.messages_to(person.email)
            for link in links_in(_unfolded(str(mail.get_body(("plain",)))), aviary.url)
            if link.startswith("/signatures/") and "confirm" not in link and "find" not in link
        ]
        if links:
            break
        time.sleep(0.1)
    else:
        raise AssertionError("no link to one's own signature came")
    mine = links[-1]
    assert person.name in browser.get(mine).text
    browser.post(mine, {"action": "correct", "name": f"{person.name} Corrected"})
    exported = browser.post(mine, {"action": "export"})
    assert person.email in exported.text
    for action in ("stop", "start", "stop_all", "nothing of the kind"):
        browser.post(mine, {"action": action})
    if person.mark == "qveraser":
        assert browser.post(mine, {"action": "erase"}).status_code == 303
    else:
        browser.post(f"/unsubscribe/{mine.rpartition('/')[2]}", {"List-Unsubscribe": "One-Click"})


def be_refused(aviary: Aviary, petition_id: int) -> None:
    """Forms with something wrong in them, and requests that are not even that."""
    person, browser = aviary.canary("qvrefused")
    form = f"/petitions/{petition_id}/signatures/new"
    wrong = (
        {"email": f"{person.email}@"},
        {"name": f"{person.name} http://spam.example"},
        {"country": "XX"},
        {"postcode": f"{person.postcode} {person.mark}"},
        {"eligible": ""},
        {"name": person.name * 20},
        {"email": f"{person.mark}\r\nBcc: {person.email}"},
        {"text_version": person.email},
    )
    statuses = {browser.post(form, person.form(**fields)).status_code for fields in wrong}
    assert statuses <= {303, 400, 422}
    browser.post(f"/petitions/{petition_id + 1000}/signatures/new", person.form())
    browser.post("/petitions/new", {"action": person.name, "state": person.email, "stage": person.mark})
    browser.post("/staff/sign-in", {"email": person.email, "password": person.name})
    browser.get(f"/signatures/confirm/{person.email}")
    browser.get(f"/nowhere/{person.email}?name={person.mark}")


def be_failed(aviary: Aviary, petition_id: int) -> None:
    """Everything goes wrong while their data is in the form."""
    person, browser = aviary.canary("qvfailed")
    form = f"/petitions/{petition_id}/signatures/new"
    assert browser.post(form, person.form()).status_code >= 500
    assert browser.post("/signatures/find", {"email": person.email}).status_code >= 500
    browser.post("/staff/sign-in", {"email": person.email, "password": person.name})


def be_turned_away(aviary: Aviary, petition_id: int) -> None:
    """Their mail server does not want their mail, and says so with their address."""
    person, browser = aviary.canary("qvunknown")

    async def refuse(server: object, session: object, envelope: object, address: str, options: object) -> str:
        if person.mark in address:
            return f"550 5.1.1 <{address}> {person.name} does not live here"
        envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]
        return "250 recipient"

    aviary.smtp.handle_RCPT = refuse  # type: ignore[method-assign, assignment]
    try:
        assert browser.post(f"/petitions/{petition_id}/signatures/new", person.form()).status_code == 303
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not _has_failed():
            time.sleep(0.1)
        assert _has_failed(), "the refusal never came"
    finally:
        del aviary.smtp.handle_RCPT  # type: ignore[attr-defined]


def _has_failed() -> bool:
    db.session.rollback()
    return db.session.execute(select(Mail.id).where(Mail.last_error.is_not(None))).first() is not None


def come_back(aviary: Aviary) -> None:
    """A report says that a mail could not be delivered, with everything about it."""
    person = aviary.canaries[0]
    envelope = next(each for each in aviary.smtp.envelopes if person.email in each.rcpt_tos)
    report = (
        f"From: MAILER-DAEMON@relay.example.net\nTo: {envelope.mail_from}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="edge"\n\n'
        f"--edge\nContent-Type: text/plain\n\n{person.email} is unknown.\n\n"
        "--edge\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example.net\n\n"
        f"Final-Recipient: rfc822; {person.email}\nAction: failed\nStatus: 5.1.1\n"
        f"Diagnostic-Code: smtp; 550 <{person.email}> {person.name}\n\n--edge--\n"
    )
    assert aviary.flask(["mail", "bounce"], content=report) == 0
    assert aviary.flask(["mail", "bounce"], content=f"{person.email} {person.name}") != 0


def be_alerted(aviary: Aviary) -> None:
    """Somebody asks to be told of petitions, confirms, looks at the alert and stops it; somebody else never confirms."""
    person, browser = aviary.canary("qvlistener")
    other, elsewhere = aviary.canary("qvforgetful")
    wish = {"news": "published", "rhythm": "daily"}
    assert elsewhere.post("/alerts?state=open", wish | {"email": other.email}).status_code == 303
    assert browser.post("/alerts?q=library", wish | {"email": person.email}).status_code == 303
    link = aviary.mail(person, "/alerts/confirm/")
    aviary.mail(other, "/alerts/confirm/")
    assert browser.get(link).status_code == 200
    confirmed = browser.post(link, {"answer": "yes"})
    assert confirmed.status_code == 303, confirmed.text
    own = confirmed.headers["Location"].removeprefix(aviary.url)
    assert browser.get(own).status_code == 200


def be_looked_at(aviary: Aviary, petition_id: int) -> None:
    """Staff search for somebody, see who it is, and let a campaign look for all of their kind."""
    person, browser = aviary.canaries[2], Browser(aviary.url, "192.0.2.2")
    assert person.mark == "qvconfirmer"
    signing_in = browser.get("/staff/sign-in")
    entered = fields(signing_in.text) | {"email": STAFF, "password": build.PASSWORD}
    assert browser.post("/staff/sign-in", entered).status_code == 303
    search = f"/staff/petitions/{petition_id}/signatures"
    asked = fields(browser.get(search).text)
    for condition in ({"origin": person.origin}, {"postcode": person.postcode}, {"address": person.email}):
        reply = browser.post(search, asked | condition)
        assert reply.status_code == 303, reply.text
        found = browser.get(reply.headers["Location"].removeprefix(aviary.url))
        one = re.search(rf'href="({search}/\d+)', found.text)
        assert one is not None, found.text
    browser.post(search, asked | {"address": f"{person.email}@"})
    seen = browser.get(one[1])
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', seen.text)
    assert token is not None
    revealed = browser.post(f"{one[1]}/reveal", {"csrf_token": token[1], "why": "A complaint"})
    assert person.mark in revealed.text
    begun = browser.post(
        f"/staff/petitions/{petition_id}/campaigns/new",
        asked | {"domain": person.email.partition("@")[2], "action": "hold", "reason": "Automated signing"},
    )
    assert begun.status_code == 303, begun.text
    browser.get(begun.headers["Location"].removeprefix(aviary.url))
    for path in ("/staff/mail", f"/staff/petitions/{petition_id}/integrity", "/staff/history"):
        browser.get(path)


def keep(aviary: Aviary, backup: Path) -> None:
    """What an operator does."""
    assert aviary.flask(["keys", "rotate"], ["purge"], ["audit", "verify"], ["backup", str(backup)]) == 0


def prepare() -> int:
    """An open petition in a country with one place. Returns its number."""
    build.place(postcode_prefixes=("ZQ9",))
    build.staff(Role.ADMINISTRATOR, Role.MODERATOR, email=STAFF)
    return build.open_petition(supporters=2).id


def test_nothing_of_anybody_is_found_anywhere(
    app: Flask, database: Database, open_site: Callable[..., Aviary], tmp_path: Path, ledger: Path
) -> None:
    petition_id = prepare()
    db.session.remove()
    aviary = open_site("debug")
    aviary.site.start()
    begin(aviary)
    sign(aviary, petition_id)
    be_refused(aviary, petition_id)
    be_turned_away(aviary, petition_id)
    come_back(aviary)
    be_alerted(aviary)
    be_looked_at(aviary, petition_id)
    keep(aviary, tmp_path / "kept.backup")
    people = list(aviary.canaries)
    for talkative, settings in (("debug,broken", {}), ("debug", {"database_url": LOST_DATABASE})):
        failing = open_site(talkative, **settings)
        failing.canaries = aviary.canaries
        failing.site.start_web()
        be_failed(failing, petition_id)
    assert len(aviary.canaries) > len(people)

    assert '"route": "/signatures/confirm/<token>"' in aviary.logs(), "no request has its line"
    needles = aviary.needles()
    found = {
        "database": hits(dump(database), needles),
        "logs": hits(aviary.logs(), needles),
        "backup": hits(gzip.decompress((tmp_path / "kept.backup").read_bytes()), needles),
        "ledger": hits(ledger.read_bytes(), needles),
        "figures": hits(asked(aviary, "/metrics"), needles),
        "readiness": hits(asked(aviary, "/readyz"), needles),
    }
    pages = dict(
        public_pages(Browser(aviary.url, "192.0.2.1"), ["/", "/petitions", "/petitions.json", "/robots.txt"])
    )
    assert len(pages) > 20
    found |= {path: hits(str(reply.headers) + reply.text, needles) for path, reply in pages.items()}
    assert {where: what for where, what in found.items() if what} == {}


@pytest.mark.database("sqlite")
def test_an_address_that_slips_into_the_log_is_caught(app: Flask, open_site: Callable[..., Aviary]) -> None:
    petition_id = prepare()
    db.session.remove()
    aviary = open_site("debug,slip")
    aviary.site.start_web()
    person, browser = aviary.canary("qvslipped")
    assert browser.post(f"/petitions/{petition_id}/signatures/new", person.form()).status_code == 303
    assert person.mark in hits(aviary.logs(), person.needles())


@pytest.mark.database("sqlite")
def test_a_name_kept_in_clear_is_caught(app: Flask, database: Database) -> None:
    petition = build.open_petition(supporters=40)
    person = Canary("qvstored", "203.0.113.9")
    build.signature(
        petition, name=person.name, email=person.email, postcode=person.postcode, ip=person.origin
    )
    assert hits(dump(database), person.needles()) == []
    mail = Mail(
        key="1", kind="already_signed", message_id="1", details={"name": person.name}, petition_id=petition.id
    )
    _store(mail)
    assert hits(dump(database), person.needles()) == [person.mark]


def asked(aviary: Aviary, path: str) -> str:
    """What an operator's machine is told; the visitors' browsers are told of by a proxy, it is not."""
    with urllib.request.urlopen(aviary.url + path, timeout=30) as answer:  # noqa: S310 - the site under test
        said: str = answer.read().decode()
    assert "signatures/new" in said or '"reasons":[]' in said, said
    return said


@transactional
def _store(row: object) -> None:
    db.session.add(row)
