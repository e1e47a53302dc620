"""The whole story of one petition, from somebody's idea to the answer and the debate, as each person sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock
from petitions.extensions import db, settings
from petitions.models import DEBATE, RESPONSE, Crossing, Duty, Petition
from petitions.templating import long_date as in_words
from tests.journeys.people import Moderator, Official, Petitioner, Signer, Supporter, Visitor
from tests.journeys.town import Town

IDEA = {
    "action": "Put a zebra crossing before every school",
    "background": "Children cross four lanes of traffic twice a day.",
    "additional_details": "Two were hurt last year.",
}
ACTION = IDEA["action"]
OWED = "The Department of Transport owes an answer by"
ANSWER = {
    "summary": "We will paint a crossing before every school by next summer.",
    "body": "## What we do\n\nWe begin with **200 schools**.",
    "outcome": "agreed",
}
VIDEO = "https://video.example.org/debate"


@dataclass
class Story:
    """Everybody in it, and what they know by now."""

    town: Town
    ines: Petitioner
    mara: Moderator
    otto: Official
    anybody: Visitor
    supporters: list[Supporter] = field(default_factory=list)
    signers: list[Signer] = field(default_factory=list)
    who_asked: set[str] = field(default_factory=set)
    """The addresses of signers who asked to be told."""

    @property
    def petition_id(self) -> int:
        """The petition's number."""
        return self.ines.petition_id

    @property
    def petition(self) -> Petition:
        """Its row."""
        return db.session.get_one(Petition, self.petition_id)

    @property
    def count(self) -> int:
        """How many have signed: as the script is told, and as the page says it."""
        told = int(self.anybody.reads_count(self.petition_id)["signature_count"])
        self.anybody.sees_petition(self.petition_id)
        assert f" {told} confirmed signature" in self.anybody.page.main
        return told

    def crossings(self) -> list[Crossing]:
        """What was crossed, in order."""
        return list(db.session.execute(select(Crossing).order_by(Crossing.reached_at)).scalars())

    def duty(self, threshold: str) -> Duty:
        """The one duty that follows from a threshold."""
        return db.session.execute(select(Duty).where(Duty.threshold_key == threshold)).scalar_one()

    def more_sign(self, until: int) -> None:
        """People sign and confirm until there are so many; every second asks to be told what happens."""
        while (before := self.count) < until:
            signer = Signer(self.town, f"Signer{len(self.signers)} Meyer")
            asks = len(self.signers) % 2 == 0
            signer.signs_and_confirms(self.petition_id, updates=asks)
            assert signer.page.heading == "Your signature is confirmed"
            assert self.count == before + 1
            self.signers.append(signer)
            if asks:
                self.who_asked.add(signer.address)


@pytest.fixture
def story(
    app: Flask, town: Town, ines: Petitioner, mara: Moderator, otto: Official, anybody: Visitor
) -> Story:
    """Nobody has done anything yet."""
    return Story(town, ines, mara, otto, anybody)


@pytest.mark.parametrize(
    "needed",
    [
        pytest.param(
            2, marks=pytest.mark.settings(supporters_needed=2, response_threshold=5, debate_threshold=8)
        ),
        pytest.param(
            5, marks=pytest.mark.settings(supporters_needed=5, response_threshold=10, debate_threshold=15)
        ),
    ],
)
def test_from_an_idea_to_the_answer(story: Story, needed: int) -> None:
    ines_writes_her_petition(story)
    ines_confirms(story, needed)
    friends_support_it(story, needed)
    mara_publishes_it(story, needed)
    anyone_signs(story, needed)
    the_response_threshold_is_crossed(story)
    otto_answers(story)
    the_debate_is_held(story)
    the_clock_closes_it(story)


def ines_writes_her_petition(story: Story) -> None:
    """One question a page; going back keeps the answers; nothing happens before the mail's button is pressed."""
    ines = story.ines
    ines.goes_to("/petitions/new")
    ines.presses("Continue", eligible="yes")
    ines.presses("Continue", action=ACTION)
    ines.presses("Back")
    assert ines.page.form("action").value("action") == ACTION
    ines.starts_a_petition(**IDEA)
    assert ines.page.heading == "Check your e-mail"
    assert ines.mail_kinds() == ["confirm_creator"]
    for _ in range(3):
        ines.opens_own_page()
    assert ines.page.heading == "Confirm your petition"
    assert ines.mail_kinds() == ["confirm_creator"]
    pending = db.session.execute(select(Petition).where(Petition.action == ACTION)).scalar_one()
    assert story.anybody.sees_petition(pending.id).status == 404


