"""A department that does not answer in time: everybody can see it, before and after."""

from datetime import timedelta
from itertools import islice

import pytest

from petitions import clock
from petitions.extensions import settings
from tests.journeys import steps
from tests.journeys.people import Moderator, Official, Petitioner, Visitor
from tests.journeys.town import Town

pytestmark = pytest.mark.settings(supporters_needed=2, response_threshold=5, debate_threshold=8)

DAYS_LATE = 5


def test_a_late_answer_is_shown_as_late(
    town: Town, ines: Petitioner, mara: Moderator, otto: Official, anybody: Visitor
) -> None:
    steps.is_published(ines, mara)
    for signer in islice(steps.signers(town), 2):
        signer.signs_and_confirms(ines.petition_id)
    days = settings().response_days
    assert f"{days} days left" in anybody.goes_to("/accountability").main
    with clock.fixed(clock.now() + timedelta(days=days)):
        assert "Due today" in anybody.goes_to("/accountability").main
    with clock.fixed(clock.now() + timedelta(days=days + DAYS_LATE)):
        page = anybody.sees_petition(ines.petition_id)
        assert f"The Department of Transport is {DAYS_LATE} days late with its answer." in page.main
        board = anybody.goes_to("/accountability").main
        assert f"{DAYS_LATE} days late" in board
        assert "1 overdue" in board
        assert f"{DAYS_LATE} days late" in anybody.goes_to("/").main
        otto.signs_in()
        otto.writes_the_answer(summary="We will not.", body="There is no money for it.", outcome="not_agreed")
        otto.publishes_the_answer()
        page = anybody.sees_petition(ines.petition_id)
        assert f"The Department of Transport answered {DAYS_LATE} days late." in page.main
        board = anybody.goes_to("/accountability").main
        assert f"Answered, {DAYS_LATE} days late" in board
        assert "0%" in board
        assert steps.ACTION in anybody.goes_to("/petitions?state=with_response").main
        assert ines.mail_kinds()[-1] == "response_published"
