"""The Flask extensions, made once and bound to the application in `create_app`, and the running site's settings."""

from typing import cast

from babel import Locale
from babel.support import NullTranslations
from flask import current_app, g
from flask_babel import Babel, Domain, get_locale
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from config import Settings
from petitions.database import db
from petitions.limiting import ViewLimiter, origin

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


limiter = ViewLimiter(key_func=origin)


def settings() -> Settings:
    """The settings of the application at hand."""
    found: Settings = current_app.extensions["settings"]
    return found
