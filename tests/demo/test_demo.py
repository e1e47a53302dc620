"""`flask demo`: everything it promises to show is there, every count agrees, and a second run changes nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from petitions import audit, clock
from petitions.database import transactional
from petitions.demo.country import DISTRICTS, REGIONS
from petitions.demo.load import load
from petitions.demo.staff import SIGN_INS
from petitions.demo.story import RESPONSE
from petitions.demo.texts import STORIES
from petitions.extensions import db, settings
from petitions.lifecycle import State
from petitions.models import (
    AuditEntry,
    CountryCount,
    Crossing,
    Debate,
    Duty,
    HourCount,
    Mail,
    Outcome,
    Petition,
    PetitionNote,
    PetitionQuestion,
    PetitionThreshold,
    Place,
    PlaceCount,
    Rejection,
    RejectionReason,
    Response,
    Signature,
    SignatureState,
    Staff,
)
from petitions.moderation.claims import claim_on
from petitions.moderation.notes import all_tags
from petitions.permissions import Role
from petitions.places.postcodes import place_of
from tests.keeping import kept_or_made

NOON = datetime(2026, 11, 23, 12, 20, tzinfo=UTC)


@pytest.fixture
def told(app: Flask) -> Iterable[None]:
    with clock.fixed(NOON):
        kept_or_made(load)
        yield


def petition(key: str) -> Petition:
    story = next(story for story in STORIES if story.key == key)
    return db.session.execute(select(Petition).where(Petition.action == story.action)).scalar_one()


def duty(key: str) -> Duty:
    query = select(Duty).where(
        Duty.petition_id == petition(key).id, Duty.threshold_key == "response", Duty.round == 1
    )
    return db.session.execute(query).scalar_one()


def sums(model: type[HourCount] | type[CountryCount] | type[PlaceCount]) -> dict[int, tuple[int, int]]:
    query = select(
        model.petition_id, func.sum(model.signature_count), func.sum(model.imported_signatures)
    ).group_by(model.petition_id)
    return {row[0]: (int(row[1]), int(row[2])) for row in db.session.execute(query)}


def every_state_outcome_role_and_reason_is_shown() -> None:
    states = Counter(db.session.execute(select(Petition.state)).scalars())
    assert set(states) == set(State)
    assert 40 <= sum(states.values()) <= 60
    assert set(db.session.execute(select(Response.outcome)).scalars()) == set(Outcome)
    public = set(db.session.execute(select(RejectionReason.code).where(~RejectionReason.hides)).scalars())
    assert public <= set(db.session.execute(select(Rejection.code)).scalars())
    staff = db.session.execute(select(Staff)).scalars().all()
    assert {role for person in staff for role in person.roles} == set(Role)
    assert {person.email for person in staff} == {sign_in.email for sign_in in SIGN_INS}


def counts_agree_with_rows_places_countries_and_hours() -> None:
    rows = dict(
        db.session.execute(
            select(Signature.petition_id, func.count())
            .where(Signature.counted_at.is_not(None))
            .group_by(Signature.petition_id)
        ).all()
    )
    hours, countries, places = sums(HourCount), sums(CountryCount), sums(PlaceCount)
    home = dict(
        db.session.execute(
            select(CountryCount.petition_id, CountryCount.signature_count).where(
                CountryCount.country == settings().home_country
            )
        ).all()
    )
    for each in db.session.execute(select(Petition)).scalars():
        expected = (each.signature_count, each.imported_signatures)
        assert each.signature_count == each.imported_signatures + rows.get(each.id, 0), each.action
        assert hours.get(each.id, (0, 0)) == countries.get(each.id, (0, 0)) == expected, each.action
        assert places.get(each.id, (0, 0))[0] == home.get(each.id, 0), each.action


def counts_are_those_of_the_texts_and_nothing_lies_in_the_future() -> None:
    for story in STORIES:
        if story.count:
            assert petition(story.key).signature_count == story.count
    for column in (
        Signature.counted_at,
        HourCount.hour,
        AuditEntry.at,
        Petition.updated_at,
        Response.published_at,
    ):
        assert db.session.execute(select(func.max(column))).scalar_one() <= NOON


def hours_add_up_to_a_threshold_just_when_it_was_reached() -> None:
    for crossing in db.session.execute(select(Crossing)).scalars():
        threshold = db.session.get_one(PetitionThreshold, (crossing.petition_id, crossing.threshold_key))
        hour = crossing.reached_at.replace(minute=0, second=0)
        before, after = (
            db.session.execute(
                select(func.sum(HourCount.signature_count)).where(
                    HourCount.petition_id == crossing.petition_id, HourCount.hour < end
                )
            ).scalar_one()
            for end in (hour, hour + timedelta(hours=1))
        )
        assert before < threshold.signatures <= after
        assert crossing.signature_count >= threshold.signatures
    reached = {key for story in STORIES for key in [(story.key, value) for value in story.reached]}
    assert db.session.execute(select(func.count()).select_from(Crossing)).scalar_one() == len(reached)


def duties_stand_as_promised() -> None:
    today = clock.today(settings().timezone)
    days_left = {
        key: (duty(key).due_on - today).days
        for key in ("night-flights", "school-meals", "night-bus", "library-evenings")
    }
    assert days_left == {"night-flights": -12, "school-meals": 3, "night-bus": 16, "library-evenings": 17}
    assert [pause.ends_on for pause in duty("northern-ferry").pauses] == [today + timedelta(days=10)]
    assert duty("northern-ferry").due_on > duty("northern-ferry").first_due_on
    assert [extension.due_on for extension in duty("library-evenings").extensions] == [
        duty("library-evenings").due_on
    ]
    assert [row.days_late for row in duty("night-flights").escalations] == [7]
    assert [row.days_late for row in duty("paper-tickets").escalations] == [7]
    assert len(duty("school-meals").holding_replies) == 1
    assert duty("hearing-benches").transfers[0].from_department.slug == "interior"
    (again,) = db.session.execute(select(Duty).where(Duty.round > 1)).scalars()
    assert (again.petition_id, (again.due_on - today).days) == (petition("paper-tickets").id, 11)
    days_late = {
        key: (duty(key).answered_at.astimezone(settings().timezone).date() - duty(key).due_on).days
        for key in ("post-offices", "deposits", "museum-free")
    }
    assert days_late == {"post-offices": -4, "deposits": 9, "museum-free": 0}


def debates_are_scheduled_held_refused_and_still_to_come() -> None:
    debates = {d.petition_id: d for d in db.session.execute(select(Debate)).scalars()}
    assert debates[petition("night-ambulance").id].debated is True
    assert debates[petition("midsummer").id].debated is False
    assert debates[petition("bottle-deposit").id].scheduled_on > clock.today(settings().timezone)
    assert petition("counsellors").id not in debates


def one_petition_rises_and_one_is_nearly_there() -> None:
    query = select(func.count()).where(
        Signature.petition_id == petition("night-bus").id, Signature.counted_at > NOON - timedelta(hours=1)
    )
    assert db.session.execute(query).scalar_one() >= 400
    assert RESPONSE - petition("river-quality").signature_count == 269


def the_history_is_whole_and_in_order() -> None:
    assert list(audit.verify()) == []
    times = db.session.execute(select(AuditEntry.at).order_by(AuditEntry.id)).scalars().all()
    assert list(times) == sorted(times)
    assert len(times) > 200


def a_pending_signature_has_its_mail() -> None:
    pending = select(Signature.id).where(Signature.state == SignatureState.PENDING)
    assert (
        db.session.execute(pending).scalars().all()
        == db.session.execute(select(Mail.signature_id)).scalars().all()
    )


def every_postcode_leads_to_its_district() -> None:
    assert db.session.execute(select(func.count()).where(Place.kind == "region")).scalar_one() == len(REGIONS)
    for district in DISTRICTS:
        place = place_of(f"{district.prefix.lower()} 4")
        assert place is not None
        assert place.code == district.code
        assert place.region is not None
        assert place.region.code == district.region.code


#: Looked at one after the other in one telling of the demo: telling it takes seconds.
def some_signatures_wait_for_staff_and_some_were_removed() -> None:
    states = Counter(
        db.session.execute(
            select(Signature.state).where(Signature.petition_id == petition("river-quality").id)
        ).scalars()
    )
    assert states[SignatureState.HELD] == 16
    assert states[SignatureState.INVALIDATED] == 8


def the_queue_shows_what_moderators_do_in_it() -> None:
    notes = db.session.execute(select(PetitionNote.petition_id)).scalars().all()
    assert notes == [petition("v-allotments").id]
    assert {tag.name for tag, _ in all_tags()} == {"defence", "land", "roads"}
    claim = claim_on(petition("v-pharmacy").id)
    assert claim is not None
    assert claim.staff.name == "Idris Vale"
    question = db.session.execute(select(PetitionQuestion)).scalar_one()
    assert (question.petition_id, question.answered_at) == (petition("v-crossings").id, None)
    assert question.questions


CHECKS = (
    some_signatures_wait_for_staff_and_some_were_removed,
    every_state_outcome_role_and_reason_is_shown,
    counts_agree_with_rows_places_countries_and_hours,
    counts_are_those_of_the_texts_and_nothing_lies_in_the_future,
    hours_add_up_to_a_threshold_just_when_it_was_reached,
    duties_stand_as_promised,
    debates_are_scheduled_held_refused_and_still_to_come,
    one_petition_rises_and_one_is_nearly_there,
    the_history_is_whole_and_in_order,
    a_pending_signature_has_its_mail,
    every_postcode_leads_to_its_district,
    the_queue_shows_what_moderators_do_in_it,
)


@pytest.mark.usefixtures("told")
def test_the_demo_shows_what_it_promises(subtests: pytest.Subtests) -> None:
    for check in CHECKS:
        with subtests.test(check.__name__):
            check()


@pytest.mark.database("sqlite")
@pytest.mark.settings(response_threshold=5, debate_threshold=6, response_days=2)
@pytest.mark.usefixtures("told")
def test_the_site_s_own_thresholds_do_not_change_the_stories() -> None:
    hours_add_up_to_a_threshold_just_when_it_was_reached()
    duties_stand_as_promised()


@pytest.fixture
def still() -> Iterator[None]:
    """The clock stands: the country ends at the present hour, and two runs may lie on two sides of one."""
    with clock.fixed(clock.now()):
        yield


def test_a_second_run_changes_nothing_and_reset_starts_over(app: Flask, still: None) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["demo"]).exit_code == 0
    first = contents()
    assert "nothing was changed" in run(args=["demo"]).output
    assert contents() == first
    rename_a_petition()
    again = run(args=["demo", "--reset"])
    assert again.exit_code == 0, again.output
    assert contents() == first
    assert petition("night-bus").id == [story.key for story in STORIES].index("night-bus") + 1


@transactional
def rename_a_petition() -> None:
    petition("night-bus").action = "Something else"


@pytest.mark.database("sqlite")
@pytest.mark.settings(
    app_env="production", base_url="https://petitions.example.org", mail_url="smtp://localhost"
)
def test_production_refuses_the_demo(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code != 0
    assert "APP_ENV" in result.output
    assert db.session.execute(select(func.count()).select_from(Staff)).scalar_one() == 0


def contents() -> dict[str, int]:
    """How many rows each table has, and the sum of all counts."""
    tables = {
        name: db.session.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in db.metadata.tables.items()
    }
    tables["sum"] = db.session.execute(select(func.sum(Petition.signature_count))).scalar_one() or 0
    db.session.rollback()
    return tables
