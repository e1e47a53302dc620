"""Which typed addresses are one mailbox. Mail always goes to what was typed; only the comparison uses this form."""

from __future__ import annotations

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email


@dataclass(frozen=True)
class Provider:
    """How one mail provider treats the part before the @."""

    domain: str
    """The name all its aliases are known by here."""
    ignores_dots: bool = False


GMAIL = Provider("gmail.com", ignores_dots=True)

#: Domains that are other names of one provider. Rules as each provider publishes them.
PROVIDERS: dict[str, Provider] = {
    "gmail.com": GMAIL,
    "googlemail.com": GMAIL,
}


def written(address: str) -> str:
    """An address as mail servers take it: a domain of another script in its ASCII form (IDNA 2008)."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{_ascii_domain(domain)}"


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return validate_email(f"name@{domain}", check_deliverability=False).ascii_domain
    except EmailNotValidError:
        return domain


def domain_of(address: str) -> str:
    """The domain of an address, in lower case and ASCII form."""
    return _ascii_domain(address.strip().lower().rpartition("@")[2])


def canonical(address: str) -> str:
    """The form in which two spellings of one mailbox are equal: lower case, no `+tag`, ASCII domain, provider's own rules.

    `canonical(canonical(a)) == canonical(a)`. The address must be valid.
    """
    local, _, domain = address.strip().lower().rpartition("@")
    domain = _ascii_domain(domain)
    provider = PROVIDERS.get(domain, Provider(domain))
    local = local.partition("+")[0] or local
    if provider.ignores_dots:
        local = local.replace(".", "")
    return f"{local}@{provider.domain}"
