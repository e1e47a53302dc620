"""An application that serves one test after the other carries nothing over: these tests spoil theirs, and each finds it as new."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from jinja2 import DictLoader
from sqlalchemy import event, select

from petitions.extensions import db
from petitions.models import Petition
from tests import build, keeping
from tests.applications import Applications
from tests.client import PageCheckingClient

pytestmark = pytest.mark.database("sqlite")


def leave_a_setting_of_flask(app: Flask) -> None:
    app.config["SESSION_COOKIE_NAME"] = "left"


def leave_a_route(app: Flask) -> None:
    app.add_url_rule("/left", "left", lambda: "left")


def leave_a_hook(app: Flask) -> None:
    app.before_request(lambda: ("left", 500))


def leave_a_view(app: Flask) -> None:
    app.view_functions["browsing.home"] = lambda: ("left", 500)


def leave_other_templates(app: Flask) -> None:
    app.jinja_env.loader = DictLoader({})


def leave_a_listener(app: Flask) -> None:
    event.listen(db.engine, "before_cursor_execute", lambda *_given: 1 / 0)


def leave_a_setting(app: Flask) -> None:
    object.__setattr__(app.extensions["settings"], "site_name", "Left")


def leave_nothing(app: Flask) -> None:
    """The last to look."""


SPOILS = (
    leave_a_setting_of_flask,
    leave_a_route,
    leave_a_hook,
    leave_a_view,
    leave_other_templates,
    leave_a_listener,
    leave_a_setting,
    leave_nothing,
)


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda spoil: spoil.__name__)
def test_each_test_finds_an_application_as_new(
    app: Flask, client: PageCheckingClient, spoil: Callable[[Flask], None]
) -> None:
    assert build.open_petition().id == 1
    page = client.get("/")
    assert page.status_code == 200
    assert "Left" not in page.text
    assert app.config["SESSION_COOKIE_NAME"] == "staff"
    assert client.get("/left").status_code == 404
    app._got_first_request = False
    spoil(app)


def test_an_application_comes_back_unless_something_changed_in_it() -> None:
    applications = Applications()
    first = applications.take()
    assert applications.take() is not first, "two at a time are two"
    applications.give_back(first)
    assert applications.take(site_name="Other") is not first
    again = applications.take()
    assert again is first
    leave_a_hook(again)
    applications.give_back(again)
    assert applications.take() is not first


@pytest.mark.parametrize("name", ["ratelimit_enabled", "redis_url"])
def test_one_that_remembers_never_comes_back(name: str) -> None:
    applications, own = Applications(), {name: {"redis_url": "redis://localhost:1"}.get(name, "yes")}
    first = applications.take(**own)
    applications.give_back(first, **own)
    assert applications.take(**own) is not first


MADE: list[int] = []


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_what_takes_long_is_made_once_and_comes_back_to_each_test(app: Flask, turn: int) -> None:
    """Each test has an erasure ledger and nightly files of its own; that alone makes no other world."""

    def action() -> str | None:
        return db.session.execute(select(Petition.action)).scalar_one_or_none()

    assert action() is None
    keeping.kept_or_made(_one_petition)
    assert action() == "Made once"
    assert len(MADE) == 1


def _one_petition() -> None:
    MADE.append(build.open_petition(action="Made once").id)
