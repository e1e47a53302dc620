"""What a real gunicorn and a real worker write while everything goes wrong names nobody and opens nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock
from petitions.extensions import db
from petitions.models import Mail
from petitions.tokens import Purpose, sign
from tests import build
from tests.databases import Database, release
from tests.faults.processes import inherited
from tests.faults.served import ROOT, Served
from tests.settings import make_environment
from tests.signing.journey import signatures_of
from tests.smtp import SmtpServer

NAME, ADDRESS, POSTCODE = "Quillon Vantongeren", "quillon.vantongeren@example.org", "QV7 7QV"
BROKEN = ("confirm", "withdraw", "erase", "choose_mails", "stop_mails", "rename", "refuse", "sign", "_sign")


@pytest.fixture
def served(app: Flask, database: Database, tmp_path: Path) -> Iterator[Served]:
    """A site in which every unit of work of a signer fails."""
    points = ";".join(f"before_commit:{name}=raise" for name in BROKEN)
    site = Served(tmp_path, web=1, database_url=database.url, extra={"FAILPOINTS": points})
    site.start()
    yield site
    site.stop()
    release(app)


def secrets_of(tokens: list[str]) -> list[str]:
    """What must stand in no line: who it is, in any spelling, and every link and its mark."""
    who = [*NAME.split(), ADDRESS, ADDRESS.replace("@", "%40"), POSTCODE, POSTCODE.replace(" ", "+")]
    return who + tokens + [token.rpartition(".")[2] for token in tokens]


def test_no_line_of_gunicorn_names_anybody(app: Flask, served: Served) -> None:
    petition = build.open_petition()
    signature = build.signature(
        petition, state="pending", link_sent_at=clock.now(), name=NAME, email=ADDRESS, postcode=POSTCODE
    )
    token = {
        purpose: sign(purpose, signature.id)
        for purpose in (Purpose.CONFIRM_SIGNATURE, Purpose.MY_SIGNATURE, Purpose.UNSUBSCRIBE)
    }
    confirm = f"/signatures/confirm/{token[Purpose.CONFIRM_SIGNATURE]}"
    mine = f"/signatures/{token[Purpose.MY_SIGNATURE]}"
    presses = [
        (confirm, {"answer": "yes"}),
        (confirm, {"answer": "no"}),
        (mine, {"action": "withdraw"}),
        (mine, {"action": "erase"}),
        (mine, {"action": "stop"}),
        (mine, {"action": "rename", "name": NAME + " II"}),
        (f"/unsubscribe/{token[Purpose.UNSUBSCRIBE]}", {}),
        (f"/petitions/{petition.id}/signatures/new", build.sign_form(name=NAME, email="new." + ADDRESS)),
    ]
    statuses = [served.ask("POST", path, form)[0] for path, form in presses]
    assert statuses == [500] * len(presses)
    for line in (
        f"GET {confirm} HTTP/9.9\r\n\r\n",
        f"GET {confirm} x y\r\n\r\n",
        f"G@T {confirm} HTTP/1.1\r\nHost: {ADDRESS}\r\n\r\n",
        f"POST {mine} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {ADDRESS}\r\n\r\n",
        f"GET {confirm} HTTP/1.1\r\nX-{ADDRESS}: {token[Purpose.CONFIRM_SIGNATURE]}\r\n\r\n",
        f"GET {mine} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {NAME}\r\n\r\n",
    ):
        served.say(line.encode())
    served.stop()
    assert served.log.count("Broken") >= len(presses), served.log[-3000:]
    for secret in secrets_of(list(token.values())):
        assert secret.lower() not in served.log.lower()


def test_no_line_of_the_worker_names_anybody(
    app: Flask, database: Database, smtp: SmtpServer, tmp_path: Path
) -> None:
    petition = build.open_petition()
    client = app.test_client()
    for number in range(3):
        form = build.sign_form(name=NAME, email=f"{number}.{ADDRESS}", postcode=POSTCODE)
        assert client.post(f"/petitions/{petition.id}/signatures/new", data=form).status_code == 303
    smtp.recipient_script = [550, 250, 250]
    smtp.script = [451, 554]
    environment = inherited() | make_environment(database_url=database.url, mail_url=smtp.mail_url)
    db.session.rollback()
    ran = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--once"],
        cwd=ROOT,
        env=environment | {"FAILPOINTS": "before_commit:_finish=raise:0.3"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = ran.stdout + ran.stderr
    states = set(db.session.execute(select(Mail.state)).scalars())
    assert states != {"sent"}
    tokens = [sign(Purpose.CONFIRM_SIGNATURE, each.id) for each in signatures_of(petition)]
    for secret in secrets_of(tokens):
        assert secret.lower() not in said.lower(), said
