"""`make planted`: plant every bug, and print which named check caught it. Exit status 1 if one of them was not caught.

Each bug has a test that plants it and is content only when the check finds it; most are in `tests.faults.test_planted`,
others stand beside the check that they put to the test.
"""

from __future__ import annotations

import os
import sys
from typing import NamedTuple

import pytest

HERE = "tests/faults/test_planted.py"


class Bug(NamedTuple):
    """A bug, the check that has to find it, and the test that plants it."""

    what: str
    check: str
    test: str


BUGS = (
    Bug("no lock", "race: a signature taken back by 8 at once", f"{HERE}::test_no_lock"),
    Bug("lost SKIP LOCKED guard", "race: four workers, one queue", f"{HERE}::test_a_lost_skip_locked_guard"),
    Bug(
        "mail queued in a second transaction",
        "kill at after_commit:_sign",
        f"{HERE}::test_a_mail_in_a_second_transaction",
    ),
    Bug("asynchronous commit", "PostgreSQL killed", f"{HERE}::test_an_asynchronous_commit"),
    Bug(
        "confirm on GET",
        "a GET writes nothing",
        "tests/rules/test_gets_write_nothing.py::test_a_page_that_confirms_on_get_is_caught",
    ),
    Bug(
        "script-submitted confirm",
        "Chromium runs every script behind a link",
        "tests/browser/test_scanners.py::test_a_page_that_submits_itself_is_stopped_by_the_policy_and_caught_without_it",
    ),
    Bug(
        "purpose of a link not checked",
        "links are taken for no others",
        "tests/faults/test_checks_can_fail.py::test_a_purpose_that_is_not_checked_is_caught",
    ),
    Bug("uniqueness by SELECT", "race: one form sent by 50 at once", f"{HERE}::test_uniqueness_by_select"),
    Bug(
        "threshold == n",
        "race: 16 step over a threshold",
        f"{HERE}::test_a_threshold_that_must_be_hit_exactly",
    ),
    Bug(
        "mail marked before it was sent",
        "state machine: what is marked sent was taken",
        "tests/faults/test_state_machine.py::test_a_mail_marked_sent_before_it_was_taken_is_caught",
    ),
    Bug(
        "a signature counted twice",
        "state machine: the invariants",
        "tests/faults/test_state_machine.py::test_counting_a_signature_twice_is_caught",
    ),
    Bug(
        "a withdrawal that forgets the count",
        "state machine: the invariants",
        "tests/faults/test_state_machine.py::test_a_withdrawal_that_forgets_the_count_is_caught",
    ),
    Bug(
        "a cap forgotten",
        "mails to one mailbox",
        "tests/signing/test_caps.py::test_a_forgotten_cap_is_caught",
    ),
    Bug("an address in a log line", "logs of every fault run", f"{HERE}::test_an_address_in_a_log_line"),
    Bug(
        "an address in a web process's log",
        "canary people",
        "tests/faults/test_canaries.py::test_an_address_that_slips_into_the_log_is_caught",
    ),
    Bug(
        "a name kept in clear",
        "canary people",
        "tests/faults/test_canaries.py::test_a_name_kept_in_clear_is_caught",
    ),
    Bug(
        "counting in a second transaction",
        "a worker killed between the two",
        "tests/signing/test_count_planted.py::test_counting_in_a_second_transaction_is_caught",
    ),
    Bug(
        "an erasure not replayed",
        "nobody erased is back after a restore",
        "tests/upkeep/test_backup.py::test_a_restore_without_the_replay_is_caught",
    ),
    Bug(
        "a rule of retention forgotten",
        "a purge with a moved clock",
        "tests/upkeep/test_purge.py::test_a_forgotten_rule_is_caught",
    ),
    Bug(
        "X-Forwarded-Host believed",
        "one proxy's word and no other",
        f"{HERE}::test_a_forwarded_host_that_is_believed",
    ),
    Bug(
        "a field that is not escaped",
        "scripts typed into every form",
        "tests/faults/test_checks_can_fail.py::test_a_field_that_is_not_escaped_is_caught",
    ),
)


class Results:
    """Gathers what became of each test, whatever database it ran on."""

    def __init__(self) -> None:
        self.outcomes: dict[str, set[str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of one test is over."""
        if report.when == "call" or report.outcome != "passed":
            test = report.nodeid.partition("[")[0]
            self.outcomes.setdefault(test, set()).add(report.outcome)

    def of(self, bug: Bug) -> str:
        """`yes` where its test passed and never failed, `no` where it failed, else why nobody knows."""
        found = self.outcomes.get(bug.test, set())
        if "failed" in found:
            return "NO"
        return "yes" if "passed" in found else "left out" if "skipped" in found else "NO TEST"


def main() -> int:
    """Run, print, judge."""
    os.environ["PLANTED"] = "yes"
    results = Results()
    tests = list(dict.fromkeys(bug.test for bug in BUGS))
    pytest.main(["-q", "-n0", "--no-header", "--tb=short", *tests], plugins=[results])
    print("\n| planted bug | check | caught |\n|---|---|---|")
    for bug in BUGS:
        print(f"| {bug.what} | {bug.check} | {results.of(bug)} |")
    caught = sum(results.of(bug) == "yes" for bug in BUGS)
    print(f"\n{caught} of {len(BUGS)} caught")
    return 0 if caught == len(BUGS) else 1


if __name__ == "__main__":
    sys.exit(main())
