"""Rising is worked out as the page says, and home shows it beside what is owed."""

from datetime import UTC, datetime, timedelta

from petitions import clock, counting
from petitions.browsing import trending
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Petition, Signature
from tests import build
from tests.browsing.pages import count_queries, titles, words
from tests.client import PageCheckingClient

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def signed(petition: Petition, minutes_ago: float, number: int = 1) -> None:
    with clock.fixed(NOON - timedelta(minutes=minutes_ago)):
        build.signatures(petition, number)


def test_the_hour_is_60_minutes_to_the_beginning_of_the_minute(client: PageCheckingClient) -> None:
    with clock.fixed(NOON - timedelta(days=9)):
        petition = build.open_petition()
    for minutes in (60.5, 60, 59.9, 0.1, 0):
        signed(petition, minutes)
    with clock.fixed(NOON + timedelta(seconds=59)):
        window = trending.last_hour()
        assert (window.since, window.until) == (NOON - timedelta(hours=1), NOON)
        assert [row.signatures for row in trending.rising_in_hour(window, 5)] == [3]


def test_the_most_signed_come_first_and_the_day_decides_between_equals(client: PageCheckingClient) -> None:
    with clock.fixed(NOON - timedelta(days=9)):
        quiet, busy, equal, closed = (
            build.open_petition(action=title) for title in ("quiet", "busy", "equal", "closed")
        )
    signed(busy, 5, 3)
    signed(quiet, 5, 2)
    signed(equal, 5, 2)
    signed(equal, 300, 4)
    signed(closed, 5, 9)
    with clock.fixed(NOON):

        @transactional
        def end() -> None:
            db.session.get_one(Petition, closed.id).closes_at = NOON - timedelta(minutes=1)

        end()
        page = client.get("/trending").text
        assert titles(page) == ["busy", "equal", "quiet", "equal", "busy", "quiet"]
        text = words(page)
        assert "After 23 November 2026, 11:00, up to 23 November 2026, 12:00." in text
        assert "From 22 November 2026, 13:00, up to 23 November 2026, 12:00." in text
        assert titles(client.get("/").text) == ["busy", "equal", "quiet"]


def test_a_signature_taken_back_no_longer_rises(client: PageCheckingClient) -> None:
    with clock.fixed(NOON - timedelta(minutes=9)):
        petition = build.open_petition()
        row = build.signature(petition)

    @transactional
    def take_back() -> None:
        counting.uncount(db.session.get_one(Signature, row.id))

    with clock.fixed(NOON):
        assert trending.rising_in_hour(trending.last_hour(), 5)[0].signatures == 2
        take_back()
        assert trending.rising_in_hour(trending.last_hour(), 5)[0].signatures == 1


def test_home_counts_the_day_when_nobody_signed_in_the_hour(client: PageCheckingClient) -> None:
    with clock.fixed(NOON - timedelta(hours=5)):
        build.open_petition(action="this morning")
    with clock.fixed(NOON):
        page = client.get("/").text
        assert titles(page) == ["this morning"]
        assert "Confirmed signatures in the last day." in words(page)
        assert "No signature was counted in this hour." in words(client.get("/trending").text)


def test_home_without_a_single_petition_still_says_what_to_do(client: PageCheckingClient) -> None:
    text = words(client.get("/").text)
    assert "Ask Parliament to act" in text
    assert "With 10,000 signatures the Government owes you an answer within 21 days." in text
    assert "Nobody has signed a petition since yesterday." in text
    assert "No answer is owed now." in text
    assert "Answered lately" not in text
    assert "No signature was counted in this hour." in words(client.get("/trending").text)


def test_home_shows_what_is_owed_and_takes_few_queries(client: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        for number in range(3):
            petition = build.open_petition(
                action=f"owed {number}", departments=[build.department(f"Department {number}")]
            )
            build.cross(petition)
        with count_queries() as statements:
            text = words(client.get("/").text)
    assert "Answers owed 3 now" in text
    assert "The Department 2 owes an answer by 14 December; 21 days left." in text
    assert len(statements) <= 12, "\n".join(statements)
