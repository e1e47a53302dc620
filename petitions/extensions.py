"""The Flask extensions, made once and bound to the application in `create_app`, and the running site's settings."""

from typing import cast

from babel import Locale
from babel.support import NullTranslations
from flask import current_app, g, request
from flask_babel import Babel, Domain, get_locale
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from config import Settings
from petitions.database import db
from petitions.origins import household_of, readable

__all__ = ["babel", "csrf", "db", "language", "limiter", "login_manager", "migrate", "settings", "words"]

migrate = Migrate()
babel = Babel()


class _Words(Domain):  # type: ignore[misc]
    """The words of each language, found by the language at hand. The library looks for them by its written name, and a page asks
    a hundred times."""

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[Locale | None, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        """The words of the language at hand."""
        locale = language()
        words = self._found.get(locale)
        if words is None:
            words = self._found[locale] = super().get_translations()
        return words


def language() -> Locale | None:
    """The language at hand, as the library has it: that looks for what it remembers five times over, and a page asks it
    hundreds of times."""
    try:
        found = g._flask_babel.babel_locale
    except (AttributeError, RuntimeError):
        # Nobody has asked yet, or nobody is served.
        found = None
    return cast("Locale | None", found or get_locale())


words = babel.domain_instance = _Words()
csrf = CSRFProtect()
login_manager = LoginManager()


def _origin() -> str:
    """Whom a flood is counted against: one IPv4 address, or the /64 that one IPv6 household has at least."""
    address = readable(request.remote_addr)
    return household_of(address) if address else "unknown"


class _Limiter(Limiter):
    """Limits only views that say so: there are no limits of the whole site, so nothing is looked up before every view."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = _Limiter(key_func=_origin)


def settings() -> Settings:
    """The settings of the application at hand."""
    return cast(Settings, current_app.extensions["settings"])
