"""Pages of responses."""

from flask import Blueprint

blueprint = Blueprint("responses", __name__, url_prefix="/staff")
