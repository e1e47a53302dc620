"""Each thing that must not go wrong is done in one place: commit, state, count, mail row, SMTP, the time."""

import ast
from collections.abc import Callable, Iterator

from tests.rules.source import Module, modules

Test = Callable[[ast.AST], bool]

#: The demo and the import write finished histories: rows that already have a state, counts and dates.
WRITES_HISTORIES = ("petitions.demo.", "petitions.opendata.")


def is_call_of(*names: str) -> Test:
    """A call `….name(…)`."""
    return lambda node: (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
    )


def assigns(*attributes: str) -> Test:
    """An assignment to `….attribute`, plain or augmented."""

    def test(node: ast.AST) -> bool:
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AugAssign)
            else []
        )
        return any(isinstance(target, ast.Attribute) and target.attr in attributes for target in targets)

    return test


def makes(*names: str) -> Test:
    """A call of a class by its name: `Mail(…)`, or an insert into its table: `insert(Mail, …)`."""

    def test(node: ast.AST) -> bool:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            return False
        first = node.args[0] if node.args else None
        return node.func.id in names or (
            node.func.id == "insert" and isinstance(first, ast.Name) and first.id in names
        )

    return test


def sets_value(*columns: str) -> Test:
    """`.values(column=…)` of an UPDATE."""

    def test(node: ast.AST) -> bool:
        return is_call_of("values")(node) and any(keyword.arg in columns for keyword in node.keywords)  # type: ignore[attr-defined]

    return test


def imports(*names: str) -> Test:
    """`import name`."""
    return lambda node: isinstance(node, ast.Import) and any(alias.name in names for alias in node.names)


def places(test: Test, *, allowed: set[str]) -> Iterator[str]:
    """Where the thing is done, outside where it may be."""
    for module in modules():
        if module.name in allowed or module.name.startswith(WRITES_HISTORIES):
            continue
        yield from (
            f"{module.name}:{getattr(node, 'lineno', 0)}" for node in ast.walk(module.tree) if test(node)
        )


def everywhere(test: Test) -> list[Module]:
    """The modules that do it at all: the rule must find its own exception, or it finds nothing."""
    return [module for module in modules() if any(test(node) for node in ast.walk(module.tree))]


def test_only_the_database_module_commits() -> None:
    assert list(places(is_call_of("commit"), allowed={"petitions.database"})) == []
    assert everywhere(is_call_of("commit"))


def test_histories_are_committed_by_the_database_module_too() -> None:
    committing = [module.name for module in everywhere(is_call_of("commit"))]
    assert committing == ["petitions.database"]


def test_only_lifecycle_moves_a_petition() -> None:
    takes_state_of_petition = [
        place
        for place in places(sets_value("state"), allowed={"petitions.lifecycle"})
        if "petition" in place.partition(":")[0].rpartition(".")[2]
    ]
    assert takes_state_of_petition == []
    assigned = list(places(assigns("state"), allowed={"petitions.lifecycle", "petitions.mail.delivery"}))
    # Signatures and mails have states of their own; a petition's is never assigned.
    for place in assigned:
        name, _, line = place.partition(":")
        module = next(module for module in modules() if module.name == name)
        text = module.path.read_text().splitlines()[int(line) - 1]
        assert "petition.state" not in text, place


def test_only_the_counting_changes_counts() -> None:
    counts = ("signature_count", "counted_at", "imported_signatures", "last_signed_at")
    counting = {
        "petitions.counts.counting",
        "petitions.counts.rollups",
        "petitions.counts.recounting",
    }  # which puts right what the counting should have
    assert list(places(assigns(*counts), allowed=counting)) == []
    allowed = {
        *counting,
        "petitions.counts.crossings",
    }  # a crossing notes the count at its moment
    assert list(places(sets_value(*counts), allowed=allowed)) == []
    assert everywhere(sets_value("counted_at"))


def test_only_the_outbox_makes_mail() -> None:
    assert list(places(makes("Mail", "Mailing"), allowed={"petitions.mail.outbox"})) == []
    assert everywhere(makes("Mail"))


def test_only_delivery_and_its_transport_talk_smtp() -> None:
    assert (
        list(
            places(
                imports("smtplib"),
                allowed={
                    "petitions.mail.delivery",
                    "petitions.mail.transport",
                    "petitions.mail.conversation",
                },
            )
        )
        == []
    )


def test_only_the_clock_asks_the_time() -> None:
    asked = [
        place
        for place in places(is_call_of("now", "utcnow", "today"), allowed={"petitions.clock"})
        if not _asks_our_clock(place)
    ]
    assert asked == []


def _asks_our_clock(place: str) -> bool:
    name, _, line = place.partition(":")
    module = next(module for module in modules() if module.name == name)
    text = module.path.read_text().splitlines()[int(line) - 1]
    return "clock." in text and "datetime.now" not in text and "date.today" not in text
