"""The OpenAPI document is true: whatever a program asks for by it, it gets what the document says, key for key, and never a fault."""

from __future__ import annotations

import copy
import os
from datetime import date
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from openapi_spec_validator import validate
from schemathesis import checks

from petitions.browsing.lists import LISTS
from petitions.developers import operations
from petitions.developers.document import document, path_of
from petitions.dumps import writing
from tests import build, world
from tests.client import PageCheckingClient

#: Public documents in JSON that are no part of the API.
NO_API = {"/openapi.json", "/manifest.json"}
#: Questions made up for each operation; more by hand: `OPENAPI_EXAMPLES=500`.
EXAMPLES = int(os.environ.get("OPENAPI_EXAMPLES", "8"))
checks.load_all_checks()
CHECKS = [
    checks.not_a_server_error,
    checks.CHECKS.get_one("status_code_conformance"),
    checks.CHECKS.get_one("content_type_conformance"),
    checks.CHECKS.get_one("response_schema_conformance"),
    checks.CHECKS.get_one("response_headers_conformance"),
]


def strict(found: Any) -> Any:
    """The same document, with no room for a key that it does not name."""
    if isinstance(found, dict):
        closed = {name: strict(value) for name, value in found.items()}
        if closed.get("type") == "object" and "properties" in closed:
            closed.setdefault("additionalProperties", False)
        return closed
    return [strict(each) for each in found] if isinstance(found, list) else found


@pytest.mark.database("sqlite")
def test_it_is_an_openapi_document_and_anybody_may_read_it(app: Flask, client: PageCheckingClient) -> None:
    response = client.get("/openapi.json")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.json is not None
    validate(copy.deepcopy(response.json))
    assert response.json["openapi"].startswith("3.1")
    assert set(operations.LISTS) == LISTS.keys()


@pytest.mark.database("sqlite")
def test_every_json_address_is_in_it_and_nothing_else(app: Flask) -> None:
    public = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.endswith(".json") and not rule.rule.startswith(("/staff", "/dev"))
    }
    told = {operation.rule for operation in operations.OPERATIONS}
    assert public - NO_API - told == set()
    assert told - {rule.rule for rule in app.url_map.iter_rules()} == set()


def test_every_operation_gives_what_the_document_says(app: Flask, client: PageCheckingClient) -> None:
    found = world.make()
    build.imported_petition()
    writing.write(date(2026, 1, 31))
    schema = schemathesis.openapi.from_dict(strict(document()))
    rules = {rule.rule: rule for rule in app.url_map.iter_rules()}
    for told in operations.OPERATIONS:
        operation = schema[path_of(told.rule)]["GET"]
        real = [path for path in world.paths(app, found, rules[told.rule]) if told.rule != "/oembed"]
        if told.rule == "/oembed":
            real = [f"/oembed?url=http://localhost/petitions/{number}" for number in found.all_petitions]
        named = {each["name"]: "1" for each in told.parameters if each["in"] == "path"}
        asked = operation.Case(path_parameters=named)
        answered = [_check(client, asked, path) for path in real]
        assert 200 in answered or (told.redirects and 302 in answered), told.rule
        _make_up(client, operation)


def _make_up(client: PageCheckingClient, operation: Any) -> None:
    """Ask what the document allows to be asked, in ways that nobody would."""

    @hypothesis_settings(
        max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES < 100, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operation.as_strategy())
    def ask(case: Any) -> None:
        _check(client, case, case.formatted_path, query=case.query or {})

    ask()


def _check(client: PageCheckingClient, case: Any, path: str, query: dict[str, Any] | None = None) -> int:
    response = client.get(path, query_string=query, headers={"Accept": "application/json"})
    case.validate_response(response, checks=CHECKS)
    return response.status_code
