"""The people of the journeys. Each has a browser of their own and a letter box; they know addresses, forms and mails only."""

from __future__ import annotations

import re
from typing import Any

from werkzeug.test import TestResponse

from petitions.models import Staff
from tests import build
from tests.journeys.page import Page
from tests.journeys.town import Town

Answers = dict[str, Any]


class Visitor:
    """Somebody with a browser. `page` is what they have before them."""

    #: Public pages set no cookie; staff have one.
    may_have_cookies = False

    def __init__(self, town: Town) -> None:
        self.town = town
        self.client = town.app.test_client()
        self.page = Page("", path="", status=0)

    def goes_to(self, path: str) -> Page:
        """Open an address, as far as redirects lead."""
        return self._read(self.client.get(path))

    def follows(self, link: str) -> Page:
        """Follow the link with these words."""
        return self.goes_to(self.page.link(link))

    def presses(self, button: str, **answers: Any) -> Page:
        """Fill in the form that has the button, press it, go where that leads."""
        form, pressed = self.page.form_with(button)
        form.fill(**answers)
        sent = form.sent_by(pressed)
        if form.method == "get":
            return self._read(self.client.get(form.action, query_string=sent))
        return self._read(self.client.post(form.action, data=sent, headers={"Sec-Fetch-Site": "same-origin"}))

    def _read(self, response: TestResponse) -> Page:
        path = response.request.path
        assert response.status_code < 500, f"{path}: {response.status}"
        if not self.may_have_cookies:
            assert "Set-Cookie" not in response.headers, path
        if 300 <= response.status_code < 400:
            assert response.status_code == 303, f"{path}: {response.status}"
            return self.goes_to(response.location)
        self.page = Page(response.text, path=path, status=response.status_code)
        return self.page

    def sees_petition(self, petition_id: int) -> Page:
        """Open a petition's public page."""
        return self.goes_to(f"/petitions/{petition_id}")

    def reads_count(self, petition_id: int) -> dict[str, Any]:
        """Ask for the live count, as the page's script does."""
        document: dict[str, Any] = self.client.get(f"/petitions/{petition_id}/count.json").get_json()
        return document


class Person(Visitor):
    """Somebody with a name and a letter box."""

    def __init__(self, town: Town, name: str, **about: Any) -> None:
        super().__init__(town)
        self.name = name
        self.address = f"{name.split()[0].lower()}@example.org"
        self.about: Answers = {"postcode": build.POSTCODE} | about

    def mails(self, kind: str | None = None) -> list[str]:
        """The plain texts of this person's mails, oldest first."""
        return [build.text_of(mail) for mail in self.town.mails(self.address, kind)]

    def mail_kinds(self) -> list[str]:
        """The kinds of this person's mails, oldest first."""
        return self.town.kinds(self.address)


class Petitioner(Person):
    """Starts a petition and looks after it behind the private link."""

    def starts_a_petition(self, *, action: str, background: str, additional_details: str = "") -> Page:
        """Walk through the form, one question a page, up to “check your e-mail”; the mail is on its way then."""
        self.goes_to("/petitions/start")
        self.follows("Start a petition")
        self.presses("Continue", eligible="yes")
        self.presses("Continue", action=action)
        self.presses("next")
        self.presses("Continue", background=background)
        self.presses("Continue", additional_details=additional_details)
        self.presses("Continue", name=self.name, email=self.address, updates=True, **self.about)
        assert self.page.heading == "Check your answers"
        self.presses("Send me the link")
        self.town.lets_the_worker_work()
        return self.page

    @property
    def own_page(self) -> str:
        """The address behind the private link in the first mail."""
        return self.town.link(self.address, "confirm_creator", "/creators/")

    @property
    def link_for_supporters(self) -> str:
        """The private link to pass on."""
        return self.town.link(self.address, "gather_supporters", "/supporters/")

    @property
    def petition_id(self) -> int:
        """The number of the petition: the first that this person sees of it is the link for supporters."""
        found = re.match(r"/petitions/(\d+)/", self.link_for_supporters)
        assert found is not None
        return int(found[1])

    def opens_own_page(self) -> Page:
        """Look how the petition is doing."""
        return self.goes_to(self.own_page)

    def confirms(self) -> Page:
        """Open the link in the mail and press the button."""
        self.opens_own_page()
        self.presses("Send my answer", action="confirm")
        self.town.lets_the_worker_work()
        return self.page

    def changes_the_text(self, **words: str) -> Page:
        """Write parts of the petition anew."""
        self.opens_own_page()
        self.follows("Change the text")
        return self.presses("Save the text", **words)

    def appeals(self, reason: str) -> Page:
        """Follow the link in the mail about the refusal, and say why it is wrong."""
        self.goes_to(self.town.link(self.address, "petition_rejected", "/appeals/"))
        self.presses("Send my appeal", reason=reason)
        self.town.lets_the_worker_work()
        return self.page

    def takes_it_back(self) -> Page:
        """Withdraw the petition."""
        self.opens_own_page()
        self.follows("Take the petition back")
        self.presses("Take it back")
        self.town.lets_the_worker_work()
        return self.page


