"""The town of the journeys and the people everybody meets there. Every journey ends with a look at what must always be true."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from petitions import clock
from petitions.permissions import Role
from petitions.upkeep.purging import purge
from tests import build, invariants
from tests.journeys.people import Moderator, Official, Petitioner, Visitor
from tests.journeys.town import Town
from tests.smtp import SmtpServer


@pytest.fixture
def town(app: Flask, smtp: SmtpServer) -> Iterator[Town]:
    """The site; afterwards counts, duties, mails and history are held to the truth."""
    town = Town(app, smtp)
    yield town
    with clock.fixed(town.last_moment()):
        town.lets_the_worker_work()
        purge()
        invariants.check()
    town.has_sound_mails()


@pytest.fixture
def ines(town: Town) -> Petitioner:
    """Has an idea."""
    return Petitioner(town, "Ines Walker")


@pytest.fixture
def anybody(town: Town) -> Visitor:
    """Reads, and has nothing to do with any petition."""
    return Visitor(town)


@pytest.fixture
def mara(town: Town) -> Moderator:
    """Checks petitions; is signed in."""
    mara = Moderator(town, build.staff(Role.MODERATOR, name="Mara Moderator", email="mara@staff.example.org"))
    mara.signs_in()
    return mara


@pytest.fixture
def otto(town: Town) -> Official:
    """Answers for the Department of Transport; is signed in."""
    row = build.staff(
        Role.OFFICIAL,
        name="Otto Official",
        email="otto@staff.example.org",
        department=town.transport,
    )
    otto = Official(town, row)
    otto.signs_in()
    return otto
