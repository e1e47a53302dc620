"""Hold, release, remove, put back: counts exact, a line in the history, a public note, one mail, nothing else touched."""

import re
from datetime import timedelta

import pytest

from petitions import clock
from petitions.errors import StateChanged
from petitions.models import Petition, Signature, Staff
from petitions.signing import confirming, own_signature
from tests import build, invariants
from tests.client import PageCheckingClient
from tests.scrutiny.acts import BACK, REASON, act, corrections, everything_counted, lines, states
from tests.staff_visitor import StaffVisitor


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("hold", "validated", "held"),
        ("hold", "pending", "pending"),
        ("release", "held", "validated"),
        ("invalidate", "pending", "invalidated"),
        ("invalidate", "validated", "invalidated"),
        ("invalidate", "held", "invalidated"),
        ("restore", "invalidated", "pending"),
    ],
)
def test_each_act_changes_what_it_fits(
    petition: Petition, moderator: Staff, action: str, before: str, after: str
) -> None:
    signature = build.signature(petition, state=before)
    assert act(action, petition, [signature], moderator).changed == 1
    assert states([signature]) == [after]


@pytest.mark.parametrize("action", ["hold", "release", "invalidate", "restore"])
def test_what_its_owner_ended_or_erased_and_the_petitioners_own_stay(
    petition: Petition, moderator: Staff, action: str
) -> None:
    rows = [
        build.signature(petition, state=state)
        for state in ("withdrawn", "refused", "validated", "invalidated")
    ]
    for row in rows[2:]:
        own_signature.erase(signature_id=row.id)
    rows.append(build.creator_of(petition))
    before = everything_counted(petition)
    assert act(action, petition, rows, moderator).changed == 0
    assert everything_counted(petition) == before
    assert corrections(petition) == []
    assert lines(f"signatures_{action}d") == []


def test_removing_leaves_every_count_and_tells_everybody_why(
    petition: Petition, moderator: Staff, client: PageCheckingClient
) -> None:
    place = build.place()
    rows = build.signatures(petition, 3, place=place)
    done = act("invalidate", petition, rows[:2], moderator)
    assert (done.asked, done.changed, done.count_change) == (2, 2, -2)
    assert petition.signature_count == 2
    assert corrections(petition) == [(-2, REASON)]
    (line,) = lines("signatures_invalidated")
    assert line.staff_id == moderator.id
    assert line.details == {
        "changed": 2,
        "count_change": -2,
        "reason": REASON,
        "ids": [row.id for row in rows[:2]],
    }
    page = client.get(f"/petitions/{petition.id}").text
    assert "2 signatures removed" in page
    assert REASON in page
    invariants.check()


def test_the_petitioner_gets_one_mail_for_each_act(petition: Petition, moderator: Staff) -> None:
    rows = build.signatures(petition, 2)
    act("invalidate", petition, rows, moderator)
    act("restore", petition, rows, moderator, BACK)
    build.work()
    removed, back = build.captured(to="priya@example.org", kind="signatures_removed")
    assert removed["Subject"] == f"2 signatures were removed: {petition.action}"
    assert REASON in build.text_of(removed)
    assert back["Subject"] == f"2 signatures were put back: {petition.action}"
    assert BACK in build.text_of(back)
    assert "List-Unsubscribe" in removed


def test_put_back_they_count_in_the_hour_where_they_stood(petition: Petition, moderator: Staff) -> None:
    rows = build.signatures(petition, 3, wants_updates=True)
    before = everything_counted(petition)
    with clock.fixed(clock.now() + timedelta(hours=3)):
        act("invalidate", petition, rows, moderator)
        act("restore", petition, rows, moderator)
    assert everything_counted(petition) == before
    assert corrections(petition) == [(-3, REASON), (3, REASON)]
    invariants.check()


def test_refused_and_confirmed_after_it_was_put_back_it_counts_from_then_on(
    petition: Petition, moderator: Staff
) -> None:
    row = build.signature(petition)
    act("hold", petition, [row], moderator)
    with clock.fixed(clock.now() + timedelta(hours=3)):
        confirming.refuse(signature_id=row.id)
        confirming.take_back_refusal(signature_id=row.id)
        act("release", petition, [row], moderator)
        assert row.counted_at == row.validated_at == clock.now()
        invariants.check()


def test_held_by_staff_they_leave_the_count_and_come_back(petition: Petition, moderator: Staff) -> None:
    rows = build.signatures(petition, 2)
    before = everything_counted(petition)
    act("hold", petition, rows, moderator)
    assert petition.signature_count == 1
    act("release", petition, rows, moderator)
    assert everything_counted(petition) == before
    assert corrections(petition) == [(-2, REASON), (2, REASON)]


def test_what_never_counted_is_released_without_a_note(petition: Petition, moderator: Staff) -> None:
    pressed = clock.now()
    row = build.signature(petition, state="held", validated_at=pressed, held_reason="origin")
    assert act("release", petition, [row], moderator).count_change == 0
    assert (petition.signature_count, row.validated_at, row.held_reason) == (2, pressed, None)
    assert corrections(petition) == []


