"""The public pages about duties."""

from flask import Blueprint

blueprint = Blueprint("accountability", __name__)
