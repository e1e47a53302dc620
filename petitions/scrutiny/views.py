"""Pages on which staff look at signatures."""

from __future__ import annotations

from flask import Blueprint

from petitions.scrutiny import integrity_views

blueprint = Blueprint("scrutiny", __name__, url_prefix="/staff")

PETITION = "/petitions/<int:petition_id>"
blueprint.add_url_rule(f"{PETITION}/integrity", "integrity", integrity_views.integrity)
