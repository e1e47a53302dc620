"""Errors, the list of the nightly files, and how other sites show a petition."""

from __future__ import annotations

from petitions.developers.schema import (
    OWN_LINK,
    Schema,
    address,
    array,
    count,
    day,
    moment,
    number,
    obj,
    or_null,
    text,
    word,
)

SCHEMAS: dict[str, Schema] = {
    "Error": obj(
        status=number("The HTTP status.", minimum=400, maximum=599),
        error=text("Its name."),
    ),
    "Files": obj(
        links=OWN_LINK,
        licence=obj(name=text(), url=address()),
        data=array(
            obj(
                day=day(),
                made_at=moment(),
                files=array(
                    obj(
                        name=text(),
                        url=address(),
                        bytes=count(),
                        rows=or_null(count()),
                        sha256=text(pattern="^[0-9a-f]{64}$"),
                    )
                ),
            )
        ),
    ),
    "OEmbed": obj(
        version=word("1.0"),
        type=word("rich"),
        title=text(),
        provider_name=text(),
        provider_url=address(),
        cache_age=count(),
        width=number(),
        height=number(),
        html=text(),
    ),
}
