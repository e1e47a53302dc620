"""Ways that several journeys go together, told by the people who go them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from petitions.extensions import db, settings
from petitions.models import Petition
from tests.journeys.people import Moderator, Petitioner, Signer, Supporter
from tests.journeys.town import Town

IDEA = {
    "action": "Light the path along the river",
    "background": "Nobody dares to walk there after dark.",
    "additional_details": "",
}
ACTION = IDEA["action"]


def gathers_supporters(ines: Petitioner) -> None:
    """Ines starts and confirms a petition; nobody supports it yet."""
    ines.starts_a_petition(**IDEA)
    ines.confirms()


def enters_review(ines: Petitioner) -> list[Supporter]:
    """As many friends as it takes support Ines' petition, and it goes to the moderators. Returns the friends."""
    gathers_supporters(ines)
    friends = [
        Supporter(ines.town, f"Friend{number} Meyer") for number in range(settings().supporters_needed)
    ]
    for friend in friends:
        friend.supports_and_confirms(ines.link_for_supporters)
    return friends


def is_published(ines: Petitioner, mara: Moderator) -> list[Supporter]:
    """Mara gives it to the Department of Transport and publishes it. Returns the friends who supported it."""
    friends = enters_review(ines)
    mara.assigns(ines.petition_id)
    mara.publishes(ines.petition_id)
    return friends


def signers(town: Town) -> Iterator[Signer]:
    """People without end, each of them new."""
    number = 0
    while True:
        yield Signer(town, f"Signer{(number := number + 1)} Meyer")


def count_of(reader: Signer | Petitioner, petition_id: int) -> int:
    """How many have signed, as the live count says it."""
    return int(reader.reads_count(petition_id)["signature_count"])


def closing_time(petition_id: int) -> datetime:
    """The deadline of a published petition."""
    closes_at = db.session.get_one(Petition, petition_id).closes_at
    assert closes_at is not None
    return closes_at
