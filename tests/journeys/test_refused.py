"""Petitions that moderators refuse, before and after they stood on the site."""

import pytest

from petitions.permissions import Role
from tests import build
from tests.journeys import steps
from tests.journeys.people import Moderator, Petitioner, Signer, Visitor
from tests.journeys.town import Town

pytestmark = [
    pytest.mark.settings(supporters_needed=2, response_threshold=5, debate_threshold=8),
    # About what people read. Refusing, appealing and reporting have tests of their own on both.
    pytest.mark.database("sqlite"),
]

EXPLANATION = "The town owns the path. Ask its council."


def test_a_rejected_petition_stays_readable_with_its_reason(
    town: Town, ines: Petitioner, mara: Moderator, anybody: Visitor
) -> None:
    friends = steps.enters_review(ines)
    mara.rejects(ines.petition_id, code="irrelevant", explanation=EXPLANATION)
    assert "It is about something the government or the chamber is not responsible for" in mara.page.main
    for person in (ines, *friends):
        assert person.mail_kinds()[-1] == "petition_rejected"
        assert EXPLANATION in person.mails()[-1]
    page = anybody.sees_petition(ines.petition_id)
    assert (page.status, page.heading) == (200, steps.ACTION)
    assert "Rejected" in page.main
    assert EXPLANATION in page.main
    assert "confirmed signature" not in page.main
    assert steps.ACTION in anybody.goes_to("/petitions?state=rejected").main
    assert steps.ACTION not in anybody.goes_to("/petitions?state=open").main
    assert ines.opens_own_page().heading == "Your petition was rejected"
    assert EXPLANATION in ines.page.main
    anybody.goes_to(ines.link_for_supporters)
    assert anybody.page.heading == "This petition takes no supporters any more"


def test_the_words_of_a_petition_hidden_in_review_are_shown_nowhere(
    town: Town, ines: Petitioner, mara: Moderator, anybody: Visitor
) -> None:
    friends = steps.enters_review(ines)
    mara.rejects(ines.petition_id, code="personal", explanation=EXPLANATION)
    assert anybody.sees_petition(ines.petition_id).status == 404
    assert steps.ACTION not in anybody.page.words
    for address in ("/petitions?state=all", "/petitions?state=rejected", "/petitions?q=river", "/"):
        assert steps.ACTION not in anybody.goes_to(address).words, address
    assert anybody.client.get(f"/petitions/{ines.petition_id}/count.json").status_code == 404
    for person in (ines, *friends):
        assert person.mail_kinds()[-1] == "petition_hidden"
        assert steps.ACTION not in person.mails()[-1]
    assert EXPLANATION in ines.mails()[-1]
    assert EXPLANATION not in friends[0].mails()[-1]
    assert ines.opens_own_page().heading == "Your petition is not shown"


def test_a_petition_taken_down_for_a_hiding_reason_is_gone(
    town: Town, ines: Petitioner, mara: Moderator, anybody: Visitor
) -> None:
    friends = steps.is_published(ines, mara)
    waiting = Signer(town, "Wanda Meyer")
    waiting.signs(ines.petition_id)
    mara.takes_down(ines.petition_id, code="libellous", explanation=EXPLANATION)
    assert anybody.sees_petition(ines.petition_id).status == 410
    assert steps.ACTION not in anybody.page.words
    for path in ("/count.json", "/history.json", "/signatures/new"):
        assert anybody.client.get(f"/petitions/{ines.petition_id}{path}").status_code == 410, path
    for address in ("/petitions?state=all", "/petitions?q=river", "/trending", "/"):
        assert steps.ACTION not in anybody.goes_to(address).words, address
    for person in (ines, *friends):
        assert person.mail_kinds()[-1] == "petition_hidden"
        assert steps.ACTION not in person.mails()[-1]
    assert waiting.opens_the_link().status == 410
    assert steps.ACTION not in waiting.page.words


def test_a_petition_rejected_after_publication_takes_no_signatures_and_can_be_put_back(
    town: Town, ines: Petitioner, mara: Moderator, anybody: Visitor
) -> None:
    steps.is_published(ines, mara)
    closes_at = steps.closing_time(ines.petition_id)
    mara.takes_down(ines.petition_id, code="irrelevant", explanation=EXPLANATION)
    page = anybody.sees_petition(ines.petition_id)
    assert (page.status, page.heading) == (200, steps.ACTION)
    assert "It was taken down and can no longer be signed." in page.main
    anybody.goes_to(f"/petitions/{ines.petition_id}/signatures/new")
    assert anybody.page.path == f"/petitions/{ines.petition_id}"
    ada = Moderator(town, build.staff(Role.ADMINISTRATOR, email="ada@staff.example.org"))
    ada.signs_in()
    ada.puts_back(ines.petition_id)
    assert anybody.sees_petition(ines.petition_id).heading == "This petition is being checked"
    mara.publishes(ines.petition_id)
    assert steps.closing_time(ines.petition_id) == closes_at
    Signer(town, "Sofia Marsh").signs_and_confirms(ines.petition_id)
    assert steps.count_of(ines, ines.petition_id) == 4


