"""I22: whatever is held, released, removed or put back, and in whatever portions: undone, every count, hour and event is as before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petitions import clock
from petitions.models import Petition, SignatureState, Staff
from petitions.scrutiny import campaign_work
from petitions.scrutiny.conditions import Conditions
from tests import build, invariants
from tests.databases import Database, release
from tests.scrutiny.acts import act, everything_counted, run, undo, waiting

ACTIONS = ("hold", "release", "invalidate", "restore")

rows = st.lists(
    st.fixed_dictionaries(
        {
            "state": st.sampled_from([each.value for each in SignatureState]),
            "country": st.sampled_from(["GB", "FR", "DE"]),
            "hours_ago": st.sampled_from([0, 1, 30]),
            "home": st.sampled_from([0, 0, 1, 2]),
        }
    ),
    min_size=1,
    max_size=12,
)


def fill(petition: Petition, kinds: list[dict[str, Any]], by: Staff) -> None:
    """Signatures of these kinds; what staff hold or removed is so by what staff did."""
    now = clock.now()
    places = [build.place(f"Place {prefix}", postcode_prefixes=[prefix]) for prefix in ("AB1", "ZZ9")]
    by_staff: dict[str, list[Any]] = {"held": [], "invalidated": []}
    for kind in sorted(kinds, key=lambda kind: -kind["hours_ago"]):
        state = kind["state"]
        with clock.fixed(now - timedelta(hours=kind["hours_ago"])):
            columns = {
                "country": kind["country"],
                "place": places[kind["home"] - 1] if kind["home"] else None,
            }
            if state == "pending":
                row = waiting(petition, **columns)
            else:
                row = build.signature(petition, state="validated" if state in by_staff else state, **columns)
        by_staff.get(state, []).append(row)
    act("hold", petition, by_staff["held"], by)
    act("invalidate", petition, by_staff["invalidated"], by)


@pytest.mark.settings(response_threshold=3, debate_threshold=6)
@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    kinds=rows,
    action=st.sampled_from(ACTIONS),
    country=st.sampled_from(["GB", "FR"]),
    portion=st.sampled_from([1, 2, 1000]),
)
def test_undone_everything_is_as_it_was(
    app: Flask, database: Database, kinds: list[dict[str, Any]], action: str, country: str, portion: int
) -> None:
    release(app)
    database.reset()
    by = build.staff("moderator")
    with clock.fixed(clock.now() - timedelta(days=3)):
        petition = build.open_petition()
    fill(petition, kinds, by)
    before = everything_counted(petition)
    kept, campaign_work.CHANGED = campaign_work.CHANGED, portion
    try:
        campaign = run(petition, by, action, Conditions(country=country))
        invariants.check()
        crossed = everything_counted(petition)["crossings"]
        if campaign.changed:
            undo(campaign, by)
    finally:
        campaign_work.CHANGED = kept
    after = everything_counted(petition)
    # What a campaign lets cross a threshold stays crossed: that is history.
    assert after.pop("crossings") in (before.pop("crossings"), crossed)
    assert after == before
    invariants.check()
