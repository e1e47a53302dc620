"""Which typed addresses are one mailbox. Mail always goes to what was typed; only the comparison uses this form.

What each provider reads into an address stands in the table `mail_domains`, which staff change at /staff/domains. A domain
that is not there is read as most are: capitals do not matter, and `name+anything` reaches `name`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import String, bindparam, select

from petitions.database import listed
from petitions.extensions import db
from petitions.models import DomainStanding, MailDomain
from petitions.questions import Question


@dataclass(frozen=True)
class Mailbox:
    """What an address leads to."""

    canonical: str
    """The form in which two spellings of one mailbox are equal."""
    domain: str
    """As typed, in lower case and ASCII."""
    standing: DomainStanding
    is_alias: bool
    """Typed in another spelling than the canonical one; capitals and the script of the domain are no other spelling."""


@dataclass(frozen=True)
class _Rules:
    provider: str = ""
    """Empty: the domain itself."""
    ignores_dots: bool = False
    ignores_tags: bool = True
    standing: DomainStanding = DomainStanding.USUAL


_USUAL = _Rules()
_COLUMNS = (MailDomain.provider, MailDomain.ignores_dots, MailDomain.ignores_tags, MailDomain.standing)
RULES = Question(
    lambda: select(*_COLUMNS).where(MailDomain.domain == bindparam("domain", type_=MailDomain.domain.type))
)
RULES_OF_MANY = Question(
    lambda: select(MailDomain.domain, *_COLUMNS).where(
        MailDomain.domain.in_(listed("domains", db.session, String))
    )
)


def written(address: str) -> str:
    """An address as mail servers take it: a domain of another script in its ASCII form (IDNA 2008)."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def ascii_domain(domain: str) -> str:
    """A domain in its ASCII form; one that has none stays as it is."""
    if domain.isascii():
        return domain
    try:
        return validate_email(f"name@{domain}", check_deliverability=False).ascii_domain
    except EmailNotValidError:
        return domain


def domain_of(address: str) -> str:
    """The domain of an address, in lower case and ASCII form."""
    return ascii_domain(address.strip().lower().rpartition("@")[2])


def known(address: str) -> Mailbox:
    """The mailbox of a valid address, by what is known about its domain: one look at the table by its key."""
    domain = domain_of(address)
    return _mailbox(address, domain, RULES.first(domain=domain))


def canonical_of(addresses: Iterable[str]) -> dict[str, str]:
    """Many addresses with their canonical forms, by one look at the table."""
    domains = {address: domain_of(address) for address in addresses}
    wanted = json.dumps(sorted(set(domains.values())))
    rules = {row.domain: row for row in RULES_OF_MANY.run(domains=wanted)}
    return {
        address: _mailbox(address, domain, rules.get(domain)).canonical for address, domain in domains.items()
    }


def _mailbox(address: str, domain: str, rules: Any) -> Mailbox:
    """What an address leads to by the rules of its domain; those of most where there are none."""
    local = address.strip().lower().rpartition("@")[0]
    rules = rules or _USUAL
    name = (local.partition("+")[0] or local) if rules.ignores_tags else local
    if rules.ignores_dots:
        name = name.replace(".", "") or name
    canonical = f"{name}@{rules.provider or domain}"
    return Mailbox(canonical, domain, rules.standing, is_alias=canonical != f"{local}@{domain}")


def canonical(address: str) -> str:
    """The form in which two spellings of one mailbox are equal. `canonical(canonical(a)) == canonical(a)`."""
    return known(address).canonical
