"""What a site is filled with before it is measured: petitions with some signatures, and people who wait to confirm."""

from __future__ import annotations

from datetime import timedelta

from bench.site import Site
from petitions import clock
from petitions.extensions import db
from petitions.worker import loop, schedule
from tests import build

ACTION = "Open the library of town number"
PETITIONS = 60
TEXT = "The library is closed on the one day when everybody has time. "
MORE = "Three towns nearby open theirs, and every one of them is full. "


def petitions(site: Site, number: int = PETITIONS, *, signatures: int = 3) -> list[int]:
    """So many open petitions of usual length, each with some signatures; everything that a worker prepares is there.

    Returns their ids.
    """
    # A while ago, so that what they brought counts as what is rising now.
    with site.app.app_context(), clock.fixed(clock.now() - timedelta(minutes=10)):
        ids = []
        for each in range(number):
            petition = build.open_petition(
                action=f"{ACTION} {each} on Sundays and on holidays too",
                background=TEXT * 4,
                additional_details=MORE * 12,
                count=1_000 + each * 37,
            )
            build.signatures(petition, signatures)
            ids.append(petition.id)
    with site.app.app_context():
        schedule.prepare()
        loop.run_until_idle()
        db.session.remove()
    settle(site)
    return ids


def settle(site: Site) -> None:
    """Let the database know how large its tables are, as it does by itself after a while."""
    with site.app.app_context(), db.engine.connect() as connection:
        own = connection.execution_options(isolation_level="AUTOCOMMIT")
        own.exec_driver_sql("ANALYZE" if db.engine.dialect.name == "sqlite" else "VACUUM ANALYZE")
