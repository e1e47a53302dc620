"""Finds words on a page that are neither in the pseudo-language nor data: they escaped translation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from babel import Locale
from babel.units import format_unit
from flask import current_app
from sqlalchemy import select

from petitions import markup
from petitions.extensions import db, settings
from petitions.models import (
    Alert,
    Appeal,
    Campaign,
    ClosedDay,
    Commitment,
    CommitmentCheck,
    Correction,
    Debate,
    DebatePicture,
    Department,
    Duty,
    DutyExtension,
    DutyPause,
    DutyTransfer,
    ExplanationTemplate,
    HoldingReply,
    HousePause,
    MailDomain,
    OtherBusiness,
    Petition,
    PetitionNote,
    PetitionQuestion,
    PetitionReport,
    PetitionText,
    Place,
    Rejection,
    RejectionReason,
    Response,
    ResponseDraft,
    ResponseVersion,
    Signature,
    Staff,
    Tag,
    Term,
    ThresholdRule,
    Topic,
    Webhook,
)
from petitions.scrutiny.masking import masked_postcode
from tests.reading import Page
from tests.translations.pseudo import LANGUAGE, ODD

#: What people and staff have written, by table.
WRITTEN = (
    (Petition, ("action", "background", "additional_details", "committee_note", "creator_name")),
    (PetitionText, ("action", "background", "additional_details")),
    (Signature, ("name", "email", "postcode")),
    (Alert, ("email", "title")),
    (Department, ("name", "acronym", "slug")),
    (Topic, ("name", "code")),
    (Place, ("name", "representative", "party")),
    (RejectionReason, ("title", "description", "code")),
    (Rejection, ("details",)),
    (Response, ("summary",)),
    (Debate, ("overview", "declined_reason")),
    (DebatePicture, ("alt",)),
    (ResponseDraft, ("summary",)),
    (ResponseVersion, ("summary", "reason")),
    (Commitment, ("promise",)),
    (CommitmentCheck, ("note",)),
    (OtherBusiness, ("subject",)),
    (DutyPause, ("reason",)),
    (HousePause, ("reason",)),
    (Duty, ("follow_up_reason",)),
    (DutyTransfer, ("reason",)),
    (HoldingReply, ("body",)),
    (Appeal, ("reason", "explanation")),
    (PetitionQuestion, ("questions", "answer")),
    (PetitionNote, ("body",)),
    (PetitionReport, ("reference", "body", "explanation")),
    (ExplanationTemplate, ("title", "body")),
    (ClosedDay, ("name",)),
    (Tag, ("name",)),
    (ThresholdRule, ("key",)),
    (DutyExtension, ("reason",)),
    (Campaign, ("reason",)),
    (MailDomain, ("domain", "provider", "note")),
    (Correction, ("reason",)),
    (Term, ("period", "government")),
    (Staff, ("name", "email")),
    (Webhook, ("url", "secret")),
)
MARKDOWN = ((Response, "body"), (OtherBusiness, "body"))
#: Names of things that every language writes the same.
NEUTRAL = {
    "JSON",
    "CSV",
    "Atom",
    "WhatsApp",
    "Telegram",
    "Facebook",
    "Bluesky",
    "Markdown",
    "WCAG",
    "AA",
    "UTC",
}
#: Pieces of an address of a page or a mailbox, which are no words.
ADDRESS = re.compile(r"https?://\S+|[\w.+-]+@[\w.-]+|(?<!\w)/[\w/.?=&-]+")
WORD = re.compile(r"[A-Za-z]{2,}")
#: So much of a text that somebody wrote may stand alone, cut from the rest.
LONG = 25


class Escaped:
    """Knows all data at the moment it is made; `words(text)` gives what is neither data nor pseudo-language."""

    def __init__(self) -> None:
        values = {" ".join(value.split()) for value in chain(_written(), _settings(), _language())}
        # The longest first, so that a name inside another does not cut it in pieces.
        self.values = sorted((value for value in values if WORD.search(value)), key=len, reverse=True)
        self.everything = "\n".join(self.values)
        self._known: dict[str, list[str]] = {}
        self._values = re.compile("|".join(rf"(?<!\w){re.escape(value)}(?!\w)" for value in self.values))

    def words(self, text: str) -> list[str]:
        """The words that escaped. Most texts stand on every page; each is looked at once."""
        if text not in self._known:
            self._known[text] = self._words(text)
        return self._known[text]

    def _words(self, text: str) -> list[str]:
        rest = self._values.sub(" ", ADDRESS.sub(" ", " ".join(text.split())))
        pieces = re.split(f"[{ODD}⟦⟧]+", rest)
        return [
            word
            for piece in pieces
            if not self._is_part(piece)
            for word in WORD.findall(piece)
            if word not in NEUTRAL
        ]

    def on_page(self, html: str) -> Iterator[str]:
        """What escaped on a page, with where it stands."""
        yield from self.in_texts(Page(html).texts)

    def in_texts(self, texts: Iterable[tuple[str, str]]) -> Iterator[str]:
        """What escaped among the texts of a page."""
        for where, text in texts:
            # Code to copy is written as it is, in every language.
            if where != "code" and (words := self.words(text)):
                yield f"{where}: {' '.join(text.split())[:120]!r} ({', '.join(words)})"

    def _is_part(self, piece: str) -> bool:
        part = piece.strip(" …")
        return len(part) >= LONG and part in self.everything


def _written() -> Iterator[str]:
    for model, names in WRITTEN:
        for row in db.session.execute(select(model)).scalars():
            for name in names:
                if value := getattr(row, name):
                    yield from (value, *value.split("\n"))
    # Staff see the domain of an address whose owner is covered up, and conditions that name one.
    for row in db.session.execute(select(Signature)).scalars():
        if row.email:
            yield row.email.partition("@")[2]
            yield masked_postcode(row.postcode)
    for row in db.session.execute(select(Campaign)).scalars():
        yield json.loads(row.conditions or "{}").get("domain", "")
    for row in db.session.execute(select(Response)).scalars():
        yield from (link["title"] for link in row.links)
        for point in row.points:
            yield from (point["ask"], point["answer"], markup.plain(point["answer"]))
            yield from (text for _, text in Page(markup.markdown(point["answer"])).texts)
    for model, name in MARKDOWN:
        for row in db.session.execute(select(model)).scalars():
            body = getattr(row, name)
            yield from (body, *body.split("\n"), *markup.plain(body).split("\n"))
            yield from (text for _, text in Page(markup.markdown(body)).texts)


def _settings() -> Iterator[str]:
    site = settings()
    for value in (
        site.site_name,
        site.site_body,
        site.site_chamber,
        site.site_overseer,
        site.eligibility,
        site.home_country_name,
        site.data_licence,
    ):
        yield from (value, value[:1].upper() + value[1:])
    yield site.timezone.key
    yield current_app.config["SESSION_COOKIE_NAME"]


def _language() -> Iterator[str]:
    """Names that Babel knows in the language: months, countries, lengths of time."""
    locale = Locale.parse(LANGUAGE)
    for width in ("wide", "abbreviated"):
        yield from locale.months["format"][width].values()
        yield from locale.months["stand-alone"][width].values()
    yield from (str(name) for name in locale.territories.values())
    for unit in ("year", "month", "week", "day", "hour", "minute", "second"):
        for number in (1, 2):
            yield format_unit(number, f"duration-{unit}", locale=locale).strip("12 \u00a0")
