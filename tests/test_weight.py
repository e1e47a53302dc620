"""A first visit is light: the home page, a petition and its form, with everything they load, as a server sends it, in few requests."""

import gzip
import re
from urllib.parse import urlsplit

from tests import build
from tests.client import PageCheckingClient

#: Bytes, compressed. Pages on two slow bars of a phone's signal still open at once.
MOST = 30_000
MOST_REQUESTS = 3
LOADED = re.compile(r'<(?:link rel="(?:stylesheet|icon)"|script|img)[^>]*?(?:href|src)="([^"]+)"')


def test_a_first_visit_weighs_at_most_30_kilobytes(client: PageCheckingClient) -> None:
    library = build.department()
    petitions = [
        build.open_petition(
            action=f"Open the library of town number {number} on Sundays and on holidays too",
            background="The library is closed on the one day when everybody has time. " * 4,
            additional_details="Three towns nearby open theirs, and every one of them is full. " * 12,
            departments=[library],
            count=9_000 + number,
        )
        for number in range(6)
    ]
    path = f"/petitions/{petitions[0].id}"
    pages = {address: client.get(address).text for address in ("/", path, f"{path}/signatures/new")}
    parts = {address: page.encode() for address, page in pages.items()}
    for page in pages.values():
        loaded = [address for address in LOADED.findall(page) if not address.startswith("data:")]
        assert 1 + len(loaded) <= MOST_REQUESTS, loaded
        for address in loaded:
            assert not urlsplit(address).netloc, f"{address} comes from somewhere else"
            with client.get(address) as response:
                parts[address] = response.data
    assert any(".css" in address for address in parts)
    assert any(".js" in address for address in parts)
    weights = {address: len(gzip.compress(part, 6)) for address, part in parts.items()}
    assert sum(weights.values()) <= MOST, weights
