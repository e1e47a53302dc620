"""The lines of the history about what administrators set, in words."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, LazyString] = {
    "department_added": _l("Department added"),
    "department_changed": _l("Department's words changed"),
    "topic_added": _l("Topic added"),
    "topic_changed": _l("Topic renamed"),
    "reason_added": _l("Reason to refuse added"),
    "reason_changed": _l("Reason to refuse worded anew"),
    "reasons_ordered": _l("Reasons to refuse put in another order"),
    "reason_retired": _l("Reason to refuse offered no longer"),
    "reason_offered": _l("Reason to refuse offered again"),
    "template_added": _l("Template of an explanation added"),
    "template_changed": _l("Template of an explanation changed"),
    "template_removed": _l("Template of an explanation removed"),
    "closed_days_added": _l("Closed days added"),
    "closed_day_removed": _l("Closed day removed"),
    "threshold_added": _l("Threshold for petitions to come added"),
    "threshold_changed": _l("Threshold for petitions to come changed"),
    "threshold_removed": _l("Threshold for petitions to come removed"),
    "webhook_added": _l("Webhook added"),
    "webhook_pinged": _l("Webhook tried"),
    "webhook_paused": _l("Webhook paused"),
    "webhook_resumed": _l("Webhook goes on"),
    "webhook_sent_again": _l("Sent to a webhook again what was given up"),
    "webhook_disabled": _l("Webhook disabled"),
    "webhook_removed": _l("Webhook removed"),
    "thresholds_of_settings": _l("Thresholds for petitions to come are those of the settings again"),
    "term_added": _l("Term of the body added"),
    "term_changed": _l("Term of the body changed"),
    "term_archived": _l("Term's petitions put into the archive"),
    "term_taken_out": _l("Term's petitions taken out of the archive"),
    "term_removed": _l("Term of the body removed"),
}

DETAILS: dict[str, LazyString] = {
    "name": _l("name"),
    "name_before": _l("name before"),
    "acronym": _l("short name"),
    "url": _l("web page"),
    "topic": _l("topic"),
    "title": _l("title"),
    "title_before": _l("title before"),
    "description": _l("what it means"),
    "description_before": _l("what it meant before"),
    "hides": _l("hides the words"),
    "order": _l("order"),
    "body": _l("text"),
    "days": _l("days"),
    "days_before": _l("days before"),
    "days_kind": _l("kind of days"),
    "day": _l("day"),
    "key": _l("name of the threshold"),
    "signatures_before": _l("at before"),
    "vacant": _l("vacant seats"),
    "period": _l("period"),
    "government": _l("government"),
    "opens_on": _l("first day"),
    "dissolves_on": _l("day of dissolution"),
    "response_threshold": _l("signatures for an answer"),
    "debate_threshold": _l("signatures for a debate"),
    "webhook": _l("number of the webhook"),
    "why": _l("why"),
}

NAMES: dict[str, LazyString] = {
    "calendar": _l("every day counts"),
    "working": _l("working days only"),
    "gone": _l("it said that it is gone"),
    "failed": _l("it failed for three days"),
}
