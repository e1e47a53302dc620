"""Two who read for a living: a journalist who takes the board away, and somebody of the overseeing body who acts on it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from itertools import islice
from xml.etree import ElementTree

import pytest

from petitions import clock
from petitions.extensions import settings
from petitions.permissions import Role
from tests import build
from tests.journeys import steps
from tests.journeys.people import Moderator, Official, Petitioner, StaffPerson, Visitor
from tests.journeys.town import Town

pytestmark = [
    pytest.mark.settings(supporters_needed=2, response_threshold=5, debate_threshold=7),
    # About what people read. The lists and documents have tests of their own on both.
    pytest.mark.database("sqlite"),
]

DAYS_LATE = 9
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def petition_id(town: Town, ines: Petitioner, mara: Moderator, otto: Official) -> int:
    """A petition that is owed an answer, and waits to be considered for a debate."""
    steps.is_published(ines, mara)
    for signer in islice(steps.signers(town), 4):
        signer.signs_and_confirms(ines.petition_id)
    return ines.petition_id


def test_a_journalist_reads_who_is_late_and_takes_it_away(
    town: Town, petition_id: int, otto: Official, anybody: Visitor
) -> None:
    days = settings().response_days
    assert f"owes an answer by {steps_day(days)}; {days} days left." in anybody.goes_to("/").main
    with clock.fixed(clock.now() + timedelta(days=days + DAYS_LATE)):
        assert f"{DAYS_LATE} days late" in anybody.goes_to("/").main
        board = anybody.follows("The whole board")
        assert "1 overdue" in board.main
        found = anybody.presses("Search", q="no such words")
        assert "No answer is owed or given that fits this." in found.main
        assert anybody.follows("Show every one").heading == "Answers owed"
        department = anybody.follows("Department of Transport")
        assert department.heading == "Department of Transport"
        assert "Answered late 0" in department.main
        anybody.goes_to("/accountability")
        (line,) = csv.DictReader(io.StringIO(anybody.client.get(anybody.page.link("CSV")).text))
        document = anybody.client.get(anybody.page.link("JSON")).get_json()
        feed = ElementTree.fromstring(anybody.client.get(anybody.page.link("Atom")).data)  # noqa: S314
        (entry,) = feed.findall(f"{ATOM}entry")
        (duty,) = document["data"]
        assert line["days"] == str(duty["attributes"]["days"]) == str(-DAYS_LATE)
        assert line["petition"] == str(petition_id)
        own = line["url"].removeprefix(settings().base_url)
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert link.get("href") == line["url"] == duty["attributes"]["url"]
        page = anybody.goes_to(own)
        assert page.heading.startswith("Answer owed: ")
        assert f"The Department of Transport is {DAYS_LATE} days late with its answer." in page.main
        assert (
            anybody.goes_to("/departments/department-of-transport/embed").heading == "Department of Transport"
        )
        otto.signs_in()
        otto.writes_the_answer(summary="We will not.", body="There is no money for it.", outcome="not_agreed")
        otto.publishes_the_answer()
        assert anybody.goes_to(own).heading.startswith("Answered: "), "the address stays"
        assert "Answered late 1" in anybody.goes_to("/accountability").main


def test_somebody_of_the_overseeing_body_reads_writes_and_decides(
    town: Town, petition_id: int, ines: Petitioner, anybody: Visitor
) -> None:
    olga = StaffPerson(town, build.staff(Role.OVERSEER, name="Olga Overseer", email="olga@staff.example.org"))
    olga.signs_in()
    assert "To consider for a debate" in olga.goes_to("/staff/duties").main
    olga.goes_to(f"/staff/petitions/{petition_id}/debate")
    olga.follows("Letters and other business of this petition")
    day = clock.today(settings().timezone).isoformat()
    olga.presses(
        "Add it",
        business__subject="We wrote to the minister",
        business__occurred_on=day,
        business__url="https://video.example.org/letter",
        business__tell=True,
    )
    town.lets_the_worker_work()
    assert "We wrote to the minister" in anybody.sees_petition(petition_id).main
    assert ines.mail_kinds()[-1] == "other_business"
    olga.goes_to(f"/staff/petitions/{petition_id}/debate")
    olga.presses("Save this day", considered__considered_on=day)
    assert "considered this petition for a debate" in anybody.sees_petition(petition_id).main
    olga.goes_to(f"/staff/petitions/{petition_id}/debate")
    olga.presses(
        "Publish the outcome",
        outcome__debated="no",
        outcome__declined_reason="The house debates the same bill next week.",
    )
    town.lets_the_worker_work()
    page = anybody.sees_petition(petition_id)
    assert "decided not to debate this petition. The house debates the same bill next week." in page.main
    assert ines.mail_kinds()[-1] == "debate_outcome"
    assert "The house debates the same bill next week." in ines.mails("debate_outcome")[-1]


def steps_day(days: int) -> str:
    """The day so many days from now, in the words of a page."""
    day = clock.today(settings().timezone) + timedelta(days=days)
    this_year = day.year == clock.today(settings().timezone).year
    return f"{day.day} {day:%B}" if this_year else f"{day.day} {day:%B %Y}"
