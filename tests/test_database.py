"""One unit of work is kept whole or not at all, and moments keep their zone."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Topic


@transactional
def add(code: str) -> None:
    """One row."""
    db.session.add(Topic(code=code, name=code))


def codes() -> list[str]:
    """What is there."""
    return sorted(db.session.execute(select(Topic.code)).scalars())


def test_what_a_unit_of_work_wrote_stays(app: Flask) -> None:
    add("health")
    db.session.rollback()
    assert codes() == ["health"]


def test_a_failing_unit_of_work_leaves_nothing_not_even_what_an_inner_one_wrote(app: Flask) -> None:
    @transactional
    def outer() -> None:
        add("health")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        outer()
    assert codes() == []


def test_what_was_changed_outside_a_unit_of_work_is_not_kept(app: Flask) -> None:
    db.session.add(Topic(code="stray", name="stray"))
    add("health")
    assert codes() == ["health"]


def test_writers_wait_for_each_other_instead_of_failing(app: Flask) -> None:
    problems: list[Exception] = []

    def write(number: int) -> None:
        with app.app_context():
            try:
                for turn in range(10):
                    add(f"{number}-{turn}")
            except Exception as problem:
                problems.append(problem)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(codes()) == 40


def test_a_moment_comes_back_in_utc_whatever_zone_it_had(app: Flask) -> None:
    from petitions.models import CapturedMail

    noon = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))

    @transactional
    def keep() -> None:
        db.session.add(CapturedMail(created_at=noon, recipient="a@b.org", subject="s", content=b""))

    keep()
    found = db.session.execute(select(CapturedMail.created_at)).scalar_one()
    assert found == noon
    assert found.tzinfo == UTC


def test_a_moment_without_a_zone_is_refused(app: Flask) -> None:
    from petitions.models import CapturedMail

    @transactional
    def keep() -> None:
        naive = datetime(2026, 7, 1, 12)  # noqa: DTZ001 - that is what is refused
        db.session.add(CapturedMail(created_at=naive, recipient="a@b.org", subject="s", content=b""))

    with pytest.raises(StatementError):
        keep()
