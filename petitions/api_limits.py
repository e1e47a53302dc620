"""How often programs may ask: one limit for all that is made for them, for each address of origin."""

from __future__ import annotations

from flask import Flask, request

from petitions import limits
from petitions.extensions import limiter

ENDINGS = (".json", ".csv", ".atom")
#: Made for programs too, whatever their addresses end in.
ALSO = ("/oembed", "/data/")
#: Never counted: what pages ask for while people look at them, and what a browser asks every site for.
FREE = frozenset({"/petitions/<int:petition_id>/count.json", "/manifest.json"})


def is_limited(rule: str) -> bool:
    """Whether requests to an address are counted, by its rule in the map of addresses."""
    if rule in FREE or rule.startswith("/staff"):
        return False
    return rule.endswith(ENDINGS) or rule.startswith(ALSO)


@limiter.shared_limit(limits.API, scope="api")
def count_request() -> None:
    """Counts the request at hand; raises 429 where there were too many."""


def _check() -> None:
    if request.url_rule is not None and is_limited(request.url_rule.rule):
        count_request()


def register(app: Flask) -> None:
    """Count every request of a program before anything is done for it."""
    app.before_request(_check)
