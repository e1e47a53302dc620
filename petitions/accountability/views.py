"""The public pages about duties: the board, a duty's and a department's page, and the same for programs and other sites."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request
from flask_babel import force_locale

from petitions import caching, links, widget
from petitions.accountability import asking, pages
from petitions.accountability.badge import badge, badge_tone, badge_words
from petitions.accountability.choosing import narrowed
from petitions.accountability.documents import (
    board_document,
    department_document,
    duty_document,
    duty_table,
)
from petitions.accountability.feed import board_feed, department_feed
from petitions.duties.duty_clock import owner_name, pause_in_words
from petitions.duties.outcomes import outcome_words
from petitions.duties.threshold_words import promised
from petitions.extensions import settings
from petitions.feed import MIMETYPE
from petitions.responses.queries import (
    department_named,
    departments_by_id,
    duty_facts,
    duty_rows,
    measure,
    owed_first,
)
from petitions.security import may_be_framed

blueprint = Blueprint("accountability", __name__)

#: Answers that a department's embedded page names.
EMBEDDED = 3


@blueprint.get("/accountability")
def board() -> Response:
    """Every duty to answer: who owes what by when, what was answered, how each department does."""
    page = render_template(
        "accountability/board.html",
        board=pages.board_page(asking.read(request.args)),
        outcome_words=outcome_words,
        promised=promised(),
    )
    return caching.public(page)


@blueprint.get("/accountability.json")
def board_json() -> Response:
    """The same for programs, a page at a time."""
    return caching.open_to_all(jsonify(board_document(pages.board_page(asking.read(request.args)))))


@blueprint.get("/accountability.csv")
def board_csv() -> Response:
    """All duties that were asked for, as a table."""
    asked = asking.read(request.args)
    departments = departments_by_id()
    found = narrowed(duty_facts(), departments, q=asked.q, department=asked.department, year=asked.year)
    chosen = pages.chosen_of(found, departments, asked)
    rows = duty_rows([fact.id for fact in chosen])
    response = Response(duty_table(rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="accountability.csv"'
    return caching.open_to_all(response)


@blueprint.get("/accountability.atom")
def board_atom() -> Response:
    """What happened to the duties that were asked for, the newest first."""
    document, changed_at = board_feed(asking.read(request.args))
    response = Response(document, mimetype=MIMETYPE)
    response.last_modified = changed_at
    return caching.open_to_all(response)


@blueprint.get("/accountability/<int:duty_id>")
def duty(duty_id: int) -> Response:
    """One duty under its permanent address."""
    page = render_template(
        "accountability/duty.html",
        row=pages.one_duty(duty_id),
        outcome_words=outcome_words,
        pause_in_words=pause_in_words,
    )
    return caching.public(page)


@blueprint.get("/accountability/<int:duty_id>.json")
def duty_json(duty_id: int) -> Response:
    """The same for programs."""
    return caching.open_to_all(jsonify(duty_document(pages.one_duty(duty_id))))


@blueprint.get("/departments/<slug>")
def department(slug: str) -> Response:
    """What one department owes and answered."""
    found = department_named(slug)
    page = pages.department_page(found, asking.read(request.args))
    return caching.public(
        render_template(
            "accountability/department.html",
            page=page,
            outcome_words=outcome_words,
            badge_url=links.absolute("accountability.department_badge", slug=slug),
            embed_url=links.absolute("accountability.department_embed", slug=slug),
            own_url=links.absolute("accountability.department", slug=slug),
            badge_words=badge_words(page.overview.figures),
            promised=promised(),
        )
    )


@blueprint.get("/departments/<slug>.json")
def department_json(slug: str) -> Response:
    """The same for programs."""
    page = pages.department_page(department_named(slug), asking.read(request.args))
    return caching.open_to_all(jsonify(department_document(page)))


@blueprint.get("/departments/<slug>.atom")
def department_atom(slug: str) -> Response:
    """What happened to its duties, the newest first."""
    document, changed_at = department_feed(department_named(slug))
    response = Response(document, mimetype=MIMETYPE)
    response.last_modified = changed_at
    return caching.open_to_all(response)


@blueprint.get("/departments/<slug>/badge.svg")
def department_badge(slug: str) -> Response:
    """A small picture for pages of others."""
    found = department_named(slug)
    figures = measure(fact for fact in duty_facts() if fact.department_id == found.id)
    response = Response(badge(found, figures), mimetype="image/svg+xml")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return caching.open_to_all(response, seconds=300)


@blueprint.get("/departments/<slug>/embed")
@may_be_framed
def department_embed(slug: str) -> Response:
    """A small page for a frame on pages of others: no script, no cookie."""
    found = department_named(slug)
    facts = [fact for fact in duty_facts() if fact.department_id == found.id]
    figures, theme, language = measure(facts), request.args.get("theme", ""), request.args.get("lang", "")
    languages = settings().languages
    with force_locale(language if language in languages else languages[0]):
        page = render_template(
            "accountability/embed.html",
            theme=theme if theme in widget.THEMES else widget.DEFAULT_THEME,
            department=found,
            owner=owner_name(found),
            figures=figures,
            tone=badge_tone(figures),
            owed=owed_first(facts, EMBEDDED),
            own_url=links.absolute("accountability.department", slug=slug),
            petition_url=links.petition,
        )
    return caching.public(page, seconds=60)
