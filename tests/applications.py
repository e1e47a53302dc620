"""Applications for the tests, used again where nothing tells one from a new one.

Building an application takes longer than most tests. So one that a test has done with serves the next test that wants the
same settings; its database was put back meanwhile. What a test can leave behind in it is looked at when it comes back: one
with another route, hook, configuration, template or listener than it was built with is thrown away.
"""

from __future__ import annotations

from collections import OrderedDict

from flask import Flask

from petitions import create_app
from petitions.extensions import db, limiter
from tests.client import PageCheckingClient
from tests.compiled import CompiledTemplates
from tests.databases import release, rest
from tests.settings import make_environment, make_settings

COMPILED = CompiledTemplates()
#: How many are kept. Most tests want the same settings; a folder's own come one after the other.
KEPT = 6
#: They keep something of their own between requests: counts of attempts, what an identity provider said, pages.
NEVER_AGAIN = ("RATELIMIT_ENABLED", "OIDC_ISSUER", "REDIS_URL", "PAGES_KEPT")
#: Every test has an erasure ledger and nightly files of its own. Only the settings know where, and those are always new.
NOT_BUILT_IN = ("ERASURE_LEDGER", "DUMP_FOLDER")
#: What an application is made of.
WATCHED = frozenset(
    [
        "after_request_funcs",
        "before_request_funcs",
        "config",
        "error_handler_spec",
        "login_manager",
        "teardown_appcontext_funcs",
        "teardown_request_funcs",
        "template_context_processors",
        "test_client_class",
        "view_functions",
        "wsgi_app",
    ]
)
TEMPLATING = ("autoescape", "bytecode_cache", "filters", "globals", "loader")
GATHERS = (dict, list)
LISTENED = ("before_cursor_execute", "after_cursor_execute", "before_execute", "begin", "commit", "rollback")


def equip(app: Flask) -> None:
    """Give an application the client that checks pages, and the templates that were compiled before."""
    app.test_client_class = PageCheckingClient
    app.jinja_env.bytecode_cache = COMPILED


class Applications:
    """Gives out applications and takes them back. None is given out twice at a time."""

    def __init__(self) -> None:
        self._free: OrderedDict[tuple[tuple[str, str], ...], Flask] = OrderedDict()
        self._built: dict[Flask, dict[str, object]] = {}

    def take(self, **overrides: object) -> Flask:
        """An application with these settings, as new."""
        app = self._free.pop(_kind(overrides), None)
        if app is None:
            app = create_app(make_settings(**overrides))
            equip(app)
            if _can_be_used_again(overrides):
                self._built[app] = _looks(app)
            return app
        app.extensions["settings"] = make_settings(**overrides)
        app._got_first_request = False
        # The limiter is one for all applications of a process, and as the last one built wanted it.
        limiter.enabled = app.config["RATELIMIT_ENABLED"]
        return app

    def give_back(self, app: Flask, **overrides: object) -> None:
        """Let go of its database, and keep the application for the next test unless something in it has changed."""
        with app.app_context():
            rest(app)
        built = self._built.get(app)
        if built is None or built != _looks(app):
            self._throw_away(app)
            return
        kind = _kind(overrides)
        if kind in self._free:
            self._throw_away(self._free.pop(kind))
        self._free[kind] = app
        if len(self._free) > KEPT:
            self._throw_away(self._free.popitem(last=False)[1])

    def close(self) -> None:
        """Throw all away that are kept."""
        while self._free:
            self._throw_away(self._free.popitem()[1])

    def _throw_away(self, app: Flask) -> None:
        with app.app_context():
            release(app)
        self._built.pop(app, None)


def _kind(overrides: dict[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple(
        sorted(item for item in make_environment(**overrides).items() if item[0] not in NOT_BUILT_IN)
    )


def _can_be_used_again(overrides: dict[str, object]) -> bool:
    plain, wanted = make_environment(), make_environment(**overrides)
    return all(wanted.get(name) == plain.get(name) for name in NEVER_AGAIN)


def _looks(app: Flask) -> dict[str, object]:
    """All that a test could change in an application, in a form that can be compared."""
    with app.app_context():
        listeners = [engine.dispatch for engine in db.engines.values()]
    environment = app.jinja_env
    return {
        "attributes": {name: _parts(value) for name, value in vars(app).items() if name in WATCHED},
        "extensions": {name: id(each) for name, each in app.extensions.items() if name != "settings"},
        "their states": {name: _parts(vars(app.extensions[name])) for name in ("babel", "csrf", "mail")},
        "routes": len(list(app.url_map.iter_rules())),
        "listeners": {name: [len(list(getattr(each, name))) for each in listeners] for name in LISTENED},
        "templates": {name: _parts(getattr(environment, name)) for name in TEMPLATING},
    }


def _parts(value: object) -> object:
    """What a table or list is made of; of anything else, which it is. A first look leaves empty tables behind."""
    if isinstance(value, dict):
        parts = {
            name: _parts(part) if isinstance(part, GATHERS) else id(part) for name, part in value.items()
        }
        return {name: part for name, part in parts.items() if part}
    return [id(part) for part in value] if isinstance(value, list) else id(value)
