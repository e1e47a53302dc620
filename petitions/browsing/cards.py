"""One petition as a row of a list: with the few words that say where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from petitions.browsing import queries
from petitions.browsing.rows import Listed
from petitions.lifecycle import State
from petitions.models import RESPONSE, Life, PetitionThreshold
from petitions.responses.queries import statuses_of
from petitions.templating import number

#: A petition this close to its next threshold says how many signatures are missing.
NEARLY = 0.9


@dataclass(frozen=True)
class Tag:
    """A few words and their tone."""

    text: str
    tone: str


@dataclass(frozen=True)
class Card:
    """A petition and the tags that its row carries."""

    petition: Listed
    tags: list[Tag]
    figure: int | None = None
    """Signatures in a window, where the list is about that."""
    sentence: str = ""
    """Who owes it an answer by when, or gave it; nothing where none is owed."""


def cards(petitions: Sequence[Listed], figures: Sequence[int] = ()) -> list[Card]:
    """A card for each petition, in their order; `figures` go with them one by one."""
    if not petitions:
        return []
    duties = statuses_of([petition.id for petition in petitions])
    nearest = queries.next_thresholds([petition.id for petition in petitions if petition.is_signable])
    made = []
    for place, petition in enumerate(petitions):
        status = duties.get(petition.id)
        duty = [Tag(status.short, status.tone)] if status else _nearly(petition, nearest.get(petition.id))
        made.append(
            Card(
                petition,
                [*_state(petition), *duty],
                figures[place] if figures else None,
                status.sentence if status else "",
            )
        )
    return made


def state_tag(petition: Life) -> Tag:
    """Where the petition is in its life, by the clock."""
    words = {
        State.OPEN: Tag(_("Open"), "wait"),
        State.CLOSED: Tag(_("Closed"), "quiet"),
        State.REJECTED: Tag(_("Rejected"), "quiet"),
        State.WITHDRAWN: Tag(_("Withdrawn"), "quiet"),
    }
    return words[petition.current_state]


def _state(petition: Life) -> list[Tag]:
    """Open is what a reader expects, so only other states are said."""
    return [] if petition.is_signable else [state_tag(petition)]


def _nearly(petition: Listed, threshold: PetitionThreshold | None) -> list[Tag]:
    if threshold is None or petition.signature_count < NEARLY * threshold.signatures:
        return []
    missing = max(1, threshold.signatures - petition.signature_count)
    if threshold.duty == RESPONSE:
        text = ngettext(
            "%(count)s short of an answer", "%(count)s short of an answer", missing, count=number(missing)
        )
    else:
        text = ngettext(
            "%(count)s short of a debate", "%(count)s short of a debate", missing, count=number(missing)
        )
    return [Tag(text, "soon")]
