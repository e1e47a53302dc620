"""Staff remove many signatures and put them back while the workers that do it are killed at every portion."""

from __future__ import annotations

import random
import time
from pathlib import Path

from petitions.extensions import db
from petitions.mail.marking import MOST_UNMARKED
from petitions.models import Campaign, CampaignAction, CampaignState, Petition, Signature, Staff
from petitions.permissions import Role
from petitions.scrutiny import campaigns
from petitions.scrutiny.conditions import Conditions
from petitions.secrecy import domain_hash
from tests import build
from tests.faults.bench import Bench, Figure
from tests.faults.effort import Effort
from tests.faults.postgres import PostgresServer

#: Signatures of one petition; the worker changes a few dozen at a time in a fault run.
SIGNATURES = 150
PATIENCE = 60.0


class Campaigning:
    """One petition with its signatures, half of them from the domain that is removed."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.wrong: list[str] = []
        self.staff_id = build.staff(Role.ADMINISTRATOR).id
        petition = build.open_petition()
        self.petition_id = petition.id
        for number in range(SIGNATURES):
            domain = "farm.example.net" if number % 2 else f"d{number}.example.org"
            build.signature(
                petition,
                email=f"s{number}@{domain}",
                domain_hash=domain_hash(petition.id, domain),
                counted=number == SIGNATURES - 1,
            )
        self.before = self._look()

    def _look(self) -> tuple[int, list[tuple[int, str]]]:
        db.session.rollback()
        rows = db.session.query(Signature.id, Signature.state).filter_by(petition_id=self.petition_id)
        states = sorted((row.id, str(row.state.value)) for row in rows)
        count = db.session.get_one(Petition, self.petition_id).signature_count
        db.session.rollback()
        return count, states

    def _await(self, campaign_id: int, state: CampaignState) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            db.session.rollback()
            if db.session.get_one(Campaign, campaign_id).state is state:
                return
            time.sleep(0.02)
        self.wrong.append(f"campaign {campaign_id} never became {state}")

    def _by(self) -> Staff:
        return db.session.get_one(Staff, self.staff_id)

    def remove_and_put_back(self, action: CampaignAction) -> None:
        """Begin, start, undo; afterwards everything is as it was."""
        campaign_id = campaigns.begin(
            petition_id=self.petition_id,
            action=action,
            conditions=Conditions(domain="farm.example.net"),
            reason="A farm.",
            by=self._by(),
        ).id
        self._await(campaign_id, CampaignState.READY)
        campaigns.start(campaign_id=campaign_id, by=self._by())
        self._await(campaign_id, CampaignState.DONE)
        count, _ = self._look()
        if count != self.before[0] - SIGNATURES // 2:
            self.wrong.append(f"campaign {campaign_id} left a count of {count}, it was {self.before[0]}")
        campaigns.undo(campaign_id=campaign_id, reason="A mistake.", by=self._by())
        self._await(campaign_id, CampaignState.UNDONE)
        end = time.monotonic() + PATIENCE
        while self._look() != self.before and time.monotonic() < end:
            time.sleep(0.02)
        if self._look() != self.before:
            self.wrong.append(f"campaign {campaign_id} undone is not as it was: {self._look()[0]}")


def kill_campaigns(folder: Path, server: PostgresServer | None, seed: int, effort: Effort) -> Figure:
    """`effort.times` campaigns, each undone; the worker dies half of the times when it has changed a portion."""
    dice = random.Random(f"campaigns:{seed}")
    folder.mkdir(parents=True, exist_ok=True)
    reached = folder / "reached"
    reached.touch()
    extra = {
        "FAILPOINTS": "campaign:changed=kill:0.4;after_commit:work=kill:0.1",
        "FAULTS_REACHED": str(reached),
    }
    with Bench(folder, seed=seed, server=server, extra=extra) as bench:
        with bench.app.app_context():
            campaigning = Campaigning(bench)
            done = 0
            for _ in effort.turns():
                campaigning.remove_and_put_back(dice.choice([CampaignAction.INVALIDATE, CampaignAction.HOLD]))
                done += 1
            db.session.remove()
        (folder / "calm").touch()
        killed = reached.stat().st_size
        bench.ours.update(row for row, _ in campaigning.before[1])
        figure = bench.figure(
            "campaigns, undone, their workers killed", done, ambiguous=killed * MOST_UNMARKED
        )
    figure.numbers["workers killed"] = killed
    figure.wrong += campaigning.wrong
    return figure
