"""How the tests about answers get one: a duty, words, an answer that is published."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select

from petitions.duties.answers import Words
from petitions.extensions import db
from petitions.models import Duty, Outcome, Response, Staff
from petitions.notices import telling
from petitions.responses import response_actions
from tests import build

WORDS = Words("We run night buses from May.", "Two thirds of riders had no other way.", Outcome.PARTLY_AGREED)
FIELDS = {"summary": WORDS.summary, "body": WORDS.body, "outcome": "partly_agreed"}


def words(**changed: Any) -> Words:
    """The words of the tests, with something else in them."""
    return replace(WORDS, **changed)


def drafted(duty: Duty, by: Staff, said: Words = WORDS) -> Response:
    """An answer that is written and not published."""
    response_actions.save_draft(duty.id, words=said, draft_version=0, by=by)
    return response_to(duty)


def published(duty: Duty, by: Staff, said: Words = WORDS) -> Response:
    """An answer that is public."""
    drafted(duty, by, said)
    response_actions.publish(duty.id, draft_version=1, by=by)
    return response_to(duty)


def response_to(duty: Duty) -> Response:
    """The answer to a duty, as it is now."""
    wanted = select(Response).where(Response.duty_id == duty.id).execution_options(populate_existing=True)
    return db.session.execute(wanted).scalar_one()


def told() -> list[EmailMessage]:
    """The mails of the day of everybody, when a worker has come by."""
    telling.tell_staff()
    build.work()
    return build.captured(kind="staff_digest")
