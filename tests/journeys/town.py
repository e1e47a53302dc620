"""Where the journeys happen: one site, its worker, and the post office that its mails really go through."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from email.message import EmailMessage
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import func, select

from petitions import clock
from petitions.extensions import db, settings
from petitions.models import AuditEntry, Department, Petition, Signature, Topic
from tests import build
from tests.smtp import SmtpServer

CONFIRMATIONS = {"confirm_signature", "confirm_creator"}
#: Mails that nobody can stop: a signer's confirmation, the list that was asked for, and what staff get for their work.
WITHOUT_UNSUBSCRIBE = CONFIRMATIONS | {
    "my_signatures",
    "confirm_alert",
    "duty_created",
    "duty_escalated",
    "staff_digest",
    "approval_asked",
    "commitment_asked",
}


class Town:
    """The site under test, with one area, one department and one topic, and everybody's letter boxes."""

    def __init__(self, app: Flask, smtp: SmtpServer) -> None:
        self.app, self.smtp = app, smtp
        build.place("Fairley Marsh", postcode_prefixes=["AB1"])
        build.department("Department of Transport")
        build.topic("Roads")

    @property
    def transport(self) -> Department:
        """The one department."""
        return db.session.execute(select(Department)).scalar_one()

    @property
    def roads(self) -> Topic:
        """The one topic."""
        return db.session.execute(select(Topic)).scalar_one()

    def lets_the_worker_work(self) -> None:
        """Count, send mail, feed mailings, until nothing is left to do."""
        build.work()

    def last_moment(self) -> datetime:
        """How far the story has gone: a journey may have stood months ahead of the present."""
        told = (AuditEntry.at, Signature.created_at, Signature.validated_at, Petition.updated_at)
        moments = [db.session.execute(select(func.max(column))).scalar_one() for column in told]
        db.session.rollback()
        return max([clock.now(), *(moment for moment in moments if moment is not None)])

    def mails(self, to: str, kind: str | None = None) -> list[EmailMessage]:
        """The mails in one letter box, oldest first; of one kind where it is given."""
        return [mail for mail in self.smtp.messages_to(to) if kind in (None, mail["X-Petitions-Message"])]

    def kinds(self, to: str) -> list[str]:
        """The kinds of the mails in one letter box, oldest first."""
        return [str(mail["X-Petitions-Message"]) for mail in self.mails(to)]

    def how_many(self, kind: str) -> Counter[str]:
        """How many mails of a kind everybody got, by address."""
        return Counter(str(mail["To"]) for mail in self.smtp.messages if mail["X-Petitions-Message"] == kind)

    def link(self, to: str, kind: str, path: str) -> str:
        """The path of the one link with `path` in it, in the newest mail of a kind to somebody."""
        found = self.mails(to, kind)
        assert found, f"{to} has no mail {kind}, only {self.kinds(to)}"
        return build.extract_link(found[-1], path)

    def has_sound_mails(self) -> None:
        """What is promised of every mail: one recipient, two parts, its own id, links of this site, a way to stop it."""
        ids = Counter(mail["Message-ID"] for mail in self.smtp.messages)
        assert [each for each, times in ids.items() if times > 1] == []
        for mail, envelope in zip(self.smtp.messages, self.smtp.envelopes, strict=True):
            kind = mail["X-Petitions-Message"]
            assert envelope.rcpt_tos == [mail["To"]], kind
            assert mail.get_content_type() == "multipart/alternative", kind
            assert (mail["List-Unsubscribe"] is None) == (kind in WITHOUT_UNSUBSCRIBE), kind
            hosts = {urlsplit(url).netloc for url in re.findall(r"https?://\S+", build.text_of(mail))}
            assert hosts <= {settings().host, "video.example.org"}, kind
            if kind in CONFIRMATIONS:
                urls = re.findall(r"\S+/(?:signatures/confirm|creators)/\S+", build.text_of(mail))
                assert len(urls) == 1, kind
