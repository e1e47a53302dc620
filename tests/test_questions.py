"""Questions asked by the driver itself: the same answers as SQLAlchemy gives, and no failure that it would not have."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Integer, Select, bindparam, select, text

from petitions.database import reading_engine
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import Life, Petition
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
