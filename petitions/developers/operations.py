"""Every operation of the API: its address, what may be asked, and the schema of what comes."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from petitions.addresses import HIGHEST
from petitions.developers.schema import Schema, number, text, word

#: The lists of petitions, by the names that `state` takes.
LISTS = (
    "all", "open", "recent", "awaiting_response", "with_response", "awaiting_debate", "debated", "not_debated",
    "closed", "rejected",
)  # fmt: skip
SORTS = ("relevance", "newest", "signatures", "closing")
#: Those of the archive.
ARCHIVED_LISTS = ("all", "published", "rejected", "with_response", "debated", "not_debated")


@dataclass(frozen=True)
class Operation:
    """One address that is read with GET. `rule` is its rule in the map of addresses."""

    rule: str
    name: str
    title: LazyString
    schema: str
    parameters: tuple[Schema, ...] = ()
    errors: tuple[int, ...] = ()
    description: str = ""
    is_limited: bool = True
    redirects: bool = False
    """It may lead to another document instead."""


def _query(name: str, schema: Schema, description: str, *, required: bool = False) -> Schema:
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema}


def _several(name: str, description: str) -> Schema:
    of_texts = {"type": "array", "items": text()}
    return _query(name, of_texts, description) | {"style": "form", "explode": True}


def _path(name: str, schema: Schema, description: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


_PETITION = _path("petition_id", number(minimum=1, maximum=HIGHEST), "The petition’s number.")
_PAGE = _query("page", number(minimum=1, maximum=99_999), "Which page, from 1.")
#: What the links of a list have in them: nobody else makes it up.
_WALK = (
    _query(
        "at", text(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z$"), "The minute whose order it is."
    ),
    _query("after", text(pattern="^[0-9~-]{1,200}$"), "The mark behind which the page begins, from a link."),
    _query("before", text(pattern="^[0-9~-]{1,200}$"), "The mark before which the page ends, from a link."),
)
_LIST = (
    _query("state", word(*LISTS), "Which list. Without it: all."),
    _query("q", text(maxLength=200), "Words that it must have; “in quotes” together, -without."),
    _several("topic", "Codes of topics; a petition with any of them is meant."),
    _query("department", text(maxLength=100), "The name of a department in addresses."),
    _query("sort", word(*SORTS), "Another order than the list’s own."),
    _PAGE,
    _query("count", number(minimum=1, maximum=50), "How many on a page; 25 without it."),
    *_WALK,
)
_BOARD = (
    _query("status", word("all", "owed", "overdue", "paused", "answered", "late"), "Which duties."),
    _query("year", number(minimum=1, maximum=9999), "The year in which the threshold was reached."),
    _query("q", text(maxLength=200), "Words in the title."),
    _query(
        "sort",
        text(maxLength=20),
        "due, petition, department, reached, status or days; - in front turns it round.",
    ),
    _PAGE,
    _query("count", number(minimum=1, maximum=500), "How many on a page; 25 without it."),
)
_AREA = _path("area", text(pattern="^[a-z0-9-]{1,100}$"), "The name of an area in addresses.")
_PERIOD = _path("period", text(pattern="^[a-z0-9-]{1,40}$"), "A term by its years, such as 2010-2015.")
_SLUG = _path("slug", text(pattern="^[a-z0-9-]{1,100}$"), "The name of a department in addresses.")

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "/petitions.json", "listPetitions", _l("A page of a list of petitions"), "PetitionList", _LIST, (410,),
        "Follow links.next: every petition that is in the list all the while comes once, in the order of one minute.",
        redirects=True,
    ),
    Operation(
        "/petitions/<int:petition_id>.json", "getPetition", _l("One petition with all that is public about it"),
        "WholePetition", (_PETITION,), (404, 410),
        "Of a petition that still looks for supporters, or waits to be checked, the keys of its words are null.",
    ),
    Operation(
        "/petitions/<int:petition_id>/count.json", "getCount", _l("The live count of one petition"), "Count",
        (_PETITION,), (404, 410), "May be asked for every few seconds: it is not limited.", is_limited=False,
    ),
    Operation(
        "/petitions/<int:petition_id>/history.json", "getHistory", _l("Signatures over time"), "History",
        (_PETITION,), (404, 410), "By the hour for the first 14 days, then by the day.",
    ),
    Operation(
        "/petitions/similar.json", "findSimilar", _l("Up to five petitions that resemble a text"), "SimilarList",
        (_query("q", text(maxLength=200), "A title."), _query("background", text(maxLength=1000), "Why, in short.")),
    ),
    Operation(
        "/trending.json", "listTrending", _l("What rises now"), "Trending",
        (
            _query("period", word("hour", "day", "week", "rising"), "The hour without it; rising: for its size."),
            _query("at", text(maxLength=20), "The minute, such as 2026-01-31T12:00Z, so that pages belong together."),
            _several("topic", "Codes of topics."),
            _query("place", text(maxLength=200), "The code or the name of an area or region: ordered by its share."),
            _PAGE,
            _query("count", number(minimum=1, maximum=50), "How many on a page; 10 without it."),
        ),
    ),
    Operation(
        "/accountability.json", "listDuties", _l("Who owes answers by when, and the figures of it"), "Board",
        (_query("department", text(maxLength=100), "The name of a department in addresses."), *_BOARD),
    ),
    Operation(
        "/accountability/<int:duty_id>.json", "getDuty", _l("One duty to answer"), "OneDuty",
        (_path("duty_id", number(minimum=1, maximum=HIGHEST), "The duty’s number."),), (404,),
    ),
    Operation(
        "/departments/<slug>.json", "getDepartment", _l("What one department owes and answered"), "DepartmentBoard",
        (_SLUG, *_BOARD), (404,),
    ),
    Operation(
        "/petitions/<int:petition_id>/places.json", "getPlaces", _l("Where the signatures of a petition come from"),
        "Places", (_PETITION,), (404, 410),
    ),
    Operation(
        "/petitions/local/<area>.json", "listLocal", _l("Open petitions with most signatures from an area"), "Local",
        (_AREA,), (404,),
    ),
    Operation(
        "/petitions/local/<area>/all.json", "listAllLocal", _l("The same, with petitions that are closed"), "Local",
        (_AREA,), (404,),
    ),
    Operation(
        "/archived/petitions.json", "listArchived", _l("A page of a list of the archive"), "ArchivedList",
        (
            _query("state", word(*ARCHIVED_LISTS), "Which list. Without it: all."),
            _query("parliament", number(minimum=1, maximum=HIGHEST), "The number of a term; the latest without it."),
            _query("q", text(maxLength=200), "Words that it must have."), _PAGE,
            _query("count", number(minimum=1, maximum=50), "How many on a page; 25 without it."), *_WALK,
        ), (410,), redirects=True,
    ),
    Operation(
        "/archived/petitions/<int:petition_id>.json", "getArchived", _l("One petition of the archive"),
        "ArchivedPetition", (_PETITION,), (404, 410), redirects=True,
    ),
    Operation("/parliaments.json", "listTerms", _l("The terms of the body that are archived"), "Terms"),
    Operation("/parliaments/<period>.json", "getTerm", _l("One term with its areas"), "OneTerm", (_PERIOD,), (404,)),
    Operation(
        "/parliaments/<period>/constituencies.json", "listAreasOfTerm", _l("The areas of one term"), "Areas",
        (_PERIOD,), (404,),
    ),
    Operation("/constituencies.json", "listAreas", _l("The areas of today, with who represents them"), "Areas"),
    Operation("/topics.json", "listTopics", _l("What petitions are about"), "Topics"),
    Operation("/statistics.json", "getStatistics", _l("How the service works, in figures"), "Statistics"),
    Operation("/data.json", "listFiles", _l("The nightly files of all public data"), "Files"),
    Operation(
        "/oembed", "getFrame", _l("How another site shows a petition (oEmbed 1.0)"), "OEmbed",
        (
            _query("url", text(maxLength=500), "The address of a petition’s page.", required=True),
            _query("format", word("json"), "JSON alone."),
            _query("maxwidth", number(minimum=1, maximum=10_000), "The widest that fits."),
            _query("maxheight", number(minimum=1, maximum=10_000), "The highest that fits."),
        ), (404, 410),
    ),
)  # fmt: skip
