"""People who think again: signers who take something back, and petitioners before their petition is published."""

from datetime import timedelta

import pytest

from petitions import clock
from petitions.worker import schedule
from tests.journeys import steps
from tests.journeys.people import Moderator, Petitioner, Signer, Supporter, Visitor
from tests.journeys.town import Town

pytestmark = pytest.mark.settings(supporters_needed=2, response_threshold=5, debate_threshold=8)


def test_this_was_not_me_counts_nothing_and_can_be_taken_back(
    town: Town, ines: Petitioner, mara: Moderator
) -> None:
    steps.is_published(ines, mara)
    sofia = Signer(town, "Sofia Marsh")
    sofia.signs(ines.petition_id)
    sofia.says_it_was_not_me()
    assert sofia.page.heading == "This signature does not count"
    assert steps.count_of(ines, ines.petition_id) == 3
    mails = len(sofia.mails())
    sofia.signs(ines.petition_id)
    assert len(sofia.mails()) == mails, "whoever said so hears no more of the petition"
    sofia.says_i_did_sign()
    assert sofia.page.heading == "Your signature is confirmed"
    assert steps.count_of(ines, ines.petition_id) == 4


def test_this_was_not_me_also_ends_what_a_machine_confirmed(
    town: Town, ines: Petitioner, mara: Moderator
) -> None:
    steps.is_published(ines, mara)
    sofia = Signer(town, "Sofia Marsh")
    sofia.signs_and_confirms(ines.petition_id)
    assert steps.count_of(ines, ines.petition_id) == 4
    sofia.says_it_was_not_me()
    assert steps.count_of(ines, ines.petition_id) == 3


def test_a_signer_withdraws_and_the_count_falls_by_one(
    town: Town, ines: Petitioner, mara: Moderator, anybody: Visitor
) -> None:
    steps.is_published(ines, mara)
    sofia = Signer(town, "Sofia Marsh")
    sofia.signs_and_confirms(ines.petition_id, updates=True)
    assert steps.count_of(ines, ines.petition_id) == 4
    sofia.withdraws()
    assert "Withdrawn: it does not count" in sofia.page.main
    assert steps.count_of(ines, ines.petition_id) == 3
    assert " 3 confirmed signatures" in anybody.sees_petition(ines.petition_id).main
    sofia.signs_and_confirms(ines.petition_id)
    assert steps.count_of(ines, ines.petition_id) == 4


def test_a_count_that_falls_below_a_threshold_crosses_it_once_only(
    town: Town, ines: Petitioner, mara: Moderator, anybody: Visitor
) -> None:
    steps.is_published(ines, mara)
    first, second = Signer(town, "Sofia Marsh"), Signer(town, "Simon Marsh")
    first.signs_and_confirms(ines.petition_id)
    second.signs_and_confirms(ines.petition_id)
    assert ines.mail_kinds().count("threshold_crossed") == 1
    second.withdraws()
    assert steps.count_of(ines, ines.petition_id) == 4
    assert "owes an answer by" in anybody.sees_petition(ines.petition_id).main
    second.signs_and_confirms(ines.petition_id)
    assert steps.count_of(ines, ines.petition_id) == 5
    assert ines.mail_kinds().count("threshold_crossed") == 1


def test_a_petitioner_changes_the_text_while_gathering_and_takes_it_back(
    town: Town, ines: Petitioner, anybody: Visitor
) -> None:
    steps.gathers_supporters(ines)
    friend = Supporter(town, "Frida Meyer")
    friend.supports_and_confirms(ines.link_for_supporters)
    ines.changes_the_text(action="Light the path along the river and the lake")
    assert "the river and the lake" in ines.page.main
    assert "the river and the lake" in anybody.goes_to(ines.link_for_supporters).main
    ines.takes_it_back()
    assert ines.page.heading == "You took your petition back"
    assert anybody.goes_to(ines.link_for_supporters).heading == "This petition takes no supporters any more"
    assert anybody.sees_petition(ines.petition_id).status == 404
    assert "its signatures lead to nothing" in friend.opens_the_link().main


def test_a_petitioner_takes_a_published_petition_back(
    town: Town, ines: Petitioner, mara: Moderator, anybody: Visitor
) -> None:
    steps.is_published(ines, mara)
    ines.takes_it_back()
    page = anybody.sees_petition(ines.petition_id)
    assert page.status == 200
    assert "This petition was withdrawn" in page.main
    assert "Ines Walker" not in page.words
    assert steps.IDEA["background"] not in page.words
    anybody.goes_to(f"/petitions/{ines.petition_id}/signatures/new")
    assert anybody.page.path == f"/petitions/{ines.petition_id}"


def test_a_petition_without_enough_supporters_lapses_after_30_days(
    town: Town, ines: Petitioner, anybody: Visitor
) -> None:
    steps.gathers_supporters(ines)
    friend, late = Supporter(town, "Frida Meyer"), Supporter(town, "Lars Meyer")
    friend.supports_and_confirms(ines.link_for_supporters)
    late.supports(ines.link_for_supporters)
    schedule.prepare()
    start = clock.now()
    with clock.fixed(start + timedelta(days=29, hours=23)):
        town.lets_the_worker_work()
        assert ines.opens_own_page().heading == "Find your first supporters"
    with clock.fixed(start + timedelta(days=30, minutes=30)):
        assert ines.opens_own_page().heading == "Your petition has lapsed", "by the clock, before any job ran"
        assert anybody.sees_petition(ines.petition_id).status == 404
        town.lets_the_worker_work()
        assert ines.mail_kinds()[-1] == "petition_lapsed"
        assert steps.IDEA["background"] in ines.opens_own_page().main
        assert (
            anybody.goes_to(ines.link_for_supporters).heading == "This petition takes no supporters any more"
        )
        late.opens_the_link()
        assert (late.page.status, late.page.heading) == (404, "This link does not work"), "long deleted"


def test_the_clock_and_then_the_job_close_a_petition(town: Town, ines: Petitioner, mara: Moderator) -> None:
    steps.is_published(ines, mara)
    schedule.prepare()
    with clock.fixed(steps.closing_time(ines.petition_id) + timedelta(minutes=2)):
        town.lets_the_worker_work()
        assert ines.mail_kinds()[-1] == "petition_closed"
        assert ines.opens_own_page().heading == "Your petition is closed"
