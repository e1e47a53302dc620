"""The life of petitions as a machine that Hypothesis drives: every verb in any order, and what must be true after each.

A verb may be refused by name (`PetitionsError`); anything else that is raised, and anything that `invariants` finds, is a
fault.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from petitions import clock
from petitions.counts import counting
from petitions.duties.answers import Words
from petitions.errors import PetitionsError
from petitions.extensions import db, settings
from petitions.lifecycle import MOVES, State
from petitions.mail import delivery
from petitions.models import Duty, Mail, Outcome, Petition, Signature, SignatureRole, SignatureState, Staff
from petitions.models.mail import SENT
from petitions.moderation import decisions
from petitions.permissions import Role
from petitions.responses import response_actions
from petitions.signing import actions as signing
from petitions.signing import confirming, own_signature
from petitions.starting import actions as starting
from petitions.starting.draft import Draft
from petitions.tokens import Purpose, sign
from petitions.worker import loop, schedule
from tests import build, invariants
from tests.databases import Database, release
from tests.faults.life_of_staff import StaffAndUpkeep
from tests.faults.mail_server import MailServer

START = datetime(2026, 6, 1, 9, tzinfo=UTC)
S = SignatureState
#: What may follow a state of a signature between two looks.
SIGNATURE_MOVES = {
    S.PENDING: {S.VALIDATED, S.HELD, S.REFUSED, S.WITHDRAWN, S.INVALIDATED},
    S.VALIDATED: {S.HELD, S.REFUSED, S.WITHDRAWN, S.INVALIDATED},
    S.HELD: {S.VALIDATED, S.REFUSED, S.WITHDRAWN, S.INVALIDATED},
    S.INVALIDATED: {S.PENDING, S.VALIDATED, S.HELD},
    S.REFUSED: {S.VALIDATED, S.HELD},
    S.WITHDRAWN: set(),
}
WORDS = Words("We will.", "We will do it.", Outcome.AGREED)

people = st.sampled_from(["ada", "ben", "cleo", "dora", "emil", "fay"])
numbers = st.integers(min_value=0, max_value=30)


class Life(StaffAndUpkeep, RuleBasedStateMachine):
    """One site, told by verbs. `app` and `database` are set on a subclass by `life_on`."""

    app: Flask
    database: Database

    def __init__(self) -> None:
        super().__init__()
        release(self.app)
        self.database.reset()
        self.stack = ExitStack()
        self.now = START
        self._stand()
        self.server = MailServer()
        self.kept_connection = delivery.connection
        delivery.connection = self.server.connection  # type: ignore[assignment]
        self.kept_settings = self.app.extensions["settings"]
        self.petition_states: dict[int, State] = {}
        self.signature_states: dict[int, SignatureState] = {}
        self.moderator = build.staff(Role.MODERATOR).id
        self.official = build.staff(Role.OFFICIAL, department=build.department()).id
        schedule.prepare()

    def teardown(self) -> None:
        """At last the mail server works and the worker is idle: then everything must be true."""
        try:
            self.server.code = 250
            self._move_clock(timedelta(hours=2))
            loop.run_until_idle()
            invariants.check()
        finally:
            self.app.extensions["settings"] = self.kept_settings
            delivery.connection = self.kept_connection
            self.stack.close()
            db.session.rollback()

    # What people do.

    @initialize(far=st.sampled_from(["written", "in review", "open", "open"]))
    def somebody_starts(self, far: str) -> None:
        """Not every story begins at the beginning: what comes late in a life is to be reached too."""
        self.start(name="ines", number=0)
        if far == "written":
            return
        self.petitioner_confirms(0)
        self.crowd_signs(0)
        self.everybody_confirms()
        self.worker_works(250)
        if far == "open":
            self.publish(0)

    @rule(name=people, number=numbers)
    def start(self, name: str, number: int) -> None:
        draft = Draft(
            "yes", f"Mend road {number}", "It has holes.", "", name, f"{name}@example.org", "GB", "AB1 2CD"
        )
        self._try(starting.start, draft=draft, ip=None)

    @rule(number=numbers)
    def petitioner_confirms(self, number: int) -> None:
        self._on_petition(starting.confirm, number)

    @rule(number=numbers)
    def petitioner_withdraws(self, number: int) -> None:
        if number % 5 == 0:
            self._on_petition(starting.withdraw, number)

    @rule(number=numbers)
    def petitioner_changes_the_words(self, number: int) -> None:
        self._on_petition(
            starting.change_text,
            number,
            action="Mend every road",
            background="All have holes.",
            additional_details="",
        )

    @rule(name=people, number=numbers, alias=st.booleans(), other=st.booleans())
    def sign(self, name: str, number: int, alias: bool, other: bool) -> None:
        """Sign or support; `alias` is the same mailbox spelled otherwise, `other` another person of that mailbox."""
        email = f"{name}+x@example.org" if alias else f"{name}@example.org"
        person = signing.Person(f"{name} other" if other else name, email, "GB", "AB1 2CD", name < "c")
        for role in (SignatureRole.SIGNER, SignatureRole.SUPPORTER):
            self._on_petition(signing.sign, number, person=person, role=role)

    @rule(number=numbers)
    def crowd_signs(self, number: int) -> None:
        """Three people sign, and whoever of them was here before signs again."""
        for name in ("gus", "hana", "ivo"):
            self.sign(name=name, number=number, alias=False, other=number % 2 == 1)

    @rule(number=numbers)
    def confirm(self, number: int) -> None:
        """Confirm, or confirm again."""
        self._on_signer(confirming.confirm, number)

    @rule(number=numbers)
    def take_back_refusal(self, number: int) -> None:
        """ "I did sign it"."""
        self._on_signer(confirming.take_back_refusal, number)

    @rule()
    def everybody_confirms(self) -> None:
        for signature_id in self._ids(Signature):
            if not self._is_petitioners(signature_id):
                self._try(confirming.confirm, signature_id=signature_id)

    @rule(number=numbers)
    def refuse(self, number: int) -> None:
        self._on_signer(confirming.refuse, number)

    @rule(number=numbers)
    def withdraw_signature(self, number: int) -> None:
        self._on_signature(own_signature.withdraw, number)

    @rule(number=numbers)
    def look_at_every_link(self, number: int) -> None:
        """A scanner opens what is behind the links of one signature."""
        if chosen := self._chosen(Signature, number):
            client = self.app.test_client()
            for path, purpose in (
                ("signatures/confirm", Purpose.CONFIRM_SIGNATURE),
                ("signatures", Purpose.MY_SIGNATURE),
            ):
                assert client.get(f"/{path}/{sign(purpose, chosen)}").status_code < 500

    # What staff do.

    @rule(number=numbers)
    def publish(self, number: int) -> None:
        self._on_petition(
            decisions.publish, number, text_version=self._version(number), by=self._staff(self.moderator)
        )

    @rule(number=numbers, code=st.sampled_from(["irrelevant", "offensive"]))
    def reject_or_hide(self, number: int, code: str) -> None:
        if number % 3:
            return
        chosen = self._chosen(Petition, number)
        if chosen is not None:
            state = db.session.get_one(Petition, chosen).state
            decision = {"code": code, "explanation": "Why.", "original_id": None, "state": state}
            self._on_petition(
                decisions.refuse,
                number,
                text_version=self._version(number),
                by=self._staff(self.moderator),
                **decision,
            )

    @rule(number=numbers)
    def restore(self, number: int) -> None:
        self._on_petition(decisions.restore, number, by=self._staff(self.moderator))

    @precondition(lambda self: self._ids(Duty))
    @rule(number=numbers)
    def respond(self, number: int) -> None:
        duty = self._chosen(Duty, number)
        assert duty is not None
        self._try(
            response_actions.save_draft, duty, words=WORDS, draft_version=0, by=self._staff(self.official)
        )
        self._try(response_actions.publish, duty, draft_version=1, by=self._staff(self.official))

    # What time and the machine do.

    @rule(hours=st.sampled_from([1, 12, 30, 24 * 8, 24 * 35]))
    def time_passes(self, hours: int) -> None:
        self._move_clock(timedelta(hours=hours))

    @rule(chance=st.integers(0, 3))
    def half_a_year_passes(self, chance: int) -> None:
        """Seldom, because most of what can happen happens before."""
        if chance == 3:
            self._move_clock(timedelta(days=184))

    @rule(code=st.sampled_from([250, 250, 250, 451, 550, 0]))
    def worker_works(self, code: int) -> None:
        self.server.code = code
        loop.run_until_idle()
        self.server.code = 250

    @rule()
    def worker_counts(self) -> None:
        counting.sweep()

    # What is always true.

    @invariant()
    def the_data_is_true(self) -> None:
        invariants.check(at_rest=False)

    @invariant()
    def states_follow_the_table(self) -> None:
        db.session.rollback()
        for row in db.session.execute(select(Petition.id, Petition.state)):
            before = self.petition_states.get(row.id, row.state)
            assert row.state in _within_two_moves(before), f"petition {row.id}: {before} became {row.state}"
            self.petition_states[row.id] = row.state
        for row in db.session.execute(select(Signature.id, Signature.state)):
            was = self.signature_states.get(row.id, row.state)
            assert row.state in {was} | SIGNATURE_MOVES[was], f"signature {row.id}: {was} became {row.state}"
            self.signature_states[row.id] = row.state

    @invariant()
    def nobody_confirms_too_late(self) -> None:
        grace = timedelta(hours=settings().grace_hours)
        late = (
            select(Signature.id).join(Signature.petition).where(Signature.state == SignatureState.VALIDATED)
        )
        for row in db.session.execute(late.add_columns(Signature.validated_at, Petition.closes_at)):
            assert row.closes_at is None or row.validated_at <= row.closes_at + grace, f"signature {row.id}"

    @invariant()
    def what_is_marked_sent_was_taken(self) -> None:
        sent = db.session.execute(select(Mail.message_id).where(Mail.state == SENT)).scalars()
        assert set(sent) <= set(self.server.accepted), "a mail is marked sent that no server took"

    # How it is done.

    def _stand(self) -> None:
        self.stack.close()
        self.stack.enter_context(clock.fixed(self.now))

    def _move_clock(self, length: timedelta) -> None:
        self.now += length
        self._stand()

    def _ids(self, model: Any) -> list[int]:
        db.session.rollback()
        return list(db.session.execute(select(model.id).order_by(model.id)).scalars())

    def _chosen(self, model: Any, number: int) -> int | None:
        ids = self._ids(model)
        return ids[number % len(ids)] if ids else None

    def _staff(self, staff_id: int) -> Staff:
        return db.session.get_one(Staff, staff_id)

    def _version(self, number: int) -> int:
        chosen = self._chosen(Petition, number)
        return db.session.get_one(Petition, chosen).text_version if chosen else 1

    def _on_petition(self, verb: Callable[..., Any], number: int, **more: Any) -> None:
        if chosen := self._chosen(Petition, number):
            self._try(verb, petition_id=chosen, **more)

    def _on_signature(self, verb: Callable[..., Any], number: int) -> None:
        if chosen := self._chosen(Signature, number):
            self._try(verb, signature_id=chosen)

    def _on_signer(self, verb: Callable[..., Any], number: int) -> None:
        """As `_on_signature`; a petitioner's link leads to pages of its own, where these verbs are not."""
        if (chosen := self._chosen(Signature, number)) and not self._is_petitioners(chosen):
            self._try(verb, signature_id=chosen)

    def _is_petitioners(self, signature_id: int) -> bool:
        return db.session.get_one(Signature, signature_id).role is SignatureRole.CREATOR

    def _try(self, verb: Callable[..., Any], *given: Any, **more: Any) -> None:
        with suppress(PetitionsError):
            verb(*given, **more)


def _within_two_moves(state: State) -> set[State]:
    """Where a petition can be after one verb: the move of the verb, and one of the clock's."""
    once = {after for (before, _), after in MOVES.items() if before is state}
    twice = {after for (before, _), after in MOVES.items() if before in once}
    return {state} | once | twice


def life_on(app: Flask, database: Database) -> type[Life]:
    """The machine for one application and its database."""
    return type("LifeOnDatabase", (Life,), {"app": app, "database": database})
