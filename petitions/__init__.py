"""The application factory: a list that names every part. Read it first."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import flask_login
import flask_mail
from babel import Locale
from flask import Blueprint, Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from petitions import (
    api_limits,
    caching,
    cli,
    database,
    documents,
    engines,
    error_reports,
    errors,
    flood_counts,
    kept_pages,
    logs,
    replica,
    security,
    templating,
    watching,
)
from petitions.addresses import RowNumber
from petitions.extensions import babel, csrf, db, limiter, login_manager, migrate
from petitions.search_index import indexing

#: The largest body a public form may have, in bytes.
LARGEST_BODY = 64 * 1024

#: A database that is no file, and gone with the program.
IN_MEMORY = "sqlite:///:memory:"


class StaffSessions(SecureCookieSessionInterface):
    """Sessions are for staff. A page of the public has none that could be written to."""

    #: The library signs with SHA-1 unless told.
    digest_method = staticmethod(sha256)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The visitor's session on a staff page, nothing elsewhere."""
        whole_path = request.root_path + request.path
        return super().open_session(app, request) if "/staff" in whole_path else None


class Site(Flask):
    """The application. No view of it is asynchronous, so nobody need look whether one is."""

    session_interface = StaffSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func

    def warm(self) -> None:
        """Make the busiest pages once, in a process that is about to serve."""
        from petitions.operations.warming import warm

        warm(self)


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application. Raises `config.SettingError` when a setting is missing, weak or contradicts another."""
    settings = settings or Settings.from_environment(os.environ)
    app = Site(
        "petitions",
        template_folder="../templates",
        static_folder="../static",
        root_path=os.path.dirname(__file__),
    )
    app.extensions["settings"] = settings
    app.config.update(_flask_config(settings))
    app.url_map.converters["int"] = RowNumber
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]

    logs.register(app, settings)
    error_reports.register(settings)
    _register_extensions(app, settings)
    _register_features(app, settings)
    templating.register(app)
    security.register(app)
    api_limits.register(app)
    caching.register(app)
    documents.register(app)
    errors.register(app)
    cli.register(app)
    watching.register(app, settings)
    kept_pages.register(app, settings.pages_kept)
    return app


def _register_extensions(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    with app.app_context():
        engines.prepare(db.engines)
        if engines.REPLICA in db.engines:
            app.extensions["replica"] = replica.Replica(
                db.engines[engines.READING], db.engines[engines.REPLICA], settings.database_replica_lag
            )
    indexing.watch()
    # Runs before Flask-SQLAlchemy's own, which would let a broken connection's error pass.
    app.teardown_appcontext(database.let_go)
    migrate.init_app(app, db, directory=os.path.join(app.root_path, "..", "migrations"))
    csrf.init_app(app)
    # Not `init_app`: its hooks read the session on every request, which would vary every public page by cookie. They
    # serve the "remember me" cookie, which we do not have.
    app.login_manager = login_manager  # type: ignore[attr-defined]
    app.jinja_env.globals["current_user"] = flask_login.current_user
    limiter.init_app(app)
    flask_mail.Mail(app)
    # Made once: what is kept for a language is then found at a glance, and no request takes its name apart.
    locale = Locale.parse(settings.languages[0])
    babel.init_app(app, locale_selector=lambda: locale)


def _register_features(app: Flask, settings: Settings) -> None:
    from petitions.accounts import oidc
    from petitions.mail import captured, messages

    assert messages.__path__, "importing the package declares every message"
    for blueprint in (*_for_everybody(), *_for_staff()):
        app.register_blueprint(blueprint)
    oidc.register(app, settings)
    if settings.captures_mail:
        app.register_blueprint(captured.blueprint)
    if not settings.is_production:
        from petitions import gallery

        app.register_blueprint(gallery.blueprint)


def _for_everybody() -> tuple[Blueprint, ...]:
    """The parts that need no session."""
    from petitions.accountability.views import blueprint as accountability
    from petitions.alerts.views import blueprint as alerts
    from petitions.appeals.public_views import blueprint as appealing
    from petitions.browsing.feed_views import blueprint as following
    from petitions.browsing.views import blueprint as browsing
    from petitions.debates.public_views import blueprint as debating
    from petitions.developers.views import blueprint as developers
    from petitions.dumps.views import blueprint as dumps
    from petitions.local.views import blueprint as local
    from petitions.opendata.archive_views import blueprint as archive
    from petitions.opendata.views import blueprint as opendata
    from petitions.operations.views import blueprint as operations
    from petitions.pages.views import blueprint as pages
    from petitions.reports.public_views import blueprint as reporting
    from petitions.responses.public_views import blueprint as answers
    from petitions.sharing.views import blueprint as sharing
    from petitions.signing.views import blueprint as signing
    from petitions.starting.views import blueprint as starting
    from petitions.statistics.views import blueprint as statistics

    return (
        browsing,
        following,
        local,
        dumps,
        developers,
        sharing,
        starting,
        signing,
        alerts,
        accountability,
        answers,
        debating,
        pages,
        appealing,
        statistics,
        reporting,
        opendata,
        archive,
        operations,
    )


def _for_staff() -> tuple[Blueprint, ...]:
    """The parts under `/staff`."""
    from petitions.accounts.views import blueprint as accounts
    from petitions.admin.views import blueprint as admin
    from petitions.appeals.views import blueprint as appeals
    from petitions.debates.views import blueprint as debates
    from petitions.moderation.views import blueprint as moderation
    from petitions.notices.views import blueprint as notices
    from petitions.postmaster.views import blueprint as postmaster
    from petitions.reports.views import blueprint as reports
    from petitions.responses.views import blueprint as responses
    from petitions.scrutiny.views import blueprint as scrutiny
    from petitions.webhooks.views import blueprint as webhooks

    return (
        debates,
        accounts,
        moderation,
        appeals,
        reports,
        responses,
        scrutiny,
        admin,
        postmaster,
        webhooks,
        notices,
    )


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "SQLALCHEMY_DATABASE_URI": _database_url(settings),
        "SQLALCHEMY_ENGINE_OPTIONS": engines.options(_database_url(settings)),
        "SQLALCHEMY_BINDS": _readers(settings),
        "MAX_CONTENT_LENGTH": LARGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": LARGEST_BODY,
        "MAX_FORM_PARTS": 100,
        "TRUSTED_HOSTS": [host.partition(":")[0] for host in (settings.host, settings.staff_host) if host]
        + ([] if settings.is_production else ["localhost", "127.0.0.1"]),
        **_cookie(settings),
        "SESSION_COOKIE_SECURE": settings.base_url.startswith("https://"),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_TIMEZONE": settings.timezone.key,
        "BABEL_TRANSLATION_DIRECTORIES": "../translations",
        "RATELIMIT_ENABLED": settings.ratelimit_enabled,
        "RATELIMIT_STORAGE_URI": settings.redis_url or f"{flood_counts.OwnCounts.STORAGE_SCHEME[0]}://",
        # One that is frozen, or behind a network that is cut, holds each process once and no longer than this.
        "RATELIMIT_STORAGE_OPTIONS": {"socket_connect_timeout": 0.3, "socket_timeout": 0.3}
        if settings.redis_url
        else {},
        # Without this a dead Redis would answer every request with 500.
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": bool(settings.redis_url),
        # Two requests at once that find it dead: the second would be answered with 500 otherwise.
        "RATELIMIT_SWALLOW_ERRORS": bool(settings.redis_url),
        "RATELIMIT_STRATEGY": "moving-window",
    }


def _cookie(settings: Settings) -> dict[str, str]:
    """The staff cookie's name and path. On a host for staff alone no other host may set it (`__Host-`, which asks for the path
    `/`); where public pages are on the same host they are not to get it."""
    if not settings.is_production:
        return {"SESSION_COOKIE_NAME": "staff", "SESSION_COOKIE_PATH": "/staff"}
    if settings.staff_host:
        return {"SESSION_COOKIE_NAME": "__Host-staff", "SESSION_COOKIE_PATH": "/"}
    return {"SESSION_COOKIE_NAME": "__Secure-staff", "SESSION_COOKIE_PATH": "/staff"}


def _readers(settings: Settings) -> dict[str, dict[str, Any]]:
    """The engines for reading. A database in memory belongs to one connection, so it has none."""
    url = _database_url(settings)
    if url == IN_MEMORY:
        return {}
    readers = {engines.READING: engines.reading_options(url)}
    if settings.database_replica_url:
        patience = {"connect_timeout": replica.PATIENCE, "tcp_user_timeout": 1000 * replica.PATIENCE}
        readers[engines.REPLICA] = engines.reading_options(
            settings.database_replica_url, connect_args=patience
        )
    return readers


def _database_url(settings: Settings) -> str:
    """A relative SQLite path means from where the command was started, not from Flask's instance folder."""
    url = settings.database_url
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////") and url != IN_MEMORY:
        return "sqlite:///" + os.path.abspath(url.removeprefix("sqlite:///"))
    return url
