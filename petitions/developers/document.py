"""The OpenAPI 3.1 document of every JSON endpoint, made from the operations and the schemas."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from petitions import limits
from petitions.developers import figure_schemas, other_schemas, petition_schemas, place_schemas
from petitions.developers.operations import OPERATIONS, Operation
from petitions.developers.schema import Schema, number, ref, text
from petitions.documents import licence
from petitions.extensions import settings

VERSION = "1.0"
SCHEMAS: dict[str, Schema] = (
    petition_schemas.SCHEMAS | figure_schemas.SCHEMAS | place_schemas.SCHEMAS | other_schemas.SCHEMAS
)
_CONVERTED = re.compile(r"<(?:\w+:)?(\w+)>")


def document() -> dict[str, Any]:
    """The whole document, for this site."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": settings().site_name,
            "version": VERSION,
            "summary": "Petitions, their signatures, and the answers that are owed for them.",
            "description": (
                "Keys and shapes are those of the UK Parliament’s petitions API; what is more stands in keys of its own. "
                "New keys may come; none changes its meaning. "
                f"Limit for each address of origin: {limits.API}."
            ),
            "license": licence(),
        },
        "servers": [{"url": settings().base_url}],
        "externalDocs": {"url": f"{settings().base_url}/developers"},
        "paths": {path_of(operation.rule): {"get": _operation(operation)} for operation in OPERATIONS},
        "components": {
            "schemas": SCHEMAS,
            "headers": {
                "ETag": {
                    "description": "Send it as If-None-Match: 304 where nothing changed.",
                    "schema": text(),
                },
                "RetryAfter": {"description": "Seconds to wait.", "schema": number(minimum=1)},
            },
            "responses": {str(status): _error(status) for status in (400, 404, 410, 429)},
        },
    }


def path_of(rule: str) -> str:
    """A rule of the map of addresses as OpenAPI writes it: `/petitions/{petition_id}.json`."""
    return _CONVERTED.sub(r"{\1}", rule)


def _operation(operation: Operation) -> dict[str, Any]:
    # An address with a character in it that no database can hold is refused, wherever it stands.
    errors = (400, *operation.errors, *((429,) if operation.is_limited else ()))
    found: dict[str, Any] = {
        "operationId": operation.name,
        "summary": str(operation.title),
        "responses": {
            "200": {
                "description": "It is here.",
                "headers": {"ETag": {"$ref": "#/components/headers/ETag"}},
                "content": {"application/json": {"schema": ref(operation.schema)}},
            },
            **({"302": {"description": "Another document answers this."}} if operation.redirects else {}),
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in errors},
        },
    }
    if operation.description:
        found["description"] = operation.description
    if operation.parameters:
        found["parameters"] = list(operation.parameters)
    return found


def _error(status: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "content": {"application/json": {"schema": ref("Error")}},
    }
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        found["headers"] = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
    return found
