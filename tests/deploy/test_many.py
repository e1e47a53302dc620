"""The short form of `make many`: each part of a site of several is taken away once, and nobody loses anything."""

from __future__ import annotations

import pytest

from tests.databases import Unavailable
from tests.faults.bench import folder_of_a_run, server_of_a_run
from tests.faults.effort import Effort
from tests.faults.front import find_nginx
from tests.faults.many import QUICK, take_parts_away


# The oracle may have been reading at that moment; what it left open in the driver is only noticed later.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_part_of_a_site_of_several_is_missed_and_limits_are_shared() -> None:
    try:
        find_nginx()
        with folder_of_a_run() as folder, server_of_a_run() as server:
            figure, rows = take_parts_away(folder / "many", server, 1, Effort(1, 60), QUICK)
    except Unavailable as reason:
        pytest.skip(str(reason))
    assert not figure.wrong, "\n".join(figure.wrong[:20])
    assert {row.times for row in rows} == {1}
    assert figure.numbers["acknowledged"] > 30
