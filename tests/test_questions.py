"""Questions asked by the driver itself: the same answers as SQLAlchemy gives, and no failure that it would not have."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Integer, Select, bindparam, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from petitions import clock
from petitions.database import UTCDateTime, reading_engine, transactional
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import Life, Petition, Suppression
from petitions.questions import Question
from tests import build

COLUMNS = (Petition.id, Petition.state, Petition.closes_at, Petition.opened_at, Petition.hidden_at)
BY_NUMBER = select(*COLUMNS, Petition.lapses_at).where(Petition.id == bindparam("number", type_=Integer))


def written() -> Select[tuple[object, ...]]:
    return BY_NUMBER


def test_an_answer_has_the_types_of_the_models_and_what_follows_from_them(app: Flask) -> None:
    petition = build.open_petition()
    with app.test_request_context("/"):
        row = Question(written, Life).row(number=petition.id)
        assert tuple(row) == tuple(db.session.execute(BY_NUMBER, {"number": petition.id}).one())
    assert row.state is State.OPEN
    assert row.is_signable
    assert row.closes_at - datetime.now(UTC) > timedelta(days=1)


def test_a_list_of_any_length_finds_its_rows_and_what_is_fixed_is_what_it_is_when_asked(app: Flask) -> None:
    numbers = [build.open_petition().id for _ in range(7)]
    opened = bindparam("now", callable_=clock.now, type_=UTCDateTime())
    question = Question(
        lambda: (
            select(Petition.id)
            .where(
                Petition.id.in_(bindparam("numbers", expanding=True)),
                Petition.state.in_([State.OPEN, State.CLOSED]),
                Petition.opened_at <= opened,
                Petition.text_version == bindparam("version", type_=Integer),
            )
            .order_by(Petition.id)
        )
    )
    with app.test_request_context("/"):
        for length in (1, 2, 5, 6, 7):
            found = question.rows(numbers=numbers[:length], version=1)
            assert [row.id for row in found] == numbers[:length]
        with clock.fixed(clock.now() - timedelta(days=400)):
            assert question.rows(numbers=numbers, version=1) == []


def test_where_there_is_no_row_there_is_no_answer(app: Flask) -> None:
    with app.test_request_context("/"):
        assert Question(written).row(number=1) is None
        assert Question(written).rows(number=1) == []


@pytest.mark.database("postgresql")
def test_connections_that_broke_meanwhile_are_replaced_within_the_question(app: Flask) -> None:
    number, question = build.open_petition().id, Question(written)
    db.session.remove()
    with app.test_request_context("/"):
        question.row(number=number)
        with ExitStack() as stack:
            readers = [stack.enter_context(reading_engine().connect()) for _ in range(3)]
            servers = [each.execute(text("SELECT pg_backend_pid()")).scalar_one() for each in readers]
        with db.engine.connect() as connection:
            for server in servers:
                connection.execute(text("SELECT pg_terminate_backend(:number)"), {"number": server})
        assert question.row(number=number).id == number


def _suppress() -> object:
    return insert(Suppression).values(address_hash=bindparam("address_hash"))


def test_what_the_models_fill_in_is_stored_as_they_store_it(app: Flask) -> None:
    suppress = Question(_suppress)
    transactional(lambda: suppress.run(address_hash=b"h" * 32))()
    assert clock.now() - db.session.execute(select(Suppression.created_at)).scalar_one() < timedelta(
        minutes=1
    )


def test_what_the_database_refuses_in_a_unit_of_work_is_raised_as_sqlalchemy_raises_it(app: Flask) -> None:
    suppress = Question(_suppress)

    @transactional
    def twice() -> None:
        for _ in range(2):
            suppress.run(address_hash=b"h" * 32)

    with pytest.raises(IntegrityError) as refused:
        twice()
    assert "hhhh" not in str(refused.value), "what was to be stored is nobody's business"
    assert db.session.execute(select(Suppression)).first() is None


@pytest.mark.database("postgresql")
def test_a_connection_that_breaks_in_a_unit_of_work_ends_it_and_the_next_gets_another(app: Flask) -> None:
    number, question = build.open_petition().id, Question(written)

    @transactional
    def broken() -> None:
        server = db.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with reading_engine().connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": server})
        question.run(number=number)

    with pytest.raises(OperationalError) as lost:
        broken()
    assert lost.value.connection_invalidated
    assert transactional(lambda: question.first(number=number).id)() == number
