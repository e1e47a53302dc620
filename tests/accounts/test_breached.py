"""Where the operator has a list of passwords that leaked elsewhere, staff may choose none of them."""

from collections.abc import Callable
from hashlib import sha1
from pathlib import Path

import pytest
from flask import Flask

from petitions.staffing import breached
from tests import build
from tests.staff_visitor import StaffVisitor

#: Each is long enough and not among what is guessed first.
LEAKED = [f"gulls over harbour wall {number}" for number in range(300)]
NOT_LEAKED = [f"herons over harbour wall {number}" for number in range(300)]

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture(params=["\r\n", "\n"])
def listed(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The operator's list, with both ends of lines that it comes with."""
    hashes = sorted(sha1(each.encode()).hexdigest().upper() for each in LEAKED)  # noqa: S324 - the list is made so
    path = tmp_path / "list.txt"
    path.write_bytes("".join(f"{each}:{place}{request.param}" for place, each in enumerate(hashes)).encode())
    return str(path)


def test_every_password_of_the_list_is_found_and_no_other(
    make_app: Callable[..., Flask], listed: str
) -> None:
    with make_app(breached_passwords=listed).app_context():
        assert all(map(breached.has_leaked, LEAKED))
        assert not any(map(breached.has_leaked, NOT_LEAKED))


def test_one_of_the_list_is_not_taken(make_app: Callable[..., Flask], listed: str) -> None:
    app = make_app(breached_passwords=listed)
    with app.app_context():
        visitor = StaffVisitor(app, build.staff("moderator"))
        form = {"present": build.PASSWORD, "password": LEAKED[7], "again": LEAKED[7]}
        refused = visitor.post("/staff/account/password", **form)
        assert refused.status_code == 422
        assert "stolen somewhere else" in refused.text
        taken = form | {"password": NOT_LEAKED[7], "again": NOT_LEAKED[7]}
        assert visitor.post("/staff/account/password", **taken).status_code == 303


def test_without_a_list_nothing_is_asked(app: Flask) -> None:
    assert not breached.has_leaked(LEAKED[0])
