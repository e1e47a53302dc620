"""More verbs of the state machine: what staff do with signatures, what signers do with their data, and upkeep."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from config import DataKey
from petitions import suppressions
from petitions.database import transactional
from petitions.extensions import db, settings
from petitions.models import Campaign, CampaignAction, Petition, Signature, Staff
from petitions.scrutiny import actions as scrutiny
from petitions.scrutiny import campaigns
from petitions.scrutiny.conditions import Conditions
from petitions.signing import actions as signing
from petitions.signing import own_signature
from petitions.starting import actions as starting
from petitions.upkeep import purging, resealing

numbers = st.integers(min_value=0, max_value=30)
acts = st.sampled_from(list(CampaignAction))


class StaffAndUpkeep:
    """Rules that `Life` inherits; it brings the helpers that are declared here."""

    app: Flask
    moderator: int
    _ids: Callable[[Any], list[int]]
    _chosen: Callable[[Any, int], int | None]
    _staff: Callable[[int], Staff]
    _try: Callable[..., None]
    _on_signature: Callable[[Callable[..., Any], int], None]

    @rule(number=numbers)
    def erase(self, number: int) -> None:
        """Everything personal of one signature goes."""
        if number % 2:
            self._on_signature(own_signature.erase, number)

    @rule(number=numbers, wanted=st.sampled_from(list(own_signature.Mails)))
    def choose_mails(self, number: int, wanted: own_signature.Mails) -> None:
        """A signer wants news, none of this petition, or no mail from this site."""
        if chosen := self._chosen(Signature, number):
            self._try(own_signature.choose_mails, signature_id=chosen, wanted=wanted)

    @rule(number=numbers, name=st.sampled_from(["Ada Adeyemi", "ben"]))
    def correct_the_name(self, number: int, name: str) -> None:
        """A signer mends a slip."""
        if chosen := self._chosen(Signature, number):
            self._try(own_signature.rename, signature_id=chosen, name=name)

    @rule(number=numbers, for_ever=st.booleans())
    def it_was_not_me(self, number: int, for_ever: bool) -> None:
        """Somebody whose address was given for a petition says so."""
        if chosen := self._chosen(Petition, number):
            self._try(starting.disown, petition_id=chosen, for_ever=for_ever)

    @rule(number=numbers)
    def ask_for_a_new_link(self, number: int) -> None:
        """Within the caps."""
        self._on_signature(signing.send_new_link, number)

    @rule(name=st.sampled_from(["ada", "ben"]), wanted=st.booleans())
    def no_mail_at_all(self, name: str, wanted: bool) -> None:
        """A mailbox wants nothing from this site any more, or takes that back."""
        self._try(
            transactional(suppressions.lift if wanted else suppressions.suppress), f"{name}@example.org"
        )

    @rule(number=numbers, act=acts, more=st.integers(1, 4))
    def staff_change_signatures(self, number: int, act: CampaignAction, more: int) -> None:
        """Staff hold, release, remove or put back one signature and some of its neighbours."""
        if chosen := self._chosen(Signature, number):
            petition_id = db.session.get_one(Signature, chosen).petition_id
            self._try(
                scrutiny.change_some,
                petition_id=petition_id,
                action=act,
                signature_ids=range(chosen, chosen + more),
                reason="Why.",
                by=self._staff(self.moderator),
            )

    @rule(number=numbers, act=acts)
    def campaign_begins(self, number: int, act: CampaignAction) -> None:
        """The worker looks at the next turn."""
        if chosen := self._chosen(Signature, number):
            petition_id = db.session.get_one(Signature, chosen).petition_id
            self._try(
                campaigns.begin,
                petition_id=petition_id,
                action=act,
                conditions=Conditions(domain="example.org"),
                reason="Why.",
                by=self._staff(self.moderator),
            )

    @precondition(lambda self: self._ids(Campaign))
    @rule(number=numbers, verb=st.sampled_from(["start", "start", "cancel", "undo"]))
    def campaign_goes_on(self, number: int, verb: str) -> None:
        """It is started, stopped or undone; the worker does the work."""
        chosen = self._chosen(Campaign, number)
        more = {"reason": "A mistake."} if verb == "undo" else {}
        self._try(getattr(campaigns, verb), campaign_id=chosen, by=self._staff(self.moderator), **more)

    @rule()
    def what_is_too_old_goes(self) -> None:
        """The daily purge."""
        purging.purge()

    @rule(letter=st.sampled_from("abc"))
    def keys_are_changed(self, letter: str) -> None:
        """A new key in front, everything sealed again, the oldest key thrown away."""
        site = settings()
        key = DataKey(f"k{letter}", hashlib.sha256(letter.encode()).digest())
        if any(each.id == key.id for each in site.data_keys):
            return
        self.app.extensions["settings"] = replace(site, data_keys=(key, *site.data_keys))
        run = resealing.Resealing()
        run.run()
        assert not run.unopened, run.unopened
        db.session.rollback()
        self.app.extensions["settings"] = replace(site, data_keys=(key,))
