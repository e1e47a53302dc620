"""The data dictionary: every table of the nightly files and every column with what it means. The files follow from it."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from petitions.dumps import reading
from petitions.dumps.table import Column, Kind, Table

KINDS: dict[Kind, LazyString] = {
    Kind.NUMBER: _("whole number"),
    Kind.TEXT: _("text"),
    Kind.MOMENT: _("moment, UTC"),
    Kind.DAY: _("day"),
    Kind.CODE: _("fixed word"),
    Kind.ADDRESS: _("web address"),
    Kind.LIST: _("list; in CSV with a semicolon between"),
}

_PETITION = Column("petition_id", Kind.NUMBER, _("The petition’s number, the same for ever."))
_DEPARTMENT = Column("department", Kind.CODE, _("Who answers: the department’s name in addresses."))
_COUNT = Column(
    "signature_count",
    Kind.NUMBER,
    _("Signatures, as far as they may be published: rounded down, and absent where there are few."),
)

PETITIONS = Table(
    "petitions",
    _("Petitions"),
    _(
        "One row for each petition that was published or rejected. Petitions whose words were taken down are left out."
    ),
    (
        _PETITION,
        Column("state", Kind.CODE, _("open, closed or rejected.")),
        Column("action", Kind.TEXT, _("What it asks for: its title.")),
        Column("background", Kind.TEXT, _("Why, in short.")),
        Column("additional_details", Kind.TEXT, _("Why, at length.")),
        Column("signature_count", Kind.NUMBER, _("Confirmed signatures.")),
        Column("created_at", Kind.MOMENT, _("When it was written.")),
        Column("opened_at", Kind.MOMENT, _("When it was published.")),
        Column("closes_on", Kind.DAY, _("The last day on which it can or could be signed.")),
        Column("closed_at", Kind.MOMENT, _("When it closed.")),
        Column("rejected_at", Kind.MOMENT, _("When it was rejected.")),
        Column("rejection_code", Kind.CODE, _("Why it was rejected: a reason of the published standards.")),
        Column("rejection_details", Kind.TEXT, _("Why it was rejected, explained.")),
        Column("original_id", Kind.NUMBER, _("Of a duplicate: the petition that it repeats.")),
        Column("topics", Kind.LIST, _("What it is about.")),
        Column("departments", Kind.LIST, _("Whose matter it is.")),
        Column("response_threshold_reached_at", Kind.MOMENT, _("When an answer was first owed.")),
        Column("debate_threshold_reached_at", Kind.MOMENT, _("When a debate was first to be considered.")),
        Column("url", Kind.ADDRESS, _("Its page.")),
    ),
    reading.petition_rows,
)

RESPONSES = Table(
    "responses",
    _("Answers"),
    _("One row for each published answer, in the words published last."),
    (
        Column("response_id", Kind.NUMBER, _("The answer’s number.")),
        _PETITION,
        Column("duty_id", Kind.NUMBER, _("The duty that it answers.")),
        _DEPARTMENT,
        Column("responded_on", Kind.DAY, _("The day that stands on it.")),
        Column("published_at", Kind.MOMENT, _("When it was published first.")),
        Column("updated_at", Kind.MOMENT, _("When its words were published last.")),
        Column("version", Kind.NUMBER, _("How often they were published.")),
        Column("outcome", Kind.CODE, _("agreed, partly_agreed, not_agreed, already_done or not_for_us.")),
        Column("summary", Kind.TEXT, _("The answer in a sentence or two.")),
        Column("body", Kind.TEXT, _("The whole answer, in Markdown.")),
    ),
    reading.response_rows,
)

DUTIES = Table(
    "duties",
    _("Duties to answer"),
    _("One row for each answer that is or was owed, as on the public board."),
    (
        Column("duty_id", Kind.NUMBER, _("The duty’s number.")),
        _PETITION,
        Column("threshold", Kind.CODE, _("The threshold that was reached.")),
        Column("signatures_needed", Kind.NUMBER, _("Its number of signatures.")),
        Column("round", Kind.NUMBER, _("1 for the first answer; more where a better one was asked for.")),
        _DEPARTMENT,
        Column("reached_at", Kind.MOMENT, _("When it arose.")),
        Column("first_due_on", Kind.DAY, _("The date as it was first set.")),
        Column("due_on", Kind.DAY, _("The date that holds, with pauses and extensions.")),
        Column("status", Kind.CODE, _("awaiting, due_soon, overdue, paused, extended or answered.")),
        Column("answered_at", Kind.MOMENT, _("When the answer was published.")),
        Column("days_taken", Kind.NUMBER, _("Days from reaching the threshold to the answer.")),
        Column("url", Kind.ADDRESS, _("Its page.")),
    ),
    reading.duty_table_rows,
)

TIMELINES = Table(
    "timelines",
    _("Timelines"),
    _("What happened to each petition that was published, the first thing first."),
    (
        _PETITION,
        Column("event", Kind.CODE, _("Which fact it is, the same for ever.")),
        Column("at", Kind.MOMENT, _("When. Of what has a day and no hour: when that day began.")),
        Column("title", Kind.TEXT, _("What happened.")),
        Column("text", Kind.TEXT, _("The reason, or what else there is to say.")),
        Column("url", Kind.ADDRESS, _("Where to read on.")),
    ),
    reading.timeline_rows,
)

PLACES = Table(
    "places",
    _("Signatures by place"),
    _("How many signatures of a petition come from an area or a region."),
    (
        _PETITION,
        Column("place", Kind.CODE, _("The code of the area or region.")),
        Column("kind", Kind.CODE, _("constituency or region.")),
        Column("name", Kind.TEXT, _("Its name.")),
        _COUNT,
    ),
    reading.place_rows,
)

COUNTRIES = Table(
    "countries",
    _("Signatures by country"),
    _("How many signatures of a petition come from a country."),
    (
        _PETITION,
        Column("country", Kind.CODE, _("The country by ISO 3166, two letters.")),
        Column("name", Kind.TEXT, _("Its name.")),
        _COUNT,
    ),
    reading.country_rows,
)

HISTORY = Table(
    "history",
    _("Signatures over time"),
    _("By the hour for the first 14 days, then by the day. Steps without a signature are left out."),
    (
        _PETITION,
        Column("since", Kind.MOMENT, _("When the hour or day began.")),
        Column("period", Kind.CODE, _("hour or day.")),
        Column("signature_count", Kind.NUMBER, _("Signatures counted in it.")),
    ),
    reading.history_rows,
)

TABLES = (PETITIONS, RESPONSES, DUTIES, TIMELINES, PLACES, COUNTRIES, HISTORY)
