"""The addresses of the staff pages about debates and other business."""

from __future__ import annotations

from flask import Blueprint

from petitions.debates import business_views, debate_views

BOTH = ["GET", "POST"]

blueprint = Blueprint("debates", __name__, url_prefix="/staff/petitions/<int:petition_id>")

for rule, endpoint, view, methods in (
    ("/debate", "debate", debate_views.debate, BOTH),
    ("/debate/picture", "set_picture", debate_views.set_picture, ["POST"]),
    ("/business", "business", business_views.business, BOTH),
    ("/business/<int:business_id>", "one_business", business_views.one_business, BOTH),
):
    blueprint.add_url_rule(rule, endpoint, view, methods=methods)
