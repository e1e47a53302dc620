"""The addresses of the staff pages about duties and answers."""

from __future__ import annotations

from flask import Blueprint

from petitions.responses import (
    commitment_views,
    duty_views,
    house_views,
    release_views,
    response_views,
)

GET, POST, BOTH = ["GET"], ["POST"], ["GET", "POST"]

blueprint = Blueprint("responses", __name__, url_prefix="/staff")

for rule, endpoint, view, methods in (
    ("/duties", "desk", duty_views.desk, GET),
    ("/duties/<int:duty_id>", "duty", duty_views.duty, GET),
    ("/duties/<int:duty_id>/pauses", "pause", duty_views.pause, POST),
    ("/duties/<int:duty_id>/pauses/<int:pause_id>", "end_pause", duty_views.end_pause, POST),
    (
        "/duties/<int:duty_id>/pauses/<int:pause_id>/withdraw",
        "withdraw_pause",
        duty_views.withdraw_pause,
        POST,
    ),
    ("/duties/<int:duty_id>/holding-replies", "holding_reply", duty_views.holding_reply, POST),
    ("/duties/<int:duty_id>/follow-ups", "follow_up", duty_views.follow_up, POST),
    ("/duties/pauses", "house_pauses", house_views.house_pauses, BOTH),
    ("/duties/pauses/<int:house_pause_id>", "end_all", house_views.end_all, POST),
    ("/duties/pauses/<int:house_pause_id>/withdraw", "withdraw_all", house_views.withdraw_all, POST),
    ("/duties/<int:duty_id>/extensions", "extend", duty_views.extend, POST),
    ("/duties/<int:duty_id>/department", "transfer", duty_views.transfer, POST),
    ("/duties/<int:duty_id>/response", "write", response_views.write, BOTH),
    ("/duties/<int:duty_id>/response/preview", "preview", response_views.preview, GET),
    ("/duties/<int:duty_id>/response/mail", "mail", response_views.mail, GET),
    ("/duties/<int:duty_id>/response/publish", "publish", release_views.publish, POST),
    ("/duties/<int:duty_id>/response/change", "change", release_views.change, POST),
    ("/duties/<int:duty_id>/response/schedule", "schedule", release_views.schedule, POST),
    ("/duties/<int:duty_id>/response/unschedule", "unschedule", release_views.unschedule, POST),
    ("/duties/<int:duty_id>/response/ask", "ask", release_views.ask, POST),
    ("/duties/<int:duty_id>/response/approve", "approve", release_views.approve, POST),
    ("/duties/<int:duty_id>/response/drafts", "drafts", release_views.draft_list, GET),
    ("/duties/<int:duty_id>/response/drafts/<int:version>", "draft", release_views.draft, GET),
    ("/duties/<int:duty_id>/response/drafts/<int:version>", "bring_back", release_views.bring_back, POST),
    ("/duties/<int:duty_id>/commitments", "commitments", commitment_views.commitments, BOTH),
    (
        "/duties/<int:duty_id>/commitments/<int:commitment_id>",
        "commitment",
        commitment_views.commitment,
        BOTH,
    ),
):
    blueprint.add_url_rule(rule, endpoint, view, methods=methods)
