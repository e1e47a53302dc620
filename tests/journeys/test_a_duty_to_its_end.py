"""One duty through all that may happen to it: paused, moved, late, told of, answered late, found wanting, answered again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from itertools import islice

import pytest

from petitions import clock
from petitions.extensions import settings
from petitions.permissions import Role
from petitions.worker import schedule
from tests import build
from tests.journeys import steps
from tests.journeys.people import Moderator, Official, Overseer, Petitioner, Visitor
from tests.journeys.town import Town

pytestmark = pytest.mark.settings(
    supporters_needed=2, response_threshold=5, debate_threshold=800, response_days=21, escalation_days=7
)


@pytest.fixture
def olga(town: Town) -> Overseer:
    """Watches that answers come in time."""
    return Overseer(town, build.staff(Role.OVERSEER, name="Olga Overseer", email="olga@staff.example.org"))


def test_a_duty_to_its_end(
    town: Town, ines: Petitioner, mara: Moderator, otto: Official, olga: Overseer, anybody: Visitor
) -> None:
    zone = settings().timezone
    first = clock.today(zone)

    @contextmanager
    def day(number: int) -> Iterator[str]:
        """Stand at ten in the morning so many days later, when the worker has done what was due."""
        moment = datetime.combine(first + timedelta(days=number), time(10), tzinfo=zone)
        with clock.fixed(moment):
            town.lets_the_worker_work()
            yield moment.date().isoformat()

    def on(number: int) -> str:
        return (first + timedelta(days=number)).isoformat()

    def read() -> str:
        return anybody.sees_petition(ines.petition_id).main

    schedule.prepare()
    steps.is_published(ines, mara)
    for signer in islice(steps.signers(town), 2):
        signer.signs_and_confirms(ines.petition_id)
    otto.opens_the_duty()
    duty = otto.page.path

    with day(5) as today:
        olga.signs_in()
        olga.goes_to(duty)
        olga.presses(
            "Pause the clock",
            pause__starts_on=today,
            pause__ends_on=on(15),
            pause__reason="An election was called",
        )
        assert "the clock stands still" in read()
        assert "An election was called." in anybody.goes_to("/accountability").main
    with day(15):
        assert "16 days left" in read(), "as many as when it was paused"
    with day(28):
        otto.signs_in()
        otto.goes_to(duty)
        otto.presses("Move the date", extend__due_on=on(40), extend__reason="Figures are missing")
        assert "12 days left" in read()
    with day(33):
        assert "staff_digest" in otto.mail_kinds()
        text = build.text_of(town.mails(otto.address, "staff_digest")[-1])
        assert "7 days left" in text
    with day(38):
        otto.signs_in()
        otto.goes_to(duty)
        otto.presses("Publish the holding reply", holding__body="We wait for the figures of nineteen towns.")
        town.lets_the_worker_work()
        assert "We wait for the figures of nineteen towns." in read()
        assert ines.mail_kinds()[-1] == "holding_reply"
    with day(46):
        assert "6 days late" in anybody.goes_to("/accountability").main
        assert "duty_escalated" not in olga.mail_kinds()
    with day(47):
        assert olga.mail_kinds() == ["duty_escalated"]
        assert "the petitions committee was told" in read()
        town.lets_the_worker_work()
        assert olga.mail_kinds() == ["duty_escalated"]
    with day(50):
        otto.signs_in()
        otto.writes_the_answer(summary="There are buses by day.", body="Many.", outcome="not_agreed")
        otto.publishes_the_answer()
        assert "The Department of Transport answered 10 days late." in read()
    with day(52):
        olga.signs_in()
        olga.goes_to(duty)
        olga.presses("Ask for a better answer", follow__reason="The petition asks for buses at night.")
        second = olga.page.path
        assert second != duty
        town.lets_the_worker_work()
        main = read()
        assert "The petition asks for buses at night." in main
        assert "owes a better answer by" in main
        assert "There are buses by day." in main
        assert ines.mail_kinds()[-1] == "follow_up_asked"
        assert otto.mail_kinds()[-1] == "duty_created"
    with day(60):
        assert olga.mail_kinds() == ["duty_escalated"], "nothing is late any more"
        otto.signs_in()
        otto.goes_to(second)
        otto.follows("Write the answer")
        otto.presses(
            "Save and go on to the preview",
            summary="There will be buses at night.",
            body="From May on.",
            outcome="agreed",
        )
        otto.publishes_the_answer()
        main = read()
        assert "The Department of Transport answered again, 13 days early." in main
        assert "The Department of Transport answered 10 days late." in main
        assert "There will be buses at night." in main
        assert "There are buses by day." in main