def test_put_back_each_is_what_it_was(petition: Petition, moderator: Staff) -> None:
    waiting = build.signature(petition, state="pending")
    held = build.signature(petition, state="held", validated_at=clock.now(), held_reason="trap")
    valid = build.signature(petition)
    rows = [waiting, held, valid]
    before = states(rows)
    act("invalidate", petition, rows, moderator)
    act("restore", petition, rows, moderator)
    assert states(rows) == before
    assert held.held_reason == "trap"


def test_one_that_waits_is_held_once_it_is_confirmed(petition: Petition, moderator: Staff) -> None:
    row = build.signature(petition, state="pending")
    act("hold", petition, [row], moderator)
    confirming.confirm(signature_id=row.id)
    assert states([row]) == ["held"]


def test_a_mailbox_that_signed_again_keeps_the_new_signature(petition: Petition, moderator: Staff) -> None:
    old = build.signature(petition, name="Ada Adeyemi", email="ada@example.org")
    act("invalidate", petition, [old], moderator)
    new = build.signature(petition, name="ada  adeyemi", email="ada@example.org")
    done = act("restore", petition, [old], moderator)
    assert (done.changed, states([old, new])) == (0, ["invalidated", "validated"])
    invariants.check()


def test_two_people_of_one_mailbox_are_both_put_back(petition: Petition, moderator: Staff) -> None:
    rows = [
        build.signature(petition, name=name, email="home@example.org", seat=seat)
        for seat, name in ((1, "Ada Adeyemi"), (2, "Ben Adeyemi"))
    ]
    act("invalidate", petition, rows, moderator)
    assert act("restore", petition, rows, moderator).changed == 2
    assert {row.seat for row in rows} == {1, 2}
    invariants.check()


def test_of_one_person_who_was_removed_twice_one_signature_comes_back(
    petition: Petition, moderator: Staff
) -> None:
    rows = []
    for _ in range(2):
        rows.append(build.signature(petition, name="Ada Adeyemi", email="ada@example.org"))
        act("invalidate", petition, rows, moderator)
    assert act("restore", petition, rows, moderator).changed == 1
    assert states(rows) == ["invalidated", "validated"]
    invariants.check()


def test_another_household_finds_no_seat_beside_the_first(petition: Petition, moderator: Staff) -> None:
    old = build.signature(petition, name="Ada", email="ada@example.org", postcode="AB1 2CD")
    act("invalidate", petition, [old], moderator)
    build.signature(petition, name="Ben", email="ada@example.org", postcode="ZZ9 9ZZ")
    assert act("restore", petition, [old], moderator).changed == 0


@pytest.mark.settings(response_threshold=3)
def test_a_crossing_is_never_undone_and_fires_once(petition: Petition, moderator: Staff) -> None:
    rows = build.signatures(petition, 3)
    act("invalidate", petition, rows, moderator)
    act("restore", petition, rows, moderator)
    assert len(lines("threshold_crossed")) == 1
    invariants.check()


@pytest.mark.settings(response_threshold=3)
def test_put_back_over_the_threshold_they_cross_it(petition: Petition, moderator: Staff) -> None:
    rows = [
        build.signature(petition, state="held", validated_at=clock.now(), held_reason="origin")
        for _ in range(5)
    ]
    act("release", petition, rows, moderator)
    assert len(lines("threshold_crossed")) == 1
    invariants.check()


def test_a_count_that_stands_still_is_not_changed(petition: Petition, moderator: Staff) -> None:
    row = build.signature(petition)
    build.change(petition, anonymised_at=clock.now())
    with pytest.raises(StateChanged):
        act("invalidate", petition, [row], moderator)
    assert states([row]) == ["validated"]


def test_the_page_changes_those_ticked_and_says_what_came_of_it(
    visitor: StaffVisitor, petition: Petition
) -> None:
    rows: list[Signature] = build.signatures(petition, 3)
    address = f"/staff/petitions/{petition.id}/signatures/change"
    fields = {"action": "invalidate", "reason": REASON, "signatures": [rows[0].id, rows[1].id]}
    response = visitor.post(address, **fields)
    assert response.status_code == 303
    assert states(rows) == ["invalidated", "invalidated", "validated"]
    page = visitor.get(response.location).text
    assert "2 of 2 signatures changed" in page
    assert "2 left the petition’s count" in page
    again = visitor.get(visitor.post(address, **fields).location).text
    assert "0 of 2 signatures changed" in again
    assert corrections(petition) == [(-2, REASON)]


@pytest.mark.parametrize(
    "missing",
    [{"reason": ""}, {"signatures": []}, {"action": "burn"}, {"signatures": ["x"]}, {"signatures": [2**40]}],
)
def test_a_form_that_lacks_something_changes_nothing(
    visitor: StaffVisitor, petition: Petition, missing: dict[str, object]
) -> None:
    row = build.signature(petition)
    fields = {"action": "invalidate", "reason": REASON, "signatures": [row.id]} | missing
    response = visitor.post(f"/staff/petitions/{petition.id}/signatures/change", **fields)
    assert response.status_code == 422
    assert re.search("<title>\\s*Error:", response.text)
    assert states([row]) == ["validated"]


def test_a_signature_of_another_petition_is_not_touched(petition: Petition, moderator: Staff) -> None:
    other = build.signature(build.open_petition())
    assert act("invalidate", petition, [other], moderator).changed == 0
    assert states([other]) == ["validated"]
