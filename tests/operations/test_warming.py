"""Whoever asks a process first waits no longer than others: it has made the busiest pages by then."""

import pytest
from flask import Flask

from petitions.operations.warming import warm
from tests import build


def test_a_process_that_is_warm_compiles_no_template_for_the_busiest_pages(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = build.open_petition().id
    warm(app)

    def compiles(*_what: object, **_how: object) -> None:
        pytest.fail("a template is compiled for a visitor")

    monkeypatch.setattr(app.jinja_env, "compile", compiles)
    client = app.test_client()
    for path in (
        "/",
        "/petitions",
        "/trending",
        f"/petitions/{number}",
        f"/petitions/{number}/signatures/new",
    ):
        assert client.get(path).status_code == 200


@pytest.mark.database("sqlite")
def test_a_process_starts_though_nothing_can_be_shown(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def fails() -> None:
        asked.append(1)
        raise RuntimeError("no database")

    monkeypatch.setitem(app.view_functions, "browsing.home", fails)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    warm(app)
    assert len(asked) == 1
