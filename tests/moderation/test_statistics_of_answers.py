"""The public statistics of answering: the board's own numbers, and those of a plain count."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from petitions import clock
from petitions.demo.load import load
from tests import build
from tests.accountability.duties import owed
from tests.accountability.opinions import plain_fields, plain_opinions, said
from tests.accountability.test_plain_recomputation import plain_duties, plain_figures
from tests.client import PageCheckingClient
from tests.keeping import kept_or_made

#: The moment at which the demo is told in other tests too, so that it is made once.
NOON = datetime(2026, 11, 23, 12, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stand_in_november(app: Flask) -> Iterator[None]:
    with clock.fixed(NOON):
        yield


def told(client: PageCheckingClient) -> dict[str, Any]:
    """What the document says of answers."""
    document = client.get("/statistics.json").get_json()
    found: dict[str, Any] = document["data"]["answers"]
    return found


def part(client: PageCheckingClient) -> str:
    """The part of the page that tells of answers, as its words."""
    page = client.get("/statistics").text
    return " ".join(page.split('id="answers"', 1)[1].split("</main>", 1)[0].split())


def test_the_statistics_are_the_board_s_numbers_and_those_of_a_plain_count(
    client: PageCheckingClient,
) -> None:
    kept_or_made(load)
    answers, board = told(client), client.get("/accountability.json").get_json()["meta"]
    assert answers == {key: board[key] for key in ("figures", "satisfaction", "months")}
    duties, opinions = plain_duties(), plain_opinions()
    figures = plain_figures(duties, NOON.date())
    assert answers["figures"] == figures
    assert answers["satisfaction"] == plain_fields(opinions[""])
    assert answers["satisfaction"] is not None
    assert len(answers["months"]) > 6
    for month in answers["months"]:
        first = date.fromisoformat(f"{month['month']}-01")
        given = [each for each in duties if each.answered and each.answered.replace(day=1) == first]
        on_time = [each for each in given if each.answered <= (each.holds(each.answered) or date.max)]  # type: ignore[operator, arg-type]
        assert (month["answered"], month["on_time"]) == (len(given), len(on_time))
        assert month["satisfaction"] in (None, plain_fields(opinions.get(month["month"])))
    shown = part(client)
    for words, label in (
        (str(figures["owed_now"]), "owed now"),
        (str(figures["overdue"]), "overdue"),
        (f"{figures['median_days']} days", "half are answered within"),
        (f"{figures['ninety_percent_days']} days", "nine of ten within"),
        (str(figures["answered"]), "answered"),
    ):
        assert f"<dt>{label}</dt><dd>{words}</dd>" in shown


def test_the_months_are_a_table_of_their_own(client: PageCheckingClient) -> None:
    duty = owed("Answered", date(2026, 9, 1), build.department(), answered_on=date(2026, 9, 9))
    said(duty, date(2026, 10, 2), 40, addressed=30, clear=10)
    reply = client.get("/statistics/answers.csv")
    assert reply.mimetype == "text/csv"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "s-maxage=60" in reply.headers["Cache-Control"]
    assert (
        client.get("/statistics/answers.csv", headers={"If-None-Match": reply.headers["ETag"]}).status_code
        == 304
    )
    september, october, november = csv.DictReader(io.StringIO(reply.text))
    assert september == {
        "month": "2026-09",
        "answered": "1",
        "on_time": "1",
        "on_time_share": "1.0",
        "median_days": "8",
        "overdue_at_end": "0",
        "satisfaction_answers": "",
        "satisfaction_addressed_share": "",
        "satisfaction_clear_share": "",
    }
    assert [value for key, value in october.items() if key.startswith("satisfaction")] == [
        "40",
        "0.75",
        "0.25",
    ]
    assert (november["month"], november["median_days"]) == ("2026-11", "")
    links = client.get("/statistics.json").get_json()["links"]
    assert links["answers_csv"].endswith("/statistics/answers.csv")


def test_nothing_yet_is_said_without_figures(client: PageCheckingClient) -> None:
    answers = told(client)
    assert (answers["figures"]["answered"], answers["figures"]["median_days"]) == (0, None)
    assert answers["satisfaction"] is None
    (month,) = answers["months"]
    assert (month["month"], month["satisfaction"]) == ("2026-11", None)
    assert "Not enough answers yet" in part(client)


def test_the_help_page_leads_to_the_statistics(client: PageCheckingClient) -> None:
    page = client.get("/help").text.split("<main", 1)[1].split("</main>", 1)[0]
    assert '<a href="/statistics">' in page
