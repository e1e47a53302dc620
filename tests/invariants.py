"""What must be true of the data after every test that lets many things happen: the service's own invariants."""

from __future__ import annotations

from petitions import invariants

#: Tests move the clock by months in which no worker has removed anything.
BY_WORKERS = "nothing_is_kept_too_long"


def check(*, at_rest: bool = True) -> None:
    """Fail with everything that is not true. Not `at_rest`: while workers still have something to do."""
    with invariants.snapshot():
        wrong = list(invariants.broken(at_rest=at_rest))
    wrong = [each for each in wrong if at_rest or not each.startswith(BY_WORKERS)]
    assert not wrong, "\n".join(wrong)