class Signer(Person):
    """Signs petitions and answers the mail."""

    def signs(self, petition_id: int, *, updates: bool = False) -> Page:
        """Fill in the form beside the petition; the mail is on its way then."""
        self.goes_to(f"/petitions/{petition_id}")
        self.follows("Sign this petition")
        return self._sends_form("Sign this petition", updates)

    def _sends_form(self, button: str, updates: bool) -> Page:
        answers = {"name": self.name, "email": self.address, "eligible": True, "updates": updates}
        self.presses(button, **answers, **self.about)
        assert self.page.heading == "Check your e-mail", self.page.main
        self.town.lets_the_worker_work()
        return self.page

    @property
    def confirm_link(self) -> str:
        """The link in the newest confirmation mail."""
        return self.town.link(self.address, "confirm_signature", "/signatures/confirm/")

    def opens_the_link(self) -> Page:
        """Look at the page behind the link, and press nothing."""
        return self.goes_to(self.confirm_link)

    def confirms(self) -> Page:
        """Open the link and press the button; the worker counts."""
        return self._answers("Confirm my signature")

    def says_it_was_not_me(self) -> Page:
        """Open the link and press the other button."""
        return self._answers("This wasn’t me")

    def says_i_did_sign(self) -> Page:
        """Take “this wasn’t me” back."""
        return self._answers("Send my answer", choice="count")

    def _answers(self, button: str, **chosen: str) -> Page:
        self.opens_the_link()
        self.presses(button, **chosen)
        self.town.lets_the_worker_work()
        return self.page

    def signs_and_confirms(self, petition_id: int, *, updates: bool = False) -> Page:
        """The whole way of one signature."""
        self.signs(petition_id, updates=updates)
        return self.confirms()

    def withdraws(self) -> Page:
        """Ask for the list of what was signed, open the signature's page, take it back."""
        self.goes_to("/signatures/find")
        self.presses("Send me the list", email=self.address)
        self.town.lets_the_worker_work()
        self.goes_to(self.town.link(self.address, "my_signatures", "/signatures/"))
        self.follows("Withdraw my signature")
        self.presses("Withdraw my signature")
        self.town.lets_the_worker_work()
        return self.page


class Supporter(Signer):
    """Signs through the private link."""

    def supports(self, link: str, *, updates: bool = False) -> Page:
        """Fill in the form behind the private link."""
        self.goes_to(link)
        return self._sends_form("Support this petition", updates)

    def supports_and_confirms(self, link: str, *, updates: bool = False) -> Page:
        """The whole way of one supporter."""
        self.supports(link, updates=updates)
        return self.confirms()


class StaffPerson(Visitor):
    """Somebody of the staff, who signs in with address and password."""

    may_have_cookies = True

    def __init__(self, town: Town, row: Staff) -> None:
        super().__init__(town)
        self.name, self.address = row.name, row.email

    def signs_in(self) -> Page:
        """Arrive at the page that says what there is to do."""
        self.goes_to("/staff/sign-in")
        return self.presses("Sign in", email=self.address, password=build.PASSWORD)

    def mail_kinds(self) -> list[str]:
        """The kinds of this person's mails, oldest first."""
        return self.town.kinds(self.address)


