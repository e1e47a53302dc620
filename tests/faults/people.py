"""The crowd of a fault run: many people who sign, read their mail, confirm, change their minds, and keep a ledger."""

from __future__ import annotations

import http.client
import random
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask

from petitions.tokens import Purpose, read_id, sign
from tests.faults.ledger import ACKNOWLEDGED, REFUSED, UNKNOWN, Ledger, Person, Wish
from tests.faults.sink import Sink

Plans = tuple[tuple[int, tuple[str, ...]], ...]
#: What people do, and how many in a hundred do so.
PLANS: Plans = (
    (52, ("sign", "confirm")),
    (8, ("sign", "sign", "confirm")),
    (8, ("sign", "confirm", "confirm")),
    (6, ("sign", "look", "confirm")),
    (10, ("sign", "confirm", "withdraw")),
    (4, ("sign", "confirm", "withdraw", "sign", "confirm")),
    (4, ("sign", "confirm", "erase")),
    (4, ("sign", "refuse")),
    (4, ("sign",)),
)
PATIENCE = 15.0
#: So many mails about one petition a mailbox gets in a day; each sending of the form may have caused one.
MAILS_A_DAY = 2
#: Neither stands in any text of the service, so that logs can be searched for them.
FAMILY = "Quandlewick"
POSTCODE = "QX7 3VB"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Answer:
    """What came back: a status and where to go next, or the reason why nothing did."""

    status: int | str
    location: str = ""

    @property
    def outcome(self) -> str:
        """Acknowledged, refused, or unknown: a refusal for lack of a database leaves open what was done before it."""
        if isinstance(self.status, str) or self.status >= 500:
            return UNKNOWN
        return ACKNOWLEDGED if self.status < 400 else REFUSED


