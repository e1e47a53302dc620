"""gunicorn and nginx are reloaded under load and no request fails: one gunicorn each, or as often as `RELOADS` says."""

from __future__ import annotations

import os

import pytest

from tests.databases import Unavailable
from tests.faults.bench import folder_of_a_run
from tests.faults.front import find_nginx
from tests.faults.reloads import reload_under_load


def test_no_request_fails_and_none_waits_for_the_program_to_load() -> None:
    try:
        find_nginx()
    except Unavailable as reason:
        pytest.skip(str(reason))
    with folder_of_a_run() as folder:
        load, wrong = reload_under_load(folder / "site", int(os.environ.get("RELOADS", "2")))
    assert wrong == []
    assert load.answers["POST 303"]
    assert load.answers["GET 200"]
