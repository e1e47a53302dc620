"""A process that has just started makes each of the busiest pages once, before anybody asks it for one.

What it learns by that (templates, statements, words, what the driver asks the database) takes some ten times as long as making a
page, and every thread at once would learn it. Figures: docs/performance.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask

from petitions.browsing.queries import newest_number
from petitions.extensions import settings

LISTS = ("/", "/petitions", "/trending")
#: Of the petition that was published last.
OF_A_PETITION = ("/petitions/{}", "/petitions/{}/count.json", "/petitions/{}/signatures/new")


def warm(app: Flask) -> None:
    """Make the pages, outside of all that counts requests. Stops at the first that cannot be made: who asks is told why."""
    with app.app_context():
        base_url = settings().base_url
    for path in _paths(app):
        with app.test_request_context(path, base_url=base_url):
            if app.full_dispatch_request().status_code >= 500:
                return


def _paths(app: Flask) -> Iterator[str]:
    yield from LISTS
    with app.app_context():
        number = newest_number()
    if number is not None:
        yield from (path.format(number) for path in OF_A_PETITION)
