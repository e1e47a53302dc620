"""The count and the history for programs: exact, complete, open to other sites."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from petitions import clock
from petitions.browsing.history import MOST_POINTS, history_of
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Debate, HourCount, Petition
from tests import build
from tests.client import PageCheckingClient

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@transactional
def counted(petition: Petition, hours: dict[datetime, int]) -> None:
    """Signatures counted by the hour without rows of their own."""
    for hour, number in hours.items():
        db.session.add(
            HourCount(petition_id=petition.id, hour=hour, signature_count=number, imported_signatures=number)
        )


def test_the_count_has_the_keys_of_the_uk(client: PageCheckingClient) -> None:
    with clock.fixed(datetime(2026, 7, 1, 12, tzinfo=UTC)):
        petition = build.open_petition(count=100_001)
        build.cross(petition)

    @transactional
    def schedule() -> None:
        db.session.add(Debate(petition_id=petition.id, scheduled_on=date(2026, 12, 9), scheduled_at=NOON))

    schedule()
    response = client.get(f"/petitions/{petition.id}/count.json")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.json == {
        "signature_count": 100_001,
        "response_threshold_reached_at": "2026-07-01T13:00:00.000+01:00",
        "government_response_at": None,
        "debate_threshold_reached_at": None,
        "scheduled_debate_date": "2026-12-09",
        "debate_outcome_at": None,
        "debated": False,
    }


@pytest.mark.parametrize(
    ("state", "published", "count", "history"),
    [
        ("pending", False, 404, 404),
        ("gathering", False, 200, 404),
        ("review", False, 200, 404),
        ("open", True, 200, 200),
        ("closed", True, 200, 200),
        ("rejected", False, 200, 404),
        ("rejected", True, 200, 200),
        ("hidden", False, 404, 404),
        ("hidden", True, 410, 410),
        ("withdrawn", False, 404, 404),
        ("withdrawn", True, 200, 200),
        ("lapsed", False, 404, 404),
    ],
)
def test_figures_are_public_where_the_petition_is(
    client: PageCheckingClient, state: str, published: bool, count: int, history: int
) -> None:
    opened: dict[str, Any] = (
        {"opened_at": clock.now()} if published and state not in {"open", "closed"} else {}
    )
    petition = build.petition(state, **opened)
    assert client.get(f"/petitions/{petition.id}/count.json").status_code == count
    assert client.get(f"/petitions/{petition.id}/history.json").status_code == history
    assert client.get(f"/petitions/{petition.id}/history.csv").status_code == history


def test_history_goes_by_the_hour_for_14_days_and_by_the_day_after(client: PageCheckingClient) -> None:
    opened = NOON - timedelta(days=20)
    with clock.fixed(opened):
        petition = build.open_petition(count=1_000)
    # The petitioner's own row was counted in the hour of publication; 999 more follow.
    counted(
        petition,
        {opened + timedelta(hours=5): 99, opened + timedelta(days=15): 400, opened + timedelta(days=19): 500},
    )
    with clock.fixed(NOON + timedelta(minutes=30)):
        document = client.get(f"/petitions/{petition.id}/history.json").get_json()
        table = list(csv.DictReader(io.StringIO(client.get(f"/petitions/{petition.id}/history.csv").text)))
    attributes = document["data"]["attributes"]
    steps = attributes["steps"]
    assert document["links"]["self"] == f"http://localhost/petitions/{petition.id}/history.json"
    assert attributes["signatures_before"] == 0
    assert steps[0] == {
        "since": "2026-11-03T12:00:00.000Z",
        "until": "2026-11-03T13:00:00.000Z",
        "period": "hour",
        "signature_count": 1,
        "total": 1,
    }
    assert [step["period"] for step in steps] == ["hour"] * (14 * 24) + ["day"] * 7
    assert all(later["since"] == earlier["until"] for earlier, later in pairwise(steps))
    assert sum(step["signature_count"] for step in steps) == 1_000
    assert steps[-1]["total"] == 1_000
    assert steps[-1]["until"] == "2026-11-23T12:30:00.000Z"
    assert [(row["since"], int(row["total"])) for row in table] == [
        (step["since"], step["total"]) for step in steps
    ]


def test_days_are_days_of_the_sites_zone_across_the_change_of_clocks(client: PageCheckingClient) -> None:
    opened = datetime(2026, 10, 1, 9, tzinfo=UTC)
    with clock.fixed(opened):
        petition = build.open_petition()
    with clock.fixed(datetime(2026, 10, 28, 9, tzinfo=UTC)):
        steps = [step for step in history_of(petition).steps if step.period == "day"]
    ends = [step.until for step in steps]
    # Midnight in London: 23:00 UTC in summer, 0:00 UTC in winter; the 25th has 25 hours.
    assert ends[-5:-1] == [
        datetime(2026, 10, 24, 23, tzinfo=UTC),
        datetime(2026, 10, 26, tzinfo=UTC),
        datetime(2026, 10, 27, tzinfo=UTC),
        datetime(2026, 10, 28, tzinfo=UTC),
    ]


def test_supporters_counted_before_publication_are_the_beginning(client: PageCheckingClient) -> None:
    with clock.fixed(NOON - timedelta(days=9)):
        petition = build.open_petition(supporters=5, opened_at=NOON - timedelta(days=2))
    with clock.fixed(NOON):
        history = history_of(petition)
    assert history.before == 6
    assert history.points[0] == (NOON - timedelta(days=2), 6)
    assert history.points[-1] == (NOON, 6)


def test_signatures_from_elsewhere_have_no_curve_until_somebody_signs_here(
    client: PageCheckingClient,
) -> None:
    @transactional
    def imported() -> Petition:
        row = Petition(
            state="open", action="Old", background="Old.", opened_at=NOON - timedelta(days=900),
            closes_at=NOON + timedelta(days=9), signature_count=900_000, imported_signatures=900_000,
        )  # fmt: skip
        db.session.add(row)
        return row

    petition = imported()
    with clock.fixed(NOON):
        assert history_of(petition).points == []
        assert "there is no curve to draw" in client.get(f"/petitions/{petition.id}").text
        assert client.get(f"/petitions/{petition.id}/history.json").get_json()["data"]["attributes"] == {
            "signature_count": 900_000,
            "signatures_before": 900_000,
            "steps": [],
        }


def test_a_chart_has_at_most_200_points_and_ends_at_the_count(client: PageCheckingClient) -> None:
    opened = NOON - timedelta(days=180)
    with clock.fixed(opened):
        petition = build.open_petition(count=4321)
    counted(petition, {opened + timedelta(hours=12 * n): 12 for n in range(1, 361)})
    with clock.fixed(NOON):
        points = history_of(petition).points
        page = client.get(f"/petitions/{petition.id}").text
    assert len(points) == MOST_POINTS
    assert points[0] == (opened, 0)
    assert points[-1] == (NOON, 4321)
    assert [total for _, total in points] == sorted(total for _, total in points)
    assert "Signatures over time" in page
    assert f'href="/petitions/{petition.id}/history.csv"' in page