def ines_confirms(story: Story, needed: int) -> None:
    """The button starts it: a private link to share, a count of supporters, the text still hers."""
    ines = story.ines
    ines.confirms()
    assert ines.page.heading == "Find your first supporters"
    assert f"0 of {needed}" in ines.page.main
    assert ines.page.shows_value(ines.link_for_supporters)
    assert ines.mail_kinds() == ["confirm_creator", "gather_supporters"]
    story.anybody.sees_petition(story.petition_id)
    assert story.anybody.page.heading == "This petition is gathering support"
    assert ACTION not in story.anybody.page.words
    ines.changes_the_text(additional_details="Two were hurt last year. Nobody was before.")
    assert "Nobody was before." in ines.page.main


def friends_support_it(story: Story, needed: int) -> None:
    """Each confirms by mail; the last one sends it to the moderators by itself, and Ines is told."""
    for number in range(needed):
        friend = Supporter(story.town, f"Friend{number} Meyer")
        friend.goes_to(story.ines.link_for_supporters)
        assert "Nobody has checked these words yet" in friend.page.main
        friend.supports_and_confirms(story.ines.link_for_supporters, updates=number == 0)
        assert friend.page.heading == "Your signature is confirmed"
        story.supporters.append(friend)
        if number < needed - 1:
            assert f"{number + 1} of {needed}" in story.ines.opens_own_page().main
    story.who_asked.add(story.supporters[0].address)
    ines, reader = story.ines, story.anybody
    assert ines.mail_kinds()[2:] == ["supporter_joined"] * (needed - 1) + ["petition_in_review"]
    assert ines.opens_own_page().heading == "Your petition is being checked"
    reader.sees_petition(story.petition_id)
    assert reader.page.heading == "This petition is being checked"
    assert f"since {in_words(clock.now())}" in reader.page.main
    assert ACTION not in reader.page.words
    assert reader.goes_to("/petitions?q=zebra&state=all").words.count(ACTION) == 0
    ines.goes_to(ines.own_page + "/edit")
    assert (ines.page.status, ines.page.heading) == (409, "The text can no longer be changed")


def mara_publishes_it(story: Story, needed: int) -> None:
    """The queue, the words, department and topic, the button; the petitioner and the supporters are told."""
    mara = story.mara
    mara.goes_to("/staff/queue")
    mara.follows(ACTION)
    assert mara.page.heading == ACTION
    assert "Similar petitions" in mara.page.main
    assert story.ines.address in mara.page.main
    mara.changes_the_words(story.petition_id, background="Children cross four lanes of traffic every day.")
    assert "every day" in mara.page.main
    mara.assigns(story.petition_id)
    assert "Department of Transport" in mara.page.main
    mara.publishes(story.petition_id)
    assert "Its public page" in mara.page.main
    assert f"{ACTION} Published · Mara Moderator" in mara.goes_to("/staff/queue").main
    for person in (story.ines, *story.supporters):
        assert person.mail_kinds()[-1] == "petition_published"
    assert story.town.how_many("petition_published").total() == needed + 1
    page = story.anybody.sees_petition(story.petition_id)
    assert page.heading == ACTION
    assert "every day" in page.main
    assert "started by Ines Walker" in page.main
    assert story.count == needed + 1
    assert story.crossings() == []


def anyone_signs(story: Story, needed: int) -> None:
    """The form beside the text, the mail, two buttons; looking at the link does nothing, the button does it all."""
    sofia = Signer(story.town, "Sofia Marsh")
    sofia.signs(story.petition_id)
    assert sofia.mail_kinds() == ["confirm_signature"]
    for _ in range(3):
        sofia.opens_the_link()
        sofia.client.head(sofia.confirm_link)
    assert sofia.page.heading == "Did you sign this petition?"
    assert story.count == needed + 1
    sofia.confirms()
    assert sofia.page.heading == "Your signature is confirmed"
    assert "It counts for Fairley Marsh. Niamh Clarke represents you there." in sofia.page.main
    goal = settings().response_threshold
    assert f"At {goal}, the Government owes an answer." in sofia.page.main
    assert story.count == needed + 2
    sofia.goes_to(sofia.confirm_link)
    sofia.presses("See what happens next")
    assert sofia.page.heading == "Your signature is confirmed"
    assert story.count == needed + 2
    story.signers.append(sofia)


def the_response_threshold_is_crossed(story: Story) -> None:
    """One crossing, one duty with department and date; the page, the board, the officials and the petitioner know."""
    threshold = settings().response_threshold
    story.more_sign(until=threshold - 1)
    assert story.crossings() == []
    story.more_sign(until=threshold)
    (crossing,) = story.crossings()
    assert (crossing.threshold_key, crossing.signature_count) == (RESPONSE, threshold)
    duty = story.duty(RESPONSE)
    due = clock.today(settings().timezone) + timedelta(days=settings().response_days)
    assert duty.department is not None
    assert (duty.department.name, duty.due_on) == ("Department of Transport", due)
    page = story.anybody.sees_petition(story.petition_id)
    assert OWED in page.main
    assert f"Reached {threshold}: an answer is owed" in page.main
    told = story.anybody.reads_count(story.petition_id)
    assert told["response_threshold_reached_at"] is not None
    assert told["government_response_at"] is None
    assert ACTION in story.anybody.goes_to("/petitions?state=awaiting_response").main
    assert ACTION in story.anybody.goes_to("/accountability").main
    assert f"{settings().response_days} days left" in story.anybody.page.main
    assert story.otto.mail_kinds() == ["duty_created"]
    assert story.ines.mail_kinds()[-1] == "threshold_crossed"
    story.more_sign(until=threshold + 1)
    assert len(story.crossings()) == 1
    assert story.otto.mail_kinds() == ["duty_created"]


