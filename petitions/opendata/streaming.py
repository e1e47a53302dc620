"""Long tables, sent while they are written: what is kept of them at any moment is a few hundred lines."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from flask import Response, request, stream_with_context

from petitions import caching
from petitions.opendata.freshness import Freshness


def table_response(lines: Iterator[str], filename: str, fresh: Freshness) -> Response:
    """A table to be saved under a name. Its mark is that of what it is made from: who has it already is told so at once."""
    mark = sha256(f"{request.path}?{request.query_string!r} {fresh.mark}".encode()).hexdigest()[:32]
    response = Response(status=200, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.set_etag(mark, weak=True)
    if request.method == "GET":
        # Left unread where the answer becomes 304.
        response.response = stream_with_context(lines)
    return caching.open_to_all(response, changed=fresh.changed_at)
