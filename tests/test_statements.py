"""How many statements the busiest pages and verbs give the database: a number that grows unseen, and each costs every visitor."""

from datetime import timedelta

import pytest

from petitions import clock
from petitions.browsing import ranks
from petitions.extensions import db
from petitions.models import Signature
from petitions.tokens import Purpose, sign
from tests import build
from tests.browsing.pages import count_queries
from tests.client import PageCheckingClient


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/petitions/{}/count.json", 1),
        ("/petitions/{}/signatures/new", 1),
        ("/petitions", 8),
        ("/trending", 9),
        ("/", 13),
        ("/petitions/{}", 11),
    ],
)
def test_a_page_made_anew_asks_at_most(client: PageCheckingClient, path: str, most: int) -> None:
    with clock.fixed(clock.now() - timedelta(minutes=2)):
        petition = build.open_petition(
            departments=[build.department()], topics=[build.topic("A")], supporters=5
        )
    build.cross(petition)
    ranks.write_down()
    address = path.format(petition.id)
    with count_queries() as statements:
        assert client.get(address).status_code == 200
    assert len(statements) <= most, "\n".join(statements)


def test_signing_takes_at_most_ten_and_confirming_two(client: PageCheckingClient) -> None:
    address = f"/petitions/{build.open_petition().id}/signatures/new"
    with count_queries() as statements:
        reply = client.post(address, data=build.sign_form())
    assert reply.status_code == 303
    assert len(statements) <= 10, "\n".join(statements)
    signed = db.session.execute(db.select(db.func.max(Signature.id))).scalar_one()
    with count_queries() as statements:
        reply = client.post(
            f"/signatures/confirm/{sign(Purpose.CONFIRM_SIGNATURE, signed)}", data={"answer": "yes"}
        )
    assert reply.status_code == 303
    assert len(statements) <= 2, "\n".join(statements)
