"""The page about the nightly files, the list of them for programs, and the files."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, send_file

from petitions import caching, documents, links
from petitions.dumps import queries
from petitions.dumps.dictionary import KINDS, TABLES
from petitions.errors import NotFound

blueprint = Blueprint("dumps", __name__)

PAGE_SECONDS = 60
#: A day's files do not change; a run that is made again replaces them.
FILE_SECONDS = 3600
MIMETYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".gz": "application/gzip",
    ".json": "application/json",
    "": "text/plain; charset=utf-8",
}
LATEST = "latest"


@blueprint.get("/data")
def data() -> Response:
    """What there is, what it means, and what may be done with it."""
    page = render_template("dumps/data.html", dumps=queries.dumps(), tables=TABLES, kinds=KINDS)
    # It shows what is on the disk, of which the number of changes in the database knows nothing.
    return caching.public(page, seconds=PAGE_SECONDS, may_be_kept=False)


@blueprint.get("/data.json")
def data_json() -> Response:
    """The same list for programs."""
    found = [
        {
            "day": dump.day.isoformat(),
            "made_at": dump.made_at,
            "files": [_file(dump, file) for file in dump.files],
        }
        for dump in queries.dumps()
    ]
    document = {
        "links": {"self": links.absolute("dumps.data_json")},
        "licence": documents.licence(),
        "data": found,
    }
    return caching.open_to_all(jsonify(document), seconds=PAGE_SECONDS, may_be_kept=False)


def _file(dump: queries.Dump, file: queries.File) -> dict[str, Any]:
    return {
        "name": file.name,
        "url": links.absolute("dumps.file", day=dump.day.isoformat(), filename=file.name),
        "bytes": file.bytes,
        "rows": file.rows,
        "sha256": file.sha256,
    }


@blueprint.get("/data/<day>/<filename>")
def file(day: str, filename: str) -> Response:
    """One file, whole or in parts (`Range`). The day `latest` leads to the newest."""
    if day == LATEST:
        return _latest(filename)
    path = queries.path_of(day, filename)
    response = send_file(
        path,
        mimetype=MIMETYPES.get(path.suffix, MIMETYPES[""]),
        as_attachment=True,
        download_name=filename,
        conditional=True,
        max_age=FILE_SECONDS,
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.cache_control.public = True
    response.cache_control.no_cache = None
    return response


def _latest(filename: str) -> Response:
    for day in queries.days()[:1]:
        path = queries.path_of(day.isoformat(), filename)
        to = links.absolute("dumps.file", day=day.isoformat(), filename=path.name)
        return caching.open_to_all(redirect(to, 303), seconds=PAGE_SECONDS)
    raise NotFound("there are no files yet")
