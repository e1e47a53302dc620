"""Areas, terms of the body, topics, and the archive."""

from __future__ import annotations

from petitions.developers.petition_schemas import ARCHIVED, STATES, WHOLE_ARCHIVED
from petitions.developers.schema import (
    LINKS,
    OWN_LINK,
    Schema,
    address,
    array,
    both,
    count,
    day,
    decimal,
    moment,
    number,
    obj,
    or_null,
    ref,
    table,
    text,
    word,
)

_TERM = obj(
    period=text("2010-2015."),
    dissolution_at=or_null(moment()),
    government=or_null(text()),
    response_threshold=or_null(count()),
    debate_threshold=or_null(count()),
)
_AREA = obj(constituency=text(), ons_code=text(), start_date=or_null(day()), end_date=or_null(day()))
_PLACE = obj(
    name=text(),
    ons_code=text(),
    signature_count=count(),
    electorate=or_null(count()),
    per_thousand_electors=or_null(decimal()),
    population=or_null(count()),
    per_thousand_people=or_null(decimal()),
)
_ARCHIVED = obj(type=word("archived-petition"), id=number(), parliament=or_null(ref("Term")))

SCHEMAS: dict[str, Schema] = {
    "Term": _TERM,
    "Terms": array(ref("Term")),
    "OneTerm": both(_TERM, obj(constituencies=table(_AREA))),
    "Areas": table(both(obj(mp=or_null(text()), party=or_null(text())), _AREA)),
    "Topics": table(obj(code=text(), name=text())),
    "ArchivedList": obj(
        links=LINKS,
        data=array(both(_ARCHIVED, obj(links=OWN_LINK, attributes=ARCHIVED))),
    ),
    "ArchivedPetition": obj(links=OWN_LINK, data=both(_ARCHIVED, obj(attributes=WHOLE_ARCHIVED))),
    "Local": obj(
        {"mp": obj(name=text(), url=or_null(address()))},
        constituency=text(),
        petitions=array(
            obj(
                action=text(),
                url=address(),
                state=word(*STATES),
                constituency_signature_count=count("Signatures from the area."),
                total_signature_count=count(),
            )
        ),
    ),
    "Places": obj(
        id=number(),
        action=text(),
        signature_count=count(),
        smallest_published=count("Figures are rounded down to a multiple of it."),
        boundaries=or_null(text("Which areas these are.")),
        signatures_by_country=array(obj(name=text(), code=text(), signature_count=count())),
        signatures_by_region=array(_PLACE),
        signatures_by_constituency=array(both(_PLACE, obj(region=or_null(text()), mp=or_null(text())))),
    ),
}
