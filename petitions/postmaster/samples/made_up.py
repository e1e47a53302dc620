"""What the made-up cases are made of: one petition, links that lead nowhere, and the list of them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from petitions import clock, due_dates, links
from petitions.extensions import settings
from petitions.lifecycle import State
from petitions.mail.message import Context
from petitions.models import Petition

#: Stands where a real link has its secret part.
NO_TOKEN = "..."

SIGNERS, PETITIONERS, STAFF = _l("Signers"), _l("Petitioners"), _l("Staff")
FOLLOWERS = _l("Petitioners, and signers who asked")
FIRST = _l("Petitioners and their first supporters")

Make = Callable[[], Context]


@dataclass(frozen=True)
class Sample:
    """A kind of message by the name that staff know it by, who gets it, and a made-up case."""

    name: LazyString
    to: LazyString
    context: Make


SAMPLES: dict[str, Sample] = {}


def sample(kind: str, name: LazyString, *, to: LazyString) -> Callable[[Make], Make]:
    """Declare the function below as the made-up case of the message `kind`."""

    def declare(make: Make) -> Make:
        SAMPLES[kind] = Sample(name, to, make)
        return make

    return declare


def petition(state: State = State.OPEN) -> Petition:
    """A petition as a reader would write it."""
    now = clock.now()
    return Petition(
        id=81,
        state=state,
        action="Guarantee a night bus to every town over 10,000 people",
        background="Nineteen towns have no bus after eight in the evening.",
        additional_details="",
        creator_name="Priya Sandhu",
        signature_count=38412,
        created_at=now - timedelta(days=20),
        opened_at=now - timedelta(days=12),
        closes_at=due_dates.closing_time(now, settings().petition_months),
        lapses_at=now + timedelta(days=settings().supporters_days),
    )


def link(endpoint: str, **values: object) -> str:
    """A link as it would look, good for nothing."""
    return links.absolute(endpoint, token=NO_TOKEN, **values)


def about(state: State = State.OPEN) -> Context:
    """What most messages about a petition need."""
    shown = petition(state)
    return {"petition": shown, "petition_url": links.petition(shown), "is_creator": False} | leaving()


def leaving() -> Context:
    """The ways out."""
    return {
        "unsubscribe_url": link("signing.unsubscribe"),
        "my_signature_url": link("signing.my_signature"),
    }
