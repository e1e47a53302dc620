"""Which typed addresses are one mailbox. Mail always goes to what was typed; only the comparison uses this form."""

from __future__ import annotations

from dataclasses import dataclass


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


def canonical(address: str) -> str:
    """The form in which two spellings of one mailbox are equal: lower case, no `+tag`, provider's own rules.

    `canonical(canonical(a)) == canonical(a)`. The address must be valid.
    """
    local, _, domain = address.strip().lower().rpartition("@")
    provider = PROVIDERS.get(domain, Provider(domain))
    local = local.partition("+")[0] or local
    if provider.ignores_dots:
        local = local.replace(".", "")
    return f"{local}@{provider.domain}"
