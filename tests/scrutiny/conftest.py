"""A petition, and who looks at its signatures."""

import pytest
from flask import Flask

from petitions.models import Petition, Staff
from tests import build
from tests.staff_visitor import StaffVisitor


@pytest.fixture
def petition(app: Flask) -> Petition:
    """An open petition, signed by its petitioner, priya@example.org, alone."""
    return build.open_petition(creator_email="priya@example.org")


@pytest.fixture
def moderator(app: Flask) -> Staff:
    """Who looks."""
    return build.staff("moderator", name="Maren Holt")


@pytest.fixture
def colleague(app: Flask) -> Staff:
    """A second person."""
    return build.staff("moderator", name="Tarek Odum")


@pytest.fixture
def visitor(app: Flask, moderator: Staff) -> StaffVisitor:
    """The moderator at work."""
    return StaffVisitor(app, moderator)
