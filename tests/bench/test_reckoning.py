"""What rounds come to: no line with an error passes, and no ratio is better than its rounds."""

import pytest

from bench import table
from bench.reckoning import Goal, Line, Round, each_costs, percentile, short


def rounds(*rates: float) -> list[Round]:
    """Rounds of one second each."""
    return [Round(int(rate), 1.0, p50=10, p99=30, web_seconds=0.2, database_seconds=0.1) for rate in rates]


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([], 0.5, 0),
        ([7], 0.99, 7),
        ([3, 1, 2], 0.5, 2),
        (range(1, 101), 0.5, 50),
        (range(1, 101), 0.99, 99),
        (range(1, 1001), 0.999, 999),
    ],
)
def test_a_percentile_is_a_value_that_was_measured(
    values: list[float], share: float, expected: float
) -> None:
    assert percentile(values, share) == expected


def test_a_ratio_is_that_of_rounds_taken_side_by_side() -> None:
    # The machine was half as fast in the second round, for both: the ratio does not know.
    line = Line("page", rounds(100, 50, 90), "floor", rounds(200, 100, 100))
    assert line.ratios == [0.5, 0.5, 0.9]
    assert line.ratio == 0.5
    assert line.rate == 90


def test_what_one_answer_costs_is_over_all_rounds() -> None:
    assert each_costs(rounds(1000, 3000), "web_seconds") == 100
    assert each_costs([Round(0, 1.0, web_seconds=1.0)], "web_seconds") == 0


@pytest.mark.parametrize(
    "line",
    [
        Line("an answer was wrong", [Round(10, 1.0, errors=("3 answers were wrong (status 500)",))]),
        Line("the floor was wrong", rounds(10), "floor", [Round(10, 1.0, errors=("lost",))]),
        Line("a count was not exact", rounds(10), wrong=["said 9, rows 10"]),
        Line("nothing came", [Round(0, 1.0)]),
        Line("nothing came of the floor", rounds(10), "floor", [Round(0, 1.0)]),
    ],
    ids=lambda line: line.what,
)
def test_a_line_with_an_error_has_failed_and_says_so(line: Line) -> None:
    assert line.failed
    assert "**FAILED**" in table.page([], [("Part", [line])])


def test_a_line_without_errors_has_not_failed() -> None:
    line = Line("page", rounds(10), "floor", rounds(20))
    assert not line.failed
    assert "FAILED" not in table.page([], [("Part", [line])])


def test_a_goal_is_met_at_its_bar_and_tells_its_distance_below() -> None:
    assert str(Goal("ratio", 0.45, 0.45)) == "ratio ≥ 0.45: 0.45, met"
    assert str(Goal("ratio", 0.09, 0.45)) == "ratio ≥ 0.45: 0.09, NOT MET (20% of it)"
    assert Goal("p99 in p50s", 4.9, 5, at_most=True).is_met
    assert not Goal("p99 in p50s", 5.1, 5, at_most=True).is_met


def test_a_missed_goal_is_listed_at_the_end_of_the_page() -> None:
    line = Line("page", rounds(10), "floor", rounds(100))
    line.wants("ratio", line.ratio, 0.45)
    page = table.page(["Two cores."], [("Reading", [line])])
    assert "## Not met\n\n- page: ratio ≥ 0.45: 0.10, NOT MET (22% of it)" in page
    assert page.startswith("# What it costs\n\n- Two cores.")


@pytest.mark.parametrize(
    ("number", "said"),
    [(0.4549, "0.45"), (12.34, "12.3"), (123.4, "123"), (333, "333"), (12_345.6, "12\u202f346"), (0, "0")],
)
def test_numbers_have_as_many_digits_as_can_be_believed(number: float, said: str) -> None:
    assert short(number) == said
