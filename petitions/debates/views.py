"""The addresses of debates and other business: of staff who see to them, and of the picture that everybody sees."""

from __future__ import annotations

from flask import Blueprint

from petitions.debates import business_views, debate_views

BOTH = ["GET", "POST"]

blueprint = Blueprint("debates", __name__)

for rule, endpoint, view, methods in (
    ("/staff/petitions/<int:petition_id>/debate", "debate", debate_views.debate, BOTH),
    ("/staff/petitions/<int:petition_id>/debate/picture", "set_picture", debate_views.set_picture, ["POST"]),
    ("/staff/petitions/<int:petition_id>/business", "business", business_views.business, BOTH),
    (
        "/staff/petitions/<int:petition_id>/business/<int:business_id>",
        "one_business",
        business_views.one_business,
        BOTH,
    ),
    ("/petitions/<int:petition_id>/debate/picture", "picture", debate_views.picture, ["GET"]),
):
    blueprint.add_url_rule(rule, endpoint, view, methods=methods)
