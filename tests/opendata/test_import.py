"""`flask petitions import`: what is in the file is here afterwards, once, however often and however badly it went."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from petitions import audit, clock
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import (
    AuditEntry,
    Crossing,
    Debate,
    Department,
    Duty,
    Mail,
    Petition,
    Place,
    Rejection,
    RejectionReason,
    Response,
    Signature,
    Topic,
)
from petitions.opendata import importing, storing
from petitions.signing.closing import close_due
from tests import build
from tests.databases import Database, release
from tests.opendata import lines
from tests.opendata.lines import write
from tests.opendata.stored import everything, run, stories, story


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def one(model: type, **columns: object) -> object:
    return db.session.execute(select(model).filter_by(**columns)).scalar_one()


def test_a_petition_keeps_its_id_words_state_dates_and_count(app: Flask, tmp_path: Path) -> None:
    odd = "Žluťoučký кот\tيوقف \U0001f600 “quoted” <b>&amp;</b>\r\n=1+1  "
    line = lines.petition(300034, action="Mend it – now…", additional_details=odd, committee_note="Noted.")
    result = run(app, "petitions", "import", write(tmp_path / "file.jsonl", line))
    assert result.exit_code == 0, result.output
    petition = db.session.get_one(Petition, 300034)
    given = line["attributes"]
    assert petition.state is State.CLOSED
    for name in ("action", "background", "additional_details", "committee_note", "signature_count"):
        assert getattr(petition, name) == given[name]
    for name in ("created_at", "updated_at", "opened_at", "closed_at", "moderation_threshold_reached_at"):
        assert getattr(petition, name) == moment(given[name])
    assert petition.imported_signatures == 40
    assert petition.closes_at == petition.closed_at
    assert petition.creator_name is None
    told = story(petition)
    assert told["petition_texts"][0]["background"] == given["background"]
    assert [rule["signatures"] for rule in told["petition_thresholds"]] == [100_000, 10_000]
    assert told["crossings"] == told["duties"] == []


def test_everything_that_happened_to_it_comes_with_it(app: Flask, tmp_path: Path) -> None:
    assert (
        run(app, "petitions", "import", write(tmp_path / "f.jsonl.gz", lines.answered_petition(7))).exit_code
        == 0
    )
    told = story(db.session.get_one(Petition, 7))
    assert told["departments"] == ["Board of Rivers", "Roads and Bridges Office"]
    assert told["topics"] == ["covid-19", "roads-and-bridges"]
    assert told["places"] == {"E90000001": 100, "E90000002": 20}
    assert {row["country"]: row["imported_signatures"] for row in told["country_counts"]} == {
        "GB": 120_000,
        "AQ": 3,
    }
    assert told["other_business"][0]["occurred_on"] == date(2021, 6, 2)
    assert told["crossings"][1]["reached_at"] == moment("2021-03-29T23:30:00Z")
    assert len(told["versions"]) == 1
    response = one(Response, petition_id=7)
    assert isinstance(response, Response)
    assert (response.summary, response.outcome, response.responded_on) == (
        "We will mend the bridge.",
        None,
        date(2021, 4, 29),
    )
    assert response.body.startswith("It opens in **May**.\r\n")
    assert response.published_at == moment("2021-04-30T09:00:00.160Z")
    assert response.updated_at == moment("2021-05-01T10:00:00Z")
    duty = one(Duty, petition_id=7, threshold_key="response")
    assert isinstance(duty, Duty)
    assert response.duty_id == duty.id
    assert duty.department_id == response.department_id
    # Reached half an hour after midnight in London: 30 March, and 21 days more.
    assert duty.due_on == duty.first_due_on == date(2021, 4, 20)
    assert duty.answered_at == response.published_at
    debate = one(Debate, petition_id=7)
    assert isinstance(debate, Debate)
    assert (debate.debated, debate.scheduled_on, debate.debated_on) == (
        True,
        date(2021, 7, 5),
        date(2021, 7, 5),
    )
    assert [
        debate.transcript_url,
        debate.video_url,
        debate.research_url,
        debate.public_engagement_url,
        debate.summary_url,
    ] == [f"https://example.org/{page}" for page in ("transcript", "video", "pack", "asked", "summary")]
    owed = one(Duty, petition_id=7, threshold_key="debate")
    assert isinstance(owed, Duty)
    assert (owed.due_on, owed.answered_at) == (None, debate.outcome_at)


def test_shared_rows_are_made_once_and_used_where_they_are(app: Flask, tmp_path: Path) -> None:
    here = build.department("Board of Rivers", slug="rivers", acronym="BR")
    fairley = build.place("Fairley and Marsh", code="E90000001", representative=None)
    file = write(tmp_path / "f.jsonl", lines.answered_petition(7), lines.answered_petition(8))
    assert run(app, "petitions", "import", file).exit_code == 0
    assert {row.name: row.acronym for row in db.session.execute(select(Department)).scalars()} == {
        "Board of Rivers": "BR",
        "Roads and Bridges Office": "RBO",
    }
    assert {row.code: row.name for row in db.session.execute(select(Topic)).scalars()} == {
        "covid-19": "Covid-19",
        "roads-and-bridges": "Roads and bridges",
    }
    places = {row.code: row for row in db.session.execute(select(Place)).scalars()}
    assert (places["E90000001"].name, places["E90000001"].representative) == (
        "Fairley and Marsh",
        "Ada Bright MP",
    )
    assert (places["E90000002"].slug, places["E90000002"].kind) == ("old-mills", "constituency")
    assert (places["A"].name, places["A"].kind) == ("North East", "region")
    assert here.slug == "rivers"
    assert fairley.id == places["E90000001"].id


def test_a_refused_petition_keeps_its_reason_and_an_unknown_code_becomes_a_public_reason(
    app: Flask, tmp_path: Path
) -> None:
    known = db.session.execute(select(func.count()).select_from(RejectionReason)).scalar_one()
    file = write(
        tmp_path / "f.jsonl",
        lines.rejected_petition(1),
        lines.rejected_petition(2, "no-reply", rejection={"code": "no-reply", "details": None}),
        # It was published first and taken down later.
        lines.rejected_petition(3, opened_at=lines.OPENED),
    )
    assert run(app, "petitions", "import", file).exit_code == 0
    rejections = db.session.execute(select(Rejection).order_by(Rejection.petition_id)).scalars().all()
    assert [(row.code, row.details) for row in rejections] == [
        ("duplicate", "It repeats petition 12."),
        ("no-reply", ""),
        ("duplicate", "It repeats petition 12."),
    ]
    reason = db.session.get_one(RejectionReason, "no-reply")
    assert (reason.title, reason.hides) == ("No reply", False)
    assert reason.position >= known
    assert db.session.get_one(Petition, 3).was_published


@pytest.mark.database("sqlite")
def test_a_duplicate_names_the_petition_that_the_refusal_links_to_wherever_it_stands(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    here = "https://petition.parliament.uk/petitions/"

    def refused(number: int, details: str, code: str = "duplicate") -> lines.Line:
        return lines.rejected_petition(number, rejection={"code": code, "details": details})

    file = write(
        tmp_path / "petitions.jsonl",
        refused(1, f"We do this already: {here}9."),
        refused(2, f"See {here}2, {here}3 and {here}4"),
        lines.petition(3),
        refused(4, f"{here}777 is not in the file"),
        refused(5, f"It is like {here}3", "irrelevant"),
        refused(6, "No link."),
        lines.petition(9),
    )
    for _ in range(2):
        run(app, "petitions", "import", file)
        found = {row.petition_id: row.original_id for row in db.session.execute(select(Rejection)).scalars()}
        assert found == {1: 9, 2: 3, 4: None, 5: None, 6: None}


def test_a_petition_said_to_be_open_stays_open_and_the_clock_decides_about_signing(
    app: Flask, tmp_path: Path
) -> None:
    file = write(
        tmp_path / "f.jsonl",
        lines.open_petition(1, creator_name="Ada Bright"),
        lines.open_petition(2, closing_date="2021-10-01"),
        # Said to be open when the months were over: its deadline had been lengthened.
        lines.open_petition(3, updated_at="2021-12-24T10:00:00.000Z"),
    )
    with clock.fixed(datetime(2021, 9, 1, tzinfo=UTC)):
        assert run(app, "petitions", "import", file).exit_code == 0
        petitions = db.session.execute(select(Petition).order_by(Petition.id)).scalars().all()
        assert [row.state for row in petitions] == [State.OPEN] * 3
        assert [row.closes_at for row in petitions] == [
            # On the day of the file's last change it was open too.
            moment("2021-12-24T23:59:59.999Z"),
            moment("2021-10-01T22:59:59.999Z"),
            moment("2021-12-24T23:59:59.999Z"),
        ]
        assert petitions[0].is_signable
        assert petitions[0].creator_name == "Ada Bright"
    with clock.fixed(datetime(2026, 1, 1, tzinfo=UTC)):
        assert not any(row.is_signable for row in petitions)
        assert close_due() == 3
        closed = everything()
        again = run(app, "petitions", "import", file)
        assert (again.exit_code, everything()) == (0, closed)


def test_nobody_is_told_and_one_line_of_history_is_written(app: Flask, tmp_path: Path) -> None:
    build.staff("moderator")
    file = write(tmp_path / "f.jsonl", *(lines.answered_petition(number) for number in range(1, 4)))
    assert run(app, "petitions", "import", file).exit_code == 0
    assert db.session.execute(select(func.count()).select_from(Mail)).scalar_one() == 0
    assert db.session.execute(select(func.count()).select_from(Signature)).scalar_one() == 0
    (entry,) = db.session.execute(select(AuditEntry)).scalars().all()
    assert (entry.action, entry.details["source"]["file"]) == ("petitions_imported", "f.jsonl")
    assert list(audit.verify()) == []


def test_a_second_run_changes_nothing(app: Flask, tmp_path: Path) -> None:
    file = write(
        tmp_path / "f.jsonl", lines.answered_petition(7), lines.rejected_petition(8), lines.open_petition(9)
    )
    run(app, "petitions", "import", file)
    before = everything()
    result = run(app, "petitions", "import", file)
    assert "0 imported, 3 here already, 0 lines broken" in result.stdout
    assert everything() == before


def test_killed_half_way_and_started_again_it_ends_the_same(
    app: Flask, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    some = [lines.answered_petition(number) for number in range(1, 4)]
    file = write(tmp_path / "f.jsonl", *some, lines.rejected_petition(4, "silly"), lines.open_petition(5))
    run(app, "petitions", "import", file)
    undisturbed = stories()
    release(app)
    database.reset()

    store_counts, calls = storing._store_counts, []

    def dies_in_the_second_batch(batch: list[storing.PetitionLine]) -> None:
        calls.append(batch)
        store_counts(batch)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(storing, "_store_counts", dies_in_the_second_batch)
    assert run(app, "petitions", "import", file).exit_code != 0
    assert db.session.execute(select(func.count()).select_from(Petition)).scalar_one() == 2
    result = run(app, "petitions", "import", file)
    assert "3 imported, 2 here already" in result.stdout
    assert stories() == undisturbed


def test_new_petitions_get_ids_past_the_imported_ones(app: Flask, tmp_path: Path) -> None:
    run(app, "petitions", "import", write(tmp_path / "f.jsonl", lines.petition(5000), lines.petition(400)))
    assert build.gathering_petition().id > 5000


def test_what_was_started_here_under_the_same_id_is_reported_and_left(app: Flask, tmp_path: Path) -> None:
    own = build.open_petition(action="Ours")
    number = own.id
    before = everything()
    result = run(app, "petitions", "import", write(tmp_path / "f.jsonl", lines.petition(number)))
    assert result.exit_code == 1
    assert f"line 1: petition {number} is here already with other content" in result.stderr
    assert everything() == before


def test_thresholds_that_only_the_count_says_were_reached_are_not_crossed(app: Flask, tmp_path: Path) -> None:
    run(app, "petitions", "import", write(tmp_path / "f.jsonl", lines.petition(1, signature_count=500_000)))
    assert db.session.execute(select(func.count()).select_from(Crossing)).scalar_one() == 0
