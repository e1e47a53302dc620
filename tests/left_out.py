"""The last words of a test run: what this machine left out, and why."""

from collections import Counter
from collections.abc import Iterator

import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """After every other summary, so that only pytest's own result stands below."""
    yield
    reasons = Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ")
        for report in terminalreporter.getreports("skipped")
        if isinstance(report.longrepr, tuple)
    )
    lines = [
        f"{count} {'test' if count == 1 else 'tests'}: {reason}" for reason, count in sorted(reasons.items())
    ]
    terminalreporter.section("left out", sep="-")
    for line in lines or ["nothing: every test of the suite could run here"]:
        terminalreporter.write_line(line)