class Moderator(StaffPerson):
    """Checks petitions against the standards, and sees to debates."""

    def opens(self, petition_id: int) -> Page:
        """Read a petition beside what helps to judge it."""
        return self.goes_to(f"/staff/petitions/{petition_id}")

    def changes_the_words(self, petition_id: int, **words: str) -> Page:
        """Correct a petition's words."""
        self.opens(petition_id)
        self.follows("Change the words")
        return self.presses("Save the words", **words)

    def assigns(self, petition_id: int) -> Page:
        """Say that it is a matter of transport and about roads."""
        self.opens(petition_id)
        chosen = {"departments": [str(self.town.transport.id)], "topics": [str(self.town.roads.id)]}
        return self.presses("Save departments and topics", **chosen)

    def publishes(self, petition_id: int) -> Page:
        """Put it before everybody."""
        self.opens(petition_id)
        self.presses("Publish")
        self.town.lets_the_worker_work()
        return self.page

    def rejects(self, petition_id: int, *, code: str, explanation: str) -> Page:
        """Refuse it with a reason."""
        return self._refuses(petition_id, "Refuse…", "Refuse this petition", code, explanation)

    def takes_down(self, petition_id: int, *, code: str, explanation: str) -> Page:
        """Take a published petition off the site."""
        return self._refuses(petition_id, "Take it down…", "Take this petition down", code, explanation)

    def puts_back(self, petition_id: int) -> Page:
        """Let a refused petition be checked again."""
        self.opens(petition_id)
        return self.presses("Put it back into the queue")

    def decides_the_appeal(self, petition_id: int, outcome: str, explanation: str) -> Page:
        """Go from the queue to the appeals, open the one about a petition, decide it."""
        self.goes_to("/staff/queue")
        self.follows("Appeals")
        self.goes_to(f"/staff/petitions/{petition_id}/appeal")
        self.presses("Decide the appeal", outcome=outcome, explanation=explanation)
        self.town.lets_the_worker_work()
        return self.page

    def _refuses(self, petition_id: int, link: str, button: str, code: str, explanation: str) -> Page:
        self.opens(petition_id)
        self.follows(link)
        self.presses(button, code=code, explanation=explanation)
        self.town.lets_the_worker_work()
        return self.page

    def sets_the_debate(self, petition_id: int, day: str) -> Page:
        """Announce the day (2026-12-09) of a debate."""
        self.goes_to(f"/staff/petitions/{petition_id}/debate")
        self.presses("Set this day and tell everybody", schedule__scheduled_on=day)
        self.town.lets_the_worker_work()
        return self.page

    def tells_the_outcome(self, petition_id: int, *, day: str, overview: str, video: str) -> Page:
        """Say what came of the debate."""
        self.goes_to(f"/staff/petitions/{petition_id}/debate")
        outcome = {"debated": "yes", "debated_on": day, "overview": overview, "video_url": video}
        self.presses("Publish the outcome", **{f"outcome__{name}": value for name, value in outcome.items()})
        self.town.lets_the_worker_work()
        return self.page


class Official(StaffPerson):
    """Answers for a department."""

    def opens_the_duty(self) -> Page:
        """Follow the link in the mail that says an answer is owed."""
        return self.goes_to(self.town.link(self.address, "duty_created", "/staff/duties/"))

    def writes_the_answer(self, *, summary: str, body: str, outcome: str) -> Page:
        """Write it and go on to the preview."""
        self.opens_the_duty()
        self.follows("Write the answer")
        return self.presses("Save and go on to the preview", summary=summary, body=body, outcome=outcome)

    def publishes_the_answer(self) -> Page:
        """Publish what the preview shows."""
        self.presses("Publish the answer")
        self.town.lets_the_worker_work()
        return self.page


class Overseer(StaffPerson):
    """Watches that answers come in time, and asks for better ones."""
