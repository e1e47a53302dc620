"""Made-up signers, as rows: who, from where, when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from petitions.demo.people import make_address, make_name
from petitions.demo.story import Story
from petitions.extensions import settings
from petitions.mailboxes import domain_of
from petitions.models import Place, Signature, SignatureRole, SignatureState
from petitions.secrecy import domain_hash, mailbox_hash

#: Countries from which people sign too, with how often.
ABROAD = {
    "GB": 9,
    "DE": 7,
    "FR": 6,
    "SE": 5,
    "ES": 4,
    "US": 4,
    "NL": 3,
    "PT": 3,
    "CA": 2,
    "AU": 2,
    "NZ": 1,
    "JP": 1,
}
SHARE_ABROAD = 0.022

#: How much more likely people of the region that cares most are to sign.
HOME_PULL = 3.5


def abroad() -> dict[str, int]:
    """`ABROAD` without the country that the site is at home in."""
    return {code: share for code, share in ABROAD.items() if code != settings().home_country}


@dataclass(frozen=True, slots=True)
class Area:
    """A district as the loader needs it: its row, the letter of its region, what its postcodes begin with."""

    place: Place
    letter: str
    prefix: str
    electorate: int


@dataclass(slots=True)
class Signers:
    """Where the signers of one petition come from, and the rows made for them."""

    story: Story
    petition_id: int
    areas: list[Area]
    random: Random
    numbers: count[int]
    area_weights: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.area_weights = [
            area.electorate
            * (HOME_PULL if area.letter == self.story.home else 1.0)
            * self.random.lognormvariate(0, 0.3)
            for area in self.areas
        ]

    def country_weights(self) -> dict[str, float]:
        """How likely each country is; the home country keeps what the others leave."""
        others = abroad()
        weights = {code: SHARE_ABROAD * share / sum(others.values()) for code, share in others.items()}
        weights[settings().home_country] = 1 - SHARE_ABROAD
        return weights

    def rows(
        self, moments: Iterable[datetime], role: SignatureRole = SignatureRole.SIGNER
    ) -> list[Signature]:
        """One counted signature for each moment."""
        return [self._counted(moment, role) for moment in moments]

    def creator(self, created: datetime, confirmed: datetime | None) -> Signature:
        """The petitioner's own signature; pending while the address is not confirmed."""
        row = self._row(created, SignatureRole.CREATOR, self.story.creator)
        if confirmed is not None:
            self._count(row, confirmed)
        return row

    def waiting(self, moment: datetime) -> Signature:
        """One signature that was sent at a moment and that nobody has confirmed."""
        return self._row(moment, SignatureRole.SIGNER, make_name(self.random))

    def _counted(self, moment: datetime, role: SignatureRole) -> Signature:
        minutes = self.random.randint(2, 40)
        row = self._row(moment - timedelta(minutes=minutes), role, make_name(self.random))
        self._count(row, moment)
        return row

    def _count(self, row: Signature, moment: datetime) -> None:
        row.link_sent_at = row.created_at + timedelta(seconds=2)
        row.confirm_seconds = max(0, int((moment - row.link_sent_at).total_seconds()))
        row.state = SignatureState.VALIDATED
        row.validated_at = row.counted_at = moment

    def _row(self, created: datetime, role: SignatureRole, name: str) -> Signature:
        address = make_address(next(self.numbers))
        row = Signature(
            petition_id=self.petition_id,
            text_version=1,
            role=role,
            state=SignatureState.PENDING,
            name=name,
            email=address,
            mailbox_hash=mailbox_hash(self.petition_id, address),
            domain_hash=domain_hash(self.petition_id, domain_of(address)),
            seat=1,
            country=settings().home_country,
            wants_updates=role is SignatureRole.CREATOR or self.random.random() < 0.4,
            created_at=created,
        )
        if role is SignatureRole.SIGNER and self.random.random() < SHARE_ABROAD:
            others = abroad()
            (row.country,) = self.random.choices(list(others), list(others.values()))
        else:
            (area,) = self.random.choices(self.areas, self.area_weights)
            row.place_id = area.place.id
            row.postcode = f"{area.prefix} {self.random.randint(0, 9)}"
        return row
