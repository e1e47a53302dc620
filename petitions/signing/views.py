"""Pages of signing."""

from flask import Blueprint

blueprint = Blueprint("signing", __name__)
