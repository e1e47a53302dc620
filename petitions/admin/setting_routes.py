"""The addresses of everything that administrators set, below /staff/settings."""

from __future__ import annotations

from flask import Blueprint

from petitions.admin import reason_views, setting_views, term_views, threshold_views

SETTINGS = "/settings"
BOTH = ["GET", "POST"]


def add_to(blueprint: Blueprint) -> None:
    """Give the blueprint of the administration its pages about settings."""
    add = blueprint.add_url_rule
    add(SETTINGS, "settings", setting_views.index)

    place = f"{SETTINGS}/departments"
    add(place, "departments", setting_views.department_list)
    add(f"{place}/new", "new_department", setting_views.new_department, methods=BOTH)
    add(f"{place}/<slug>/words", "department", setting_views.department, methods=BOTH)

    place = f"{SETTINGS}/topics"
    add(place, "topics", setting_views.topic_list)
    add(f"{place}/new", "new_topic", setting_views.new_topic, methods=BOTH)
    add(f"{place}/<topic_code>/words", "topic", setting_views.topic, methods=BOTH)

    place = f"{SETTINGS}/reasons"
    add(place, "reasons", reason_views.listed)
    add(f"{place}/new", "new_reason", reason_views.new, methods=BOTH)
    add(f"{place}/<code>/words", "reason", reason_views.one, methods=BOTH)
    add(f"{place}/<code>/move", "move_reason", reason_views.move, methods=["POST"])
    add(f"{place}/<code>/retire", "retire_reason", reason_views.retire, methods=["POST"])
    add(f"{place}/<code>/offer", "offer_reason", reason_views.offer_again, methods=["POST"])

    place = f"{SETTINGS}/templates"
    add(place, "templates", reason_views.templates)
    add(f"{place}/new", "new_template", reason_views.new_template, methods=BOTH)
    add(f"{place}/<int:template_id>", "template", reason_views.template, methods=BOTH)
    add(
        f"{place}/<int:template_id>/remove", "remove_template", reason_views.remove_template, methods=["POST"]
    )

    place = f"{SETTINGS}/closed-days"
    add(place, "closed_days", setting_views.closed_day_list, methods=BOTH)
    add(f"{place}/<day>/remove", "open_again", setting_views.open_again, methods=["POST"])

    place = f"{SETTINGS}/thresholds"
    add(place, "thresholds", threshold_views.listed)
    add(f"{place}/new", "new_threshold", threshold_views.new, methods=BOTH)
    add(f"{place}/settings", "use_settings", threshold_views.use_settings, methods=["POST"])
    add(f"{place}/<key>/numbers", "threshold", threshold_views.one, methods=BOTH)
    add(f"{place}/<key>/remove", "remove_threshold", threshold_views.remove, methods=["POST"])

    place = f"{SETTINGS}/terms"
    add(place, "terms", term_views.listed)
    add(f"{place}/new", "new_term", term_views.new, methods=BOTH)
    add(f"{place}/<int:term_id>", "term", term_views.one, methods=BOTH)
    add(f"{place}/<int:term_id>/archive", "archive_term", term_views.archive, methods=["POST"])
    add(f"{place}/<int:term_id>/take-out", "take_term_out", term_views.take_out, methods=["POST"])
    add(f"{place}/<int:term_id>/remove", "remove_term", term_views.remove, methods=["POST"])