APPEAL = "The path is the Government's: the river board gave it back last year."
SECOND_OPINION = "The petitioner is right about the path."


def test_a_refusal_is_appealed_upheld_by_another_moderator_and_the_petition_published(
    town: Town, ines: Petitioner, mara: Moderator, anybody: Visitor
) -> None:
    friends = steps.enters_review(ines)
    mara.rejects(ines.petition_id, code="irrelevant", explanation=EXPLANATION)
    assert "Appeal against the decision" in ines.opens_own_page().main
    ines.appeals(APPEAL)
    assert ines.page.heading == "Your appeal is with us"
    assert ines.mail_kinds()[-1] == "appeal_received"
    assert "An appeal waits to be decided" in anybody.sees_petition(ines.petition_id).main
    assert APPEAL not in anybody.page.words
    mara.goes_to(f"/staff/petitions/{ines.petition_id}/appeal")
    assert "somebody else decides the appeal" in mara.page.main
    idris = Moderator(town, build.staff(Role.MODERATOR, email="idris@staff.example.org"))
    idris.signs_in()
    idris.decides_the_appeal(ines.petition_id, "upheld", SECOND_OPINION)
    assert ines.mail_kinds()[-1] == "appeal_decided"
    assert SECOND_OPINION in ines.mails()[-1]
    assert "It was upheld on" in ines.opens_own_page().main
    assert anybody.sees_petition(ines.petition_id).heading == "This petition is being checked"
    mara.publishes(ines.petition_id)
    for person in (ines, *friends):
        assert person.mail_kinds()[-1] == "petition_published"
    page = anybody.sees_petition(ines.petition_id)
    assert page.heading == steps.ACTION
    assert APPEAL in page.main
    assert SECOND_OPINION in page.main
    Signer(town, "Sofia Marsh").signs_and_confirms(ines.petition_id)
    assert "1 appeal was made." in anybody.goes_to("/statistics").main


def test_an_appeal_that_is_dismissed_leaves_both_reasons_for_everybody(
    town: Town, ines: Petitioner, mara: Moderator, anybody: Visitor
) -> None:
    steps.enters_review(ines)
    mara.rejects(ines.petition_id, code="irrelevant", explanation=EXPLANATION)
    ines.appeals(APPEAL)
    idris = Moderator(town, build.staff(Role.MODERATOR, email="idris@staff.example.org"))
    idris.signs_in()
    idris.decides_the_appeal(ines.petition_id, "dismissed", "The board kept the path.")
    page = anybody.sees_petition(ines.petition_id).main
    for words in (EXPLANATION, APPEAL, "The board kept the path."):
        assert words in page
    assert "Appeal against the decision" not in ines.opens_own_page().main


def test_a_reader_reports_a_petition_and_reads_by_the_reference_what_came_of_it(
    town: Town, ines: Petitioner, mara: Moderator, anybody: Visitor
) -> None:
    steps.is_published(ines, mara)
    anybody.sees_petition(ines.petition_id)
    anybody.follows("Report this petition")
    anybody.presses("Send the report", code="libellous", words="The last line accuses somebody.")
    reference = anybody.page.path
    assert anybody.page.heading == "Your report is with us"
    mara.goes_to("/staff/queue")
    mara.follows("Reported petitions")
    mara.follows(steps.ACTION)
    mara.follows("Change the words")
    mara.presses(
        "Save the words", background="Nobody dares to walk there in the dark.", reason="A word was missing."
    )
    mara.goes_to(f"/staff/petitions/{ines.petition_id}/reports")
    mara.presses("Resolve these reports", outcome="acted", explanation="We corrected the line.")
    assert "We corrected the line." in anybody.goes_to(reference).main
    anybody.sees_petition(ines.petition_id)
    anybody.follows("What was changed, and why")
    assert "A word was missing." in anybody.page.main


def test_a_petition_closed_early_says_why(
    town: Town, ines: Petitioner, mara: Moderator, anybody: Visitor
) -> None:
    steps.is_published(ines, mara)
    sofia = Signer(town, "Sofia Marsh")
    sofia.signs_and_confirms(ines.petition_id, updates=True)
    mara.opens(ines.petition_id)
    mara.follows("Close it early…")
    mara.presses("Close this petition early", reason="The path is lit since Monday.")
    town.lets_the_worker_work()
    for person in (ines, sofia):
        assert person.mail_kinds()[-1] == "petition_closed_early"
        assert "The path is lit since Monday." in person.mails()[-1]
    assert "The path is lit since Monday." in anybody.sees_petition(ines.petition_id).main
