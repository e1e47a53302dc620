"""The Flask extensions, made once and bound to the application in `create_app`, and the running site's settings."""

from typing import cast

from flask import current_app
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from config import Settings
from petitions.database import db

__all__ = ["babel", "csrf", "db", "limiter", "login_manager", "migrate", "settings"]

migrate = Migrate()
babel = Babel()
csrf = CSRFProtect()
login_manager = LoginManager()
limiter = Limiter(key_func=get_remote_address)


def settings() -> Settings:
    """The settings of the application at hand."""
    return cast(Settings, current_app.extensions["settings"])
