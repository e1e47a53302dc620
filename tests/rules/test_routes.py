"""Every staff page declares its permission, no promised address disappears, and looking changes nothing."""

from flask import Flask
from werkzeug.routing import Rule

from petitions.permissions import Permission

#: Pages of the staff area that a stranger must be able to reach.
WITHOUT_PERMISSION = {
    "accounts.sign_in",
    "accounts.sign_out",
    "accounts.invitation",
    "accounts.ask_reset",
    "accounts.reset",
    "accounts.oidc",
    "accounts.oidc_callback",
}

PROMISED = {
    "/",
    "/petitions",
    "/petitions/start",
    "/petitions/new",
    "/petitions/similar",
    "/petitions/<int:petition_id>",
    "/petitions/<int:petition_id>/count.json",
    "/petitions/compare",
    "/petitions/<int:petition_id>/history",
    "/petitions/<int:petition_id>/history.json",
    "/petitions/<int:petition_id>/history.csv",
    "/petitions/<int:petition_id>/card.png",
    "/petitions/<int:petition_id>/embed",
    "/petitions/<int:petition_id>/share",
    "/petitions/<int:petition_id>/signatures/new",
    "/petitions/<int:petition_id>/signatures/thank-you",
    "/petitions/<int:petition_id>/supporters/<token>",
    "/signatures/confirm/<token>",
    "/signatures/<token>",
    "/signatures/find",
    "/unsubscribe/<token>",
    "/responses/rate/<token>",
    "/creators/<token>",
    "/petitions/<int:petition_id>/report",
    "/reports",
    "/reports/<reference>",
    "/appeals/<token>",
    "/petitions/<int:petition_id>/versions",
    "/trending",
    "/alerts",
    "/alerts/confirm/<token>",
    "/alerts/<token>",
    "/alerts/stop/<token>",
    "/petitions.atom",
    "/petitions/<int:petition_id>/timeline.atom",
    "/departments/<slug>.atom",
    "/petitions/local/<area>.atom",
    "/oembed",
    "/data",
    "/developers",
    "/openapi.json",
    "/data.json",
    "/data/<day>/<filename>",
    "/sitemap.xml",
    "/sitemap-<int:part>.xml",
    "/trending.json",
    "/trending.atom",
    "/accountability",
    "/accountability.json",
    "/accountability.csv",
    "/accountability.atom",
    "/accountability/<int:duty_id>",
    "/accountability/<int:duty_id>.json",
    "/departments/<slug>",
    "/departments/<slug>.json",
    "/departments/<slug>/badge.svg",
    "/departments/<slug>/embed",
    "/help",
    "/standards",
    "/statistics",
    "/statistics.json",
    "/statistics.csv",
    "/statistics/answers.csv",
    "/statistics/months.csv",
    "/statistics/places.csv",
    "/privacy",
    "/cookies",
    "/accessibility",
    "/robots.txt",
    "/manifest.json",
    "/.well-known/security.txt",
    "/healthz",
    "/readyz",
    "/metrics",
    "/staff",
    "/staff/sign-in",
    "/staff/account",
    "/staff/settings/webhooks",
    "/staff/second-factor",
    "/staff/invitations/<token>",
    "/staff/reset",
    "/staff/reset/<token>",
}


def staff_rules(app: Flask) -> list[Rule]:
    """Every address of the staff area."""
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/staff")]


def test_every_staff_page_declares_its_permission(app_without_database: Flask) -> None:
    silent = [
        rule.endpoint
        for rule in staff_rules(app_without_database)
        if rule.endpoint not in WITHOUT_PERMISSION
        and not isinstance(
            getattr(app_without_database.view_functions[rule.endpoint], "permission", None), Permission
        )
    ]
    assert silent == []
    assert len(staff_rules(app_without_database)) > len(WITHOUT_PERMISSION)


def test_no_public_page_asks_for_a_permission(app_without_database: Flask) -> None:
    guarded = [
        rule.rule
        for rule in app_without_database.url_map.iter_rules()
        if not rule.rule.startswith("/staff")
        and hasattr(app_without_database.view_functions[rule.endpoint], "permission")
    ]
    assert guarded == []


def test_no_promised_address_disappears(app_without_database: Flask) -> None:
    assert PROMISED - {rule.rule for rule in app_without_database.url_map.iter_rules()} == set()
