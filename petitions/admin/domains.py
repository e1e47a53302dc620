"""What is known about mail domains: which are names of one provider, how it reads an address, how far it is believed.

All names of a provider read addresses alike, so that the canonical form of a canonical form is itself. A change holds for
what is signed from then on: what was signed before was compared by the rules of its day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from petitions import audit
from petitions.database import transactional
from petitions.errors import NotFound, PetitionsError
from petitions.extensions import db
from petitions.models import DomainStanding, MailDomain, Staff
from petitions.paging import Page, page_of

DOMAINS_PER_PAGE = 50


class AlreadyKnown(PetitionsError):
    """The domain is in the list already."""


class UnknownProvider(PetitionsError):
    """What a domain is to be another name of is not in the list, or is itself another name."""


class HasOtherNames(PetitionsError):
    """Other domains are names of this one: it cannot be another's name, nor leave the list."""


@dataclass(frozen=True)
class Rules:
    """What staff say of a domain. `other_name_of` is empty where it has a name of its own."""

    other_name_of: str
    ignores_dots: bool
    ignores_tags: bool
    standing: DomainStanding
    note: str


def found(
    *, words: str, standing: DomainStanding | None, number: int, url: Callable[[int], str]
) -> Page[MailDomain]:
    """A page of the list: domains with `words` in their name, their provider's, or their note, by name."""
    query = select(MailDomain).order_by(MailDomain.provider, MailDomain.domain)
    if words:
        texts = (MailDomain.domain, MailDomain.provider, MailDomain.note)
        matches = [text.icontains(words, autoescape=True) for text in texts]
        query = query.where(matches[0] | matches[1] | matches[2])
    if standing is not None:
        query = query.where(MailDomain.standing == standing)
    return page_of(query, number=number, per_page=DOMAINS_PER_PAGE, url=url)


def get(domain: str) -> MailDomain:
    """One domain. Raises `NotFound`."""
    known = db.session.get(MailDomain, domain)
    if known is None:
        raise NotFound("no such domain")
    return known


def other_names(domain: str) -> list[str]:
    """The other domains of a provider."""
    wanted = select(MailDomain.domain).where(MailDomain.provider == domain, MailDomain.domain != domain)
    return list(db.session.execute(wanted.order_by(MailDomain.domain)).scalars())


@transactional
def add(*, domain: str, rules: Rules, by: Staff) -> None:
    """Put a domain (lower case, ASCII) into the list. Raises `AlreadyKnown` and `UnknownProvider`."""
    if db.session.get(MailDomain, domain) is not None:
        raise AlreadyKnown(domain)
    row = MailDomain(domain=domain)
    _write(row, rules)
    db.session.add(row)
    audit.record("domain_added", by=by, **_told(row))


@transactional
def change(*, domain: str, rules: Rules, by: Staff) -> None:
    """Change what is known about a domain; its provider's other names read addresses as it does.

    Raises `NotFound`, `UnknownProvider` and `HasOtherNames`.
    """
    row = _locked(domain)
    before = _told(row)
    if rules.other_name_of not in {"", domain} and other_names(domain):
        raise HasOtherNames(domain)
    _write(row, rules)
    if _told(row) == before:
        return
    db.session.execute(
        update(MailDomain)
        .where(MailDomain.provider == domain, MailDomain.domain != domain)
        .values(ignores_dots=row.ignores_dots, ignores_tags=row.ignores_tags)
        .execution_options(synchronize_session=False)
    )
    audit.record("domain_changed", by=by, **_told(row), standing_before=before["standing"])


@transactional
def remove(*, domain: str, by: Staff) -> None:
    """Take a domain out of the list: it is read as most are. Raises `NotFound` and `HasOtherNames`."""
    row = _locked(domain)
    if other_names(domain):
        raise HasOtherNames(domain)
    audit.record("domain_removed", by=by, **_told(row))
    db.session.delete(row)


def _locked(domain: str) -> MailDomain:
    row = db.session.get(MailDomain, domain, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("no such domain")
    return row


def _write(row: MailDomain, rules: Rules) -> None:
    row.standing, row.note = rules.standing, rules.note
    row.provider = rules.other_name_of or row.domain
    row.ignores_dots, row.ignores_tags = rules.ignores_dots, rules.ignores_tags
    if row.provider != row.domain:
        provider = db.session.get(MailDomain, row.provider, with_for_update=True, populate_existing=True)
        if provider is None or provider.provider != provider.domain:
            raise UnknownProvider(row.provider)
        row.ignores_dots, row.ignores_tags = provider.ignores_dots, provider.ignores_tags


def _told(row: MailDomain) -> dict[str, Any]:
    return {
        "domain": row.domain,
        "provider": row.provider if row.provider != row.domain else None,
        "ignores_dots": row.ignores_dots,
        "ignores_tags": row.ignores_tags,
        "standing": f"standing_{row.standing}",
        "note": row.note or None,
    }
