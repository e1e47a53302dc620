"""What signers think of answers, month by month: on the board and on each department's page, from thirty on."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from petitions import clock
from petitions.demo.load import load
from petitions.models import Duty
from tests import build
from tests.accountability.duties import owed
from tests.accountability.opinions import plain_fields, plain_opinions, said
from tests.client import PageCheckingClient
from tests.keeping import kept_or_made

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PATHS = ("/accountability", "/departments/department-of-trade")


@pytest.fixture(autouse=True)
def _stand_in_november(app: Flask) -> Iterator[None]:
    with clock.fixed(NOW):
        yield


@pytest.fixture
def answered(app: Flask) -> Duty:
    """An answer of September."""
    trade = build.department("Department of Trade")
    return owed("Answered", date(2026, 9, 1), trade, answered_on=date(2026, 9, 9))


def rows_of(page: str) -> dict[str, list[str]]:
    """The table of months: the cells of each, by its name."""
    table = page.split("Overdue at its end", 1)[1].split("</table>", 1)[0]
    found: dict[str, list[str]] = {}
    for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL):
        cells = [
            re.sub(r"<[^>]+>", "", cell).strip()
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
        if cells:
            found[cells[0].split()[0]] = cells[1:]
    return found


def months_of(client: PageCheckingClient, path: str) -> dict[str, Any]:
    """What the document says of each month."""
    document = client.get(f"{path}.json").json
    assert document is not None
    return {month["month"]: month["satisfaction"] for month in document["meta"]["months"]}


@pytest.mark.parametrize("path", PATHS)
def test_a_month_in_which_thirty_spoke_is_drawn_and_told(
    answered: Duty, client: PageCheckingClient, path: str
) -> None:
    said(answered, date(2026, 9, 12), 29, addressed=29, clear=29)
    said(answered, date(2026, 10, 1), 20, addressed=20, clear=0)
    said(answered, date(2026, 10, 31), 20, addressed=8, clear=0)
    said(answered, date(2026, 11, 2), 29, addressed=29, clear=29)
    page = client.get(path).text
    assert len(re.findall("<figure", page)) == 5
    drawn = page.split("<b>Signers content</b>", 1)[1].split("</figure>", 1)[0]
    assert re.findall(r'height="([\d.]+)" />', drawn) == ["64.4"], "70 of 100, of a height of 92"
    clear = page.split("<b>Found it clear</b>", 1)[1].split("</figure>", 1)[0]
    assert ">0</text>" in clear, "that nobody found it clear is said"
    rows = rows_of(page)
    assert rows["October"][-2:] == ["70%", "0%"]
    assert rows["September"][-2:] == rows["November"][-2:] == ["–", "–"]
    assert months_of(client, path) == {
        "2026-09": None,
        "2026-10": {"answers": 40, "addressed_share": 0.7, "clear_share": 0.0},
        "2026-11": None,
    }


@pytest.mark.parametrize("path", PATHS)
def test_where_no_month_has_thirty_nothing_is_drawn(
    answered: Duty, client: PageCheckingClient, path: str
) -> None:
    for day in (date(2026, 9, 30), date(2026, 10, 1)):
        said(answered, day, 29, addressed=29, clear=29)
    page = client.get(path).text
    assert len(re.findall("<figure", page)) == 3
    assert "Found it clear" not in page.split("Show as a table")[1].split("</table>")[0]
    assert set(months_of(client, path).values()) == {None}


def test_a_department_shows_its_own_months_and_the_board_those_of_all(
    answered: Duty, client: PageCheckingClient
) -> None:
    works = build.department("Department of Works")
    other = owed("Also answered", date(2026, 9, 1), works, answered_on=date(2026, 9, 9))
    said(answered, date(2026, 10, 2), 30, addressed=30, clear=30)
    said(other, date(2026, 10, 2), 30, addressed=0, clear=15)
    assert months_of(client, PATHS[1])["2026-10"]["addressed_share"] == 1
    assert months_of(client, "/departments/department-of-works")["2026-10"]["addressed_share"] == 0
    assert months_of(client, PATHS[0])["2026-10"] == {
        "answers": 60,
        "addressed_share": 0.5,
        "clear_share": 0.75,
    }


def test_on_the_demo_each_month_is_that_of_a_plain_count(app: Flask, client: PageCheckingClient) -> None:
    kept_or_made(load)
    board = client.get("/accountability.json").json
    assert board is not None
    counted = plain_opinions()
    assert board["meta"]["satisfaction"] == plain_fields(counted[""])
    months = months_of(client, "/accountability")
    assert {month: told for month, told in months.items() if told} == {
        month: plain_fields(counted.get(month)) for month, told in months.items() if told
    }
    assert any(months.values()), "the demo shows some"
    for department in board["meta"]["departments"]:
        counted = plain_opinions(department["name"])
        for month, told in months_of(client, f"/departments/{department['slug']}").items():
            assert told in (None, plain_fields(counted.get(month)))
        assert department["satisfaction"] == plain_fields(counted.get(""))


def test_what_is_left_out_cannot_be_worked_out_from_the_rest(
    answered: Duty, client: PageCheckingClient
) -> None:
    """The attack: all opinions less those of the months that are shown. The month of forty is left out with that of nine."""
    said(answered, date(2026, 9, 12), 50, addressed=50, clear=50)
    said(answered, date(2026, 10, 1), 40, addressed=20, clear=0)
    said(answered, date(2026, 11, 2), 9, addressed=0, clear=9)
    for path in PATHS:
        document = client.get(f"{path}.json").json
        assert document is not None
        months = months_of(client, path)
        shown = sum(month["answers"] for month in months.values() if month)
        assert shown == 50
        assert 99 - shown >= 30
    works = build.department("Department of Works")
    other = owed("Also answered", date(2026, 9, 1), works, answered_on=date(2026, 9, 9))
    said(other, date(2026, 11, 2), 12, addressed=0, clear=12)
    board = client.get("/accountability.json").json
    assert board is not None
    assert board["meta"]["satisfaction"]["answers"] == 99, "an answer of which few spoke is in no total"
