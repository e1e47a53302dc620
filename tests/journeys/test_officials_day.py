"""An official's and an approver's day: written, read by a second person, put on the schedule, published, told, put right."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta

import pytest

from petitions import clock
from petitions.extensions import settings
from petitions.permissions import Role
from petitions.worker import schedule
from tests import build
from tests.journeys import steps
from tests.journeys.people import Moderator, Official, Petitioner, Visitor
from tests.journeys.town import Town

pytestmark = pytest.mark.settings(
    supporters_needed=2, response_threshold=4, debate_threshold=800, response_approval=True
)

ANSWER = {
    "summary": "We light the path from May.",
    "body": "Forty lamps, all the way.",
    "outcome": "agreed",
}


@pytest.fixture
def anna(town: Town) -> Official:
    """Approves what the department answers; is signed in."""
    row = build.staff(
        Role.APPROVER, name="Anna Approver", email="anna@staff.example.org", department=town.transport
    )
    anna = Official(town, row)
    anna.signs_in()
    return anna


def approves(anna: Official) -> None:
    """She finds what waits for her on her front page, reads, and approves."""
    front = anna.goes_to("/staff")
    (waiting,) = {href for _, href in front.main_links if href.endswith("/response/preview")}
    anna.goes_to(waiting)
    anna.presses("Approve these words")
    assert "By Anna Approver." in anna.page.main


def digests(staff: Official) -> list[str]:
    """The mails of the day that somebody got."""
    return [build.text_of(mail) for mail in staff.town.mails(staff.address, "staff_digest")]


def test_an_officials_and_an_approvers_day(
    town: Town, ines: Petitioner, mara: Moderator, otto: Official, anna: Official, anybody: Visitor
) -> None:
    zone = settings().timezone
    first = clock.today(zone)

    @contextmanager
    def day(number: int) -> Iterator[None]:
        """Stand at noon so many days later, when the worker has done what was due; Otto and Anna are signed in anew."""
        with clock.fixed(datetime.combine(first + timedelta(days=number), time(12), tzinfo=zone)):
            town.lets_the_worker_work()
            otto.signs_in()
            anna.signs_in()
            yield

    def read() -> str:
        return anybody.sees_petition(ines.petition_id).main

    schedule.prepare()
    steps.is_published(ines, mara)
    signer = next(steps.signers(town))
    signer.signs_and_confirms(ines.petition_id, updates=True)
    assert "is late" not in read()

    # Otto writes; nothing goes out before a second person has read it, and his own approval is none.
    otto.writes_the_answer(**ANSWER)
    preview = otto.page.path
    assert "A second person must approve these words" in otto.page.main
    otto.presses("Ask for approval")
    buttons = {button.text.strip() for form in otto.page.forms for button in form.buttons}
    assert buttons.isdisjoint({"Publish the answer", "Put it on the schedule", "Approve these words"})
    approves(anna)

    # It goes on the schedule, and nobody outside sees it before its moment.
    otto.goes_to(preview)
    tomorrow = (first + timedelta(days=1)).isoformat()
    otto.presses("Put it on the schedule", publish_at=f"{tomorrow}T09:30")
    assert "published by itself on" in otto.goes_to(preview).main
    town.lets_the_worker_work()
    assert ANSWER["summary"] not in read()

    with day(1):
        main = read()
        assert ANSWER["summary"] in main
        assert "The Department of Transport answered" in main
        assert ines.mail_kinds()[-1] == "response_published"
        assert ANSWER["summary"] in signer.mails("response_published")[-1]
        assert "/responses/rate/" in signer.mails("response_published")[-1]

    # A figure was wrong: the change, too, is read by a second person, and says why it was made.
    with day(3):
        otto.opens_the_duty()
        otto.follows("Change the answer")
        otto.presses("Save and go on to the preview", body="Fifty lamps, all the way.")
        assert otto.page.heading == "Preview of the change"
        otto.presses("Ask for approval")
        assert "Forty lamps" in read()
        approves(anna)
        otto.goes_to(preview)
        otto.presses("Publish the change", reason="We counted the lamps anew.", tell=True)
        town.lets_the_worker_work()
        assert "Fifty lamps" in read()
        versions = anybody.goes_to(f"/petitions/{ines.petition_id}/response/versions").main
        for words in ("Forty", "Fifty", "We counted the lamps anew."):
            assert words in versions
        assert signer.mail_kinds()[-1] == "response_changed"
        assert signer.mail_kinds().count("response_published") == 1

    # What the answer promises is marked, and asked about half a year later.
    with day(4):
        otto.opens_the_duty()
        otto.follows("What was promised, and whether it was kept")
        otto.presses("Mark it", promise="Fifty lamps burn along the path.")
        assert "Fifty lamps burn along the path." in read()
        assert not any("/commitments" in text for text in digests(otto))
    with day(200):
        assert "No answer yet" in read()
    with day(201):
        assert ["/commitments" in text for text in digests(otto)].count(True) == 1
        otto.goes_to(town.link(otto.address, "staff_digest", "/commitments"))
        otto.follows("Say whether it was kept: “Fifty lamps burn along the path.”")
        otto.presses("Publish it", kept="partly", note="Thirty so far.")
        assert "Partly kept" in read()
        assert "Thirty so far." in read()
