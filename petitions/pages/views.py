"""Pages that explain the service, and the small files that programs ask every site for."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr

from flask import Blueprint, Response, jsonify, render_template, url_for

from petitions import caching, clock, links
from petitions.duties.threshold_words import owed_in_words, promised
from petitions.extensions import settings
from petitions.pages.amounts import amounts_of
from petitions.pages.queries import rejection_reasons
from petitions.retention.rules import RULES

blueprint = Blueprint("pages", __name__)

PAGE_SECONDS = 60
FILE_SECONDS = 3600
#: RFC 9116 advises less than a year; a file that says it has expired is not to be believed.
SECURITY_CONTACT_DAYS = 180

#: Pages that are one person's or nobody's business to list. The links to them are private; this is a second lock.
PRIVATE_PATHS = (
    "/appeals/",
    "/creators/",
    "/dev/",
    "/petitions/*/report",
    "/petitions/*/signatures/",
    "/petitions/*/supporters/",
    "/petitions/new",
    "/reports/",
    "/signatures/",
    "/staff/",
    "/unsubscribe/",
)


def _contact() -> str:
    return parseaddr(settings().mail_default_sender)[1]


@blueprint.get("/help", endpoint="help")
def help_page() -> Response:
    """How to sign, start and follow, and how the figures are worked out."""
    today = promised()
    page = render_template(
        "pages/help.html",
        amounts=amounts_of(settings(), today),
        rules=today.rules,
        owed_in_words=owed_in_words,
    )
    return caching.public(page, seconds=PAGE_SECONDS)


@blueprint.get("/standards")
def standards() -> Response:
    """The rules by which petitions are checked."""
    reasons = rejection_reasons()
    page = render_template(
        "pages/standards.html",
        amounts=amounts_of(settings(), promised()),
        public_reasons=[reason for reason in reasons if not reason.hides],
        hiding_reasons=[reason for reason in reasons if reason.hides],
    )
    return caching.public(page, seconds=PAGE_SECONDS)


@blueprint.get("/privacy")
def privacy() -> Response:
    """What is stored about whom, how, and for how long."""
    page = render_template(
        "pages/privacy.html", amounts=amounts_of(settings(), promised()), contact=_contact(), kept=RULES
    )
    return caching.public(page, seconds=PAGE_SECONDS)


@blueprint.get("/cookies")
def cookies() -> Response:
    """None for the public; what staff get."""
    return caching.public(render_template("pages/cookies.html"), seconds=PAGE_SECONDS)


@blueprint.get("/accessibility")
def accessibility() -> Response:
    """What works for whom, what does not yet, and where to say so."""
    return caching.public(
        render_template("pages/accessibility.html", contact=_contact()), seconds=PAGE_SECONDS
    )


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What search engines leave alone."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE_PATHS)]
    lines += ["", f"Sitemap: {links.absolute('following.sitemap_index')}", ""]
    return caching.public(Response("\n".join(lines), mimetype="text/plain"), seconds=FILE_SECONDS)


@blueprint.get("/manifest.json")
def manifest() -> Response:
    """Lets a phone keep the site among its programs (W3C Web Application Manifest)."""
    icon = {"src": url_for("static", filename="img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}
    response = jsonify(
        name=settings().site_name,
        short_name=settings().site_name,
        start_url="/",
        display="minimal-ui",
        background_color="#ffffff",
        theme_color="#1d3a5f",
        icons=[icon],
    )
    response.mimetype = "application/manifest+json"
    return caching.public(response, seconds=FILE_SECONDS)


@blueprint.get("/.well-known/security.txt")
def security_contact() -> Response:
    """Where to report a weakness (RFC 9116)."""
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    expires = today + timedelta(days=SECURITY_CONTACT_DAYS)
    lines = [
        f"Contact: mailto:{_contact()}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(settings().languages)}",
        f"Canonical: {links.absolute('pages.security_contact')}",
        "",
    ]
    return caching.public(Response("\n".join(lines), mimetype="text/plain"), seconds=FILE_SECONDS)
