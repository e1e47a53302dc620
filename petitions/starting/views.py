"""Pages of starting."""

from flask import Blueprint

blueprint = Blueprint("starting", __name__)
