"""Neither the reply nor the time it takes tells what is known about an address: a short measurement, and a bug that it sees.

What is measured here is the work alone: no reply waits for its step, so nothing hides a difference. That replies wait is in
`tests/test_reply_time.py`. `python -m tests.faults.same_reply --samples 2000` is the long one, with both.
"""

from __future__ import annotations

from statistics import mean

import pytest

from tests.databases import Unavailable
from tests.faults.same_reply import Figure, auc, run

SAMPLES = 100
#: What stores nothing and sends nothing.
SILENT = ("held", "refused", "suppressed", "capped")


def measured(way: str) -> tuple[dict[str, Figure], set[bytes]]:
    """The figures of a short run."""
    try:
        figures, replies = run(samples=SAMPLES, way=way)
    except Unavailable as reason:
        pytest.skip(str(reason))
    return {figure.name: figure for figure in figures}, replies


def test_no_class_of_address_can_be_told_by_its_reply() -> None:
    figures, replies = measured("at once")
    assert len(replies) == 1
    # With so few samples chance alone comes to 0.1 from the middle.
    assert {name: each.auc for name, each in figures.items() if abs(each.auc - 0.5) >= 0.18} == {}
    assert mean(figures[name].auc for name in SILENT) > 0.43


def test_an_early_answer_is_seen() -> None:
    figures, replies = measured("planted")
    assert len(replies) == 1
    # On a busy machine one class alone may hide among so few samples; the four that store nothing together do not.
    assert mean(figures[name].auc for name in SILENT) < 0.43
    assert mean(each.auc for name, each in figures.items() if name not in SILENT) > 0.43


def test_the_figure_is_that_of_mann_and_whitney() -> None:
    assert auc([1, 2, 3], [1, 2, 3]) == 0.5
    assert auc([4, 5], [1, 2, 3]) == 1
    assert auc([1], [1, 2]) == 0.25