def otto_answers(story: Story) -> None:
    """A draft, a preview, the button; who asked is mailed once, nobody else; everywhere it is shown as on time."""
    otto, reader = story.otto, story.anybody
    otto.writes_the_answer(**ANSWER)
    assert otto.page.heading == "Preview of the answer"
    assert ANSWER["summary"] in otto.page.main
    assert ANSWER["summary"] not in reader.sees_petition(story.petition_id).words
    otto.publishes_the_answer()
    expected = dict.fromkeys([*story.who_asked, story.ines.address], 1)
    assert story.town.how_many("response_published") == expected
    assert ANSWER["summary"] in story.ines.mails("response_published")[0]
    page = reader.sees_petition(story.petition_id)
    assert ANSWER["summary"] in page.main
    assert "What we do" in page.main
    days = settings().response_days
    assert f"The Department of Transport answered {days} days early." in page.main
    assert reader.reads_count(story.petition_id)["government_response_at"] is not None
    assert ACTION in reader.goes_to("/petitions?state=with_response").main
    assert ACTION not in reader.goes_to("/petitions?state=awaiting_response").main
    board = reader.goes_to("/accountability").main
    assert f"Answered, {days} days early" in board
    assert "100%" in board
    assert ANSWER["summary"] in reader.goes_to("/").main


def the_debate_is_held(story: Story) -> None:
    """The second threshold, the day of the debate, and what came of it: each once to everybody who asked."""
    threshold, mara, reader = settings().debate_threshold, story.mara, story.anybody
    story.more_sign(until=threshold)
    assert [each.threshold_key for each in story.crossings()] == [RESPONSE, DEBATE]
    assert story.duty(DEBATE).due_on is None
    assert mara.mail_kinds() == ["duty_created"]
    assert story.ines.mail_kinds().count("threshold_crossed") == 2
    assert f"Reached {threshold}: a debate is considered" in reader.sees_petition(story.petition_id).main
    assert ACTION in reader.goes_to("/petitions?state=awaiting_debate").main
    today = clock.today(settings().timezone)
    everybody = dict.fromkeys([*story.who_asked, story.ines.address], 1)
    mara.sets_the_debate(story.petition_id, today.isoformat())
    assert story.town.how_many("debate_scheduled") == everybody
    assert reader.reads_count(story.petition_id)["scheduled_debate_date"] == today.isoformat()
    assert "A debate was scheduled" in reader.sees_petition(story.petition_id).main
    mara.tells_the_outcome(
        story.petition_id, day=today.isoformat(), overview="Members of all sides spoke for it.", video=VIDEO
    )
    assert story.town.how_many("debate_outcome") == everybody
    page = reader.sees_petition(story.petition_id)
    assert "Members of all sides spoke for it." in page.main
    assert page.link("Video") == VIDEO
    assert "Debated in Parliament" in page.main
    assert reader.reads_count(story.petition_id)["debated"] is True
    assert ACTION in reader.goes_to("/petitions?state=debated").main


def the_clock_closes_it(story: Story) -> None:
    """At the deadline it is closed though no job ran; a link mailed before counts for 24 hours more, and not later."""
    reader = story.anybody
    closes_at = story.petition.closes_at
    assert closes_at is not None
    in_time, late = Signer(story.town, "Timo Meyer"), Signer(story.town, "Lars Meyer")
    with clock.fixed(closes_at - timedelta(minutes=1)):
        in_time.signs(story.petition_id)
        late.signs(story.petition_id)
    before = story.count
    with clock.fixed(closes_at + timedelta(hours=23, minutes=59)):
        page = reader.sees_petition(story.petition_id)
        assert "It can no longer be signed." in page.main
        assert "Ines Walker" not in page.words
        reader.goes_to(f"/petitions/{story.petition_id}/signatures/new")
        assert reader.page.path == f"/petitions/{story.petition_id}"
        assert ACTION in reader.goes_to("/petitions?state=closed").main
        assert ACTION not in reader.goes_to("/petitions?state=open").main
        assert story.petition.state == "open"
        in_time.confirms()
        assert in_time.page.heading == "Your signature is confirmed"
        assert story.count == before + 1
    with clock.fixed(closes_at + timedelta(hours=24, minutes=1)):
        assert late.opens_the_link().status == 410
        assert late.page.heading == "This petition takes no signatures any more"
        assert story.count == before + 1