class Browser:
    """Fetches from the site as somebody at `ip` would, through one proxy."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, method: str, path: str, ip: str, form: dict[str, str] | None = None) -> Answer:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"X-Forwarded-For": ip, "Connection": "close"} | (FORM if form is not None else {})
        try:
            connection.request(method, path, urlencode(form) if form is not None else None, headers)
            response = connection.getresponse()
            response.read()
            return Answer(response.status, response.headers.get("Location", ""))
        except (OSError, http.client.HTTPException) as reason:
            return Answer(type(reason).__name__)
        finally:
            connection.close()


class Crowd:
    """People in `threads` threads, each with dice of its own, so that a seed gives the same people and plans again."""

    def __init__(
        self,
        app: Flask,
        port: int,
        sink: Sink,
        ledger: Ledger,
        petitions: list[int],
        *,
        seed: int,
        threads: int = 6,
        plans: Plans = PLANS,
    ) -> None:
        self.app, self.browser, self.sink, self.ledger = app, Browser(port), sink, ledger
        self.petitions, self.plans = petitions, plans
        self.steps: Counter[str] = Counter()
        self.takes_newcomers = True
        self._over = threading.Event()
        self._numbers = iter(range(1, 10**9))
        self._number_lock = threading.Lock()
        self._turns = [0] * threads
        self._threads = [
            threading.Thread(target=self._live, args=(each, random.Random(f"{seed}:{each}")), daemon=True)
            for each in range(threads)
        ]

    def start(self) -> None:
        """They come."""
        for thread in self._threads:
            thread.start()

    def finish(self, patience: float) -> None:
        """Nobody new comes; who is here may come to an end."""
        self.takes_newcomers = False
        end = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.1, end - time.monotonic()))
        self._over.set()
        for thread in self._threads:
            thread.join(2 * PATIENCE)

    def await_answers(self) -> None:
        """Wait until nobody is still to be answered who asks at this moment."""
        before, end = list(self._turns), time.monotonic() + PATIENCE
        while any(now == then for now, then in zip(self._turns, before, strict=True)):
            if time.monotonic() > end:
                return
            time.sleep(0.01)

    def _live(self, number: int, dice: random.Random) -> None:
        try:
            self._live_until_over(number, dice)
        except Exception:
            # A crowd that has left shows nothing.
            self.ledger.wrong.append(f"the crowd broke down: {traceback.format_exc()}")
            raise

    def _live_until_over(self, number: int, dice: random.Random) -> None:
        with self.app.app_context():
            here: list[Person] = []
            while not self._over.is_set() and (here or self.takes_newcomers):
                self._turns[number] += 1
                if self.takes_newcomers and (not here or (len(here) < 25 and dice.random() < 0.5)):
                    here.append(self._newcomer(dice))
                    person = here[-1]
                else:
                    person = dice.choice(here)
                if not self._advance(person, dice):
                    time.sleep(0.01)
                if not person.plan:
                    here.remove(person)

    def _newcomer(self, dice: random.Random) -> Person:
        with self._number_lock:
            number = next(self._numbers)
        weights, plans = zip(*self.plans, strict=True)
        person = Person(
            number=number,
            petition_id=self._petition_for(number, dice),
            name=f"{FAMILY} {number}",
            email=f"canary.{number}@d{number}.example.org",
            # Each in a network of its own, so that no limit of one origin is reached.
            ip=f"{20 + number % 180}.{number // 180 % 250}.{number // 45_000}.7",
            plan=list(dice.choices(plans, weights)[0]),
            leaves_at_trouble=dice.random() < 0.2,
        )
        self.ledger.add(person)
        return person

    def _petition_for(self, number: int, dice: random.Random) -> int:
        """One of the few that everybody talks about now; after a while it is the next few."""
        talked_about = number // 40 + dice.randrange(3)
        return self.petitions[talked_about % len(self.petitions)]

    def _advance(self, person: Person, dice: random.Random) -> bool:
        """Try the next step; false where the person has to wait."""
        if time.monotonic() < person.not_before:
            return False
        step = person.plan[0]
        answer = STEPS[step](self, person)
        if answer is None:
            person.not_before = time.monotonic() + 0.1
            return False
        self.steps[step] += 1
        if step == "look":
            person.plan.pop(0)
            return True
        person.wish.note(step, answer.outcome)
        self.ledger.note(person, step, answer.outcome, answer.status)
        if answer.outcome == REFUSED:
            self.ledger.wrong.append(f"{step} of person {person.number} was refused with {answer.status}")
        if answer.outcome == UNKNOWN:
            # Nobody presses as fast as a program can; and whoever mends the site needs the machine as well.
            time.sleep(0.05)
        if answer.outcome == UNKNOWN and not person.leaves_at_trouble:
            person.not_before = time.monotonic() + dice.uniform(0.05, 0.5)
        elif answer.outcome == UNKNOWN:
            person.plan.clear()
        else:
            person.plan.pop(0)
        return True

    def sign(self, person: Person) -> Answer | None:
        """Fill in the form. After a withdrawal that is a new wish."""
        is_new = not person.wishes or person.wish.may_be <= {"withdrawn", "erased"}
        if is_new and person.forms_sent >= MAILS_A_DAY:
            # Over the cap a wish is not kept, and nobody is told: there is nothing to compare.
            person.plan.clear()
            return None
        person.forms_sent += 1
        if is_new:
            person.old_links = len(self._links(person))
            person.wishes.append(Wish())
        form = {
            "name": person.name,
            "email": person.email,
            "country": "GB",
            "postcode": POSTCODE,
            "eligible": "y",
        }
        return self.browser.ask("POST", f"/petitions/{person.petition_id}/signatures/new", person.ip, form)

    def look(self, person: Person) -> Answer | None:
        """A scanner opens the link, again and again."""
        link = self._link(person)
        if link is None:
            return None
        answers = [self.browser.ask(method, link, person.ip) for method in ("HEAD", "GET", "GET")]
        return answers[-1]

    def confirm(self, person: Person) -> Answer | None:
        """Press yes."""
        return self._press(person, {"answer": "yes"}, leads_to="/confirmed")

    def refuse(self, person: Person) -> Answer | None:
        """Press no: this wasn't me."""
        return self._press(person, {"answer": "no"})

    def withdraw(self, person: Person) -> Answer | None:
        """Take it back, on the page of one's own signature."""
        return self._on_my_signature(person, "withdraw")

    def erase(self, person: Person) -> Answer | None:
        """Have everything personal removed."""
        return self._on_my_signature(person, "erase")

    def _press(self, person: Person, form: dict[str, str], leads_to: str = "") -> Answer | None:
        link = self._link(person)
        if link is None:
            return None
        answer = self.browser.ask("POST", link, person.ip, form)
        if answer.outcome == ACKNOWLEDGED and leads_to not in answer.location:
            return Answer(409, answer.location)
        return answer

    def _on_my_signature(self, person: Person, action: str) -> Answer | None:
        if self._link(person) is None or person.wish.signature_id is None:
            return None
        path = f"/signatures/{sign(Purpose.MY_SIGNATURE, person.wish.signature_id)}"
        return self.browser.ask("POST", path, person.ip, {"action": action})

    def _links(self, person: Person) -> list[str]:
        return self.sink.links_to(person.email, "/signatures/confirm/")

    def _link(self, person: Person) -> str | None:
        """The link of the signature at hand, once its mail is there."""
        links = self._links(person)[person.old_links :]
        if not links:
            return None
        person.wish.signature_id = read_id(Purpose.CONFIRM_SIGNATURE, links[-1].rpartition("/")[2])
        return links[-1]


STEPS: dict[str, Callable[[Crowd, Person], Answer | None]] = {
    "sign": Crowd.sign,
    "look": Crowd.look,
    "confirm": Crowd.confirm,
    "refuse": Crowd.refuse,
    "withdraw": Crowd.withdraw,
    "erase": Crowd.erase,
}
