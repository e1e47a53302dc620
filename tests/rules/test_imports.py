"""Imports go down only, and a feature knows nothing of another feature but its queries."""

import ast

from tests.rules.source import Module, modules

FEATURES = (
    "starting",
    "signing",
    "alerts",
    "scrutiny",
    "browsing",
    "sharing",
    "statistics",
    "local",
    "moderation",
    "appeals",
    "reports",
    "responses",
    "debates",
    "accountability",
    "notices",
    "accounts",
    "admin",
    "postmaster",
    "opendata",
    "pages",
    "demo",
    "upkeep",
    "webhooks",
    "dumps",
    "developers",
    "archiving",
    "operations",
)
COMPOSITION = {
    "petitions",
    "petitions.cli",
    "petitions.gallery",
    "petitions.dev_server",
    "petitions.dev_samples",
}
FOUNDATION = {
    "petitions.database",
    "petitions.changes",
    "petitions.engines",
    "petitions.replica",
    "petitions.extensions",
    "petitions.clock",
    "petitions.errors",
    "petitions.lifecycle",
    "petitions.secrecy",
    "petitions.failpoints",
    "petitions.limiting",
    "petitions.origins",
}
#: What a file of a feature may be named is not held; these names say nothing and are not used.
EMPTY_NAMES = {"utils", "helpers", "common", "misc", "services", "managers", "base", "core"}

#: What writes rows of every feature by design: it fills an empty database with a whole country's history.
MAY_REACH_INTO_FEATURES = {"demo"}


def feature_of(name: str) -> str | None:
    """The feature a module belongs to."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in FEATURES else None


def level(name: str) -> int:
    """How high a module stands: composition 4, features 3, mail, places and single modules 2, models 1, foundation 0."""
    if name in COMPOSITION or name.startswith("petitions.worker"):
        return 4
    if feature_of(name):
        return 3
    if name in FOUNDATION:
        return 0
    return 1 if name.startswith("petitions.models") else 2


def test_imports_go_down_only() -> None:
    upward = [
        f"{module.name} imports {imported}"
        for module in modules()
        for imported in module.imports()
        if level(imported) > level(module.name)
    ]
    assert upward == []


def crosses(module: Module, imported: str) -> bool:
    """Whether an import reaches into another feature past its queries."""
    mine, theirs = feature_of(module.name), feature_of(imported)
    if theirs is None or mine is None or mine == theirs or mine in MAY_REACH_INTO_FEATURES:
        return False
    return imported.split(".")[2:3] != ["queries"]


def test_a_feature_knows_only_the_queries_of_another() -> None:
    crossing = [f"{m.name} imports {i}" for m in modules() for i in m.imports() if crosses(m, i)]
    assert crossing == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [m.name for m in modules() if m.name.rpartition(".")[2] in EMPTY_NAMES] == []


def test_the_rule_can_fail() -> None:
    views = next(module for module in modules() if module.name == "petitions.signing.views")
    assert crosses(views, "petitions.starting.actions")
    assert not crosses(views, "petitions.starting.queries")
    assert level("petitions.signing.views") > level("petitions.mail.outbox") > level("petitions.models.mail")


#: Who may know exact counts by place and by country. Everything that anybody outside sees reads `petitions.counts.published_places`.
KNOWS_EXACT_PLACES = {
    "petitions.models",
    "petitions.counts.rollups",
    "petitions.invariants.counts",
    "petitions.opendata.storing",
    # Reads names, no counts.
    "petitions.opendata.source_names",
    "petitions.demo.tally",
    "petitions.scrutiny.integrity",
    "petitions.counts.publishing_places",
    "petitions.counts.published_places",
}
WRITES_WHAT_IS_SHOWN = {
    "petitions.models",
    "petitions.counts.publishing_places",
    "petitions.counts.published_places",
}


def names_imported(module: Module, *names: str) -> bool:
    return any(
        isinstance(node, ast.ImportFrom) and {alias.name for alias in node.names} & set(names)
        for node in ast.walk(module.tree)
    )


def test_only_few_know_exact_counts_of_places_and_one_writes_what_is_shown() -> None:
    exact = {m.name for m in modules() if names_imported(m, "PlaceCount", "CountryCount")}
    assert exact == KNOWS_EXACT_PLACES
    shown = {m.name for m in modules() if names_imported(m, "PublishedPlaceCount", "PublishedCountryCount")}
    assert shown == WRITES_WHAT_IS_SHOWN
