"""A grown site: 20,000 open petitions and any number of signatures on them, one petition with six of every ten.

    python -m bench.growing DATABASE_URL SIGNATURES

The database must be migrated and empty. Everything is made by the database itself, a few statements in all: 10 million
signatures take minutes. What is sealed is one person's under one row's key, so it opens as any other; hashes are as long and
as scattered as true ones; every count, place, hour and minute is that of the rows, and thresholds are crossed by the
service's own code: `flask audit verify` finds nothing.
"""

from __future__ import annotations

import hashlib
import os
import sys
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select, text

from bench import petitions
from petitions import clock, create_app
from petitions.browsing import trailing
from petitions.counts import crossings
from petitions.counts.publishing_places import publish_due
from petitions.database import transactional
from petitions.extensions import db, settings
from petitions.models import Petition, PetitionThreshold, Place, Postcode, Signature
from petitions.upkeep.measuring_tables import measure_tables
from tests.settings import make_settings

PETITIONS = 20_000
GIANT = 1
"""The number of the petition that everybody signs."""
PLACES = 600
#: Days within which everything was signed; all petitions opened before.
DAYS = 19
#: Network addresses are kept for a month, but few signers are of the last days: one in so many rows has one.
WITH_IP = 4
SEALED = {"name": "Sam Signer", "email": "sam.signer@example.org", "postcode": "AB1 2CD", "ip": "192.0.2.7"}

NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)",
    "postgresql": "WITH n AS (SELECT i FROM generate_series(1, CAST(:rows AS bigint)) AS s(i))",
}
HASH = {"sqlite": "bench_hash({})", "postgresql": "sha256(convert_to({}, 'UTF8'))"}
AGO = {
    "sqlite": "strftime('%Y-%m-%d %H\\:%M\\:%f', :now, (-({})) || ' seconds') || '000'",
    "postgresql": "CAST(:now AS timestamptz) - ({}) * interval '1 second'",
}
PART = {
    "hour": {"sqlite": "substr(counted_at, 1, 13) || '\\:00\\:00.000000'", "postgresql": "date_trunc('hour', counted_at, 'UTC')"},
    "minute": {"sqlite": "substr(counted_at, 1, 16) || '\\:00.000000'", "postgresql": "date_trunc('minute', counted_at, 'UTC')"},
}  # fmt: skip
#: Six of ten sign the giant; of the others some petitions get many, and most get few.
WHICH = (
    f"CASE WHEN i % 10 < 6 THEN {GIANT} ELSE 2 + CAST((i * 7919 % 1000003) / 1000003.0 * (i * 104729 % 1000003)"
    " / 1000003.0 * (:petitions - 2) AS INTEGER) END"
)
SECONDS = f"1 + i * 48271 % {DAYS * 86_400}"

STORE = """
INSERT INTO signatures (petition_id, text_version, role, state, name_sealed, email_sealed, postcode_sealed, ip_sealed,
    row_key, mailbox_hash, domain_hash, network_hash, seat, country, place_id, wants_updates, created_at, link_sent_at,
    validated_at, confirm_seconds, counted_at, signals)
{numbers}, signers AS (SELECT i, {which} AS petition, {seconds} AS ago FROM n)
SELECT petition, 1, 'signer', 'validated', :name, :email, :postcode, CASE WHEN i % {with_ip} = 0 THEN :ip END,
    :row_key, {mailbox}, {domain}, {network}, 1, CASE WHEN i % 23 = 0 THEN 'FR' ELSE 'GB' END,
    CASE WHEN i % 23 = 0 THEN NULL ELSE :first_place + i * 31 % {places} END, {false},
    {created}, {created}, {validated}, 60, {counted}, '[]'
FROM signers
"""


def grow(signatures: int) -> None:
    """Fill the database of the current application, which must have the petitions of `plant`."""
    kind, connection = db.engine.dialect.name, db.session.connection()
    if kind == "sqlite":
        raw: Any = connection.connection.dbapi_connection
        raw.create_function("bench_hash", 1, lambda said: hashlib.sha256(said.encode()).digest())
    now, person = clock.now(), _person()
    first = db.session.execute(
        select(Place.id).where(Place.kind == "constituency").order_by(Place.id)
    ).scalars()
    values = person | {"now": _written(now), "rows": signatures, "first_place": next(iter(first))}
    values["petitions"] = db.session.execute(select(func.count()).select_from(Petition)).scalar_one()
    with _without_indexes(kind, connection, many=signatures > 200_000):
        connection.execute(text(_statement(kind)), values)
    _count(connection, kind, now)
    db.session.commit()
    _cross()
    publish_due()
    # What workers did in all the hours before.
    trailing.add_up()
    measure_tables()
    if kind == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as own:
            own.exec_driver_sql("VACUUM ANALYZE")


def _statement(kind: str) -> str:
    hashed, ago = HASH[kind], AGO[kind]
    # Each is created, confirmed a minute later, and counted a second after that.
    seconds = "ago + {}".format
    return STORE.format(
        numbers=NUMBERS[kind], which=WHICH, seconds=SECONDS, with_ip=WITH_IP, places=PLACES,
        mailbox=hashed.format("petition || ' mailbox ' || i"), domain=hashed.format("petition || ' domain ' || (i % 97)"),
        network=hashed.format("petition || ' network ' || (i % 40009)"), false="0" if kind == "sqlite" else "false",
        created=ago.format(seconds(61)), validated=ago.format(seconds(1)), counted=ago.format(seconds(0)),
    )  # fmt: skip


def _written(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S.%f}" + ("" if db.engine.dialect.name == "sqlite" else "+00")


def _person() -> dict[str, Any]:
    row = Signature(**SEALED)
    return {name: getattr(row, f"{name}_sealed") for name in SEALED} | {"row_key": row.row_key}


class _without_indexes:  # noqa: N801 - reads as a preposition
    """Rows are stored first and looked up later: building an index once is many times faster than keeping it true."""

    INDEXES = (
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'signatures' AND schemaname = 'public'"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    )

    def __init__(self, kind: str, connection: Any, *, many: bool) -> None:
        self.connection, self.is_postgresql, self.many = connection, kind == "postgresql", many

    def __enter__(self) -> None:
        if self.is_postgresql:
            # Every key is looked up here instead, once: the rows are made of keys that are there.
            self.connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            self.connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '1GB'")
        rows = self.connection.exec_driver_sql(self.INDEXES).all() if self.is_postgresql and self.many else []
        self.definitions = [row.indexdef for row in rows]
        for row in rows:
            self.connection.exec_driver_sql(f'DROP INDEX "{row.indexname}"')

    def __exit__(self, *error: object) -> None:
        for definition in self.definitions if error[0] is None else []:
            self.connection.exec_driver_sql(definition)


def _count(connection: Any, kind: str, now: Any) -> None:
    """Write down every count that follows from the rows."""
    counted = "FROM signatures WHERE counted_at IS NOT NULL"
    for table, column, part, since in (
        ("place_counts", "place_id", "place_id", ""),
        ("country_counts", "country", "country", ""),
        ("hour_counts", "hour", PART["hour"][kind], ""),
        ("minute_counts", "minute", PART["minute"][kind], " AND counted_at >= :since"),
    ):
        imported, none = ("", "") if table == "minute_counts" else (", imported_signatures", ", 0")
        connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(
            text(
                f"INSERT INTO {table} (petition_id, {column}, signature_count{imported})"
                f" SELECT petition_id, {part}, count(*){none} {counted} AND {part} IS NOT NULL{since} GROUP BY 1, 2"
            ),
            {"since": _written((now - timedelta(hours=3)).replace(second=0, microsecond=0))} if since else {},
        )
    connection.execute(
        text(
            "UPDATE petitions SET signature_count = counted.number, last_signed_at = counted.newest FROM"
            f" (SELECT petition_id, count(*) AS number, max(validated_at) AS newest {counted} GROUP BY 1) AS counted"
            " WHERE counted.petition_id = petitions.id"
        )
    )


@transactional
def _cross() -> None:
    """Let every threshold be crossed that the counts have reached, with all that follows."""
    lowest = settings().response_threshold
    for petition in db.session.execute(select(Petition).where(Petition.signature_count >= lowest)).scalars():
        crossings.fire(petition, before=0, after=petition.signature_count)


def plant(number: int = PETITIONS) -> None:
    """Fill an empty database with open petitions, each with its thresholds and its petitioner, and with places."""
    petitions.store(number, petitions.source())
    _open(number)
    _map()


@transactional
def _map() -> None:
    """Areas, each with the beginning of its postcodes."""
    areas = [
        {
            "kind": "constituency",
            "code": f"C{each:07}",
            "slug": f"marsh-{each}",
            "name": f"Fairley Marsh {each}",
        }
        for each in range(PLACES)
    ]
    ids = db.session.execute(insert(Place).returning(Place.id), areas).scalars().all()
    db.session.execute(
        insert(Postcode), [{"prefix": f"AB{each}", "place_id": place} for each, place in enumerate(ids)]
    )


@transactional
def _open(number: int) -> None:
    """Make them all open, whatever they were made as, for the last months, and give each what publication gives it."""
    ids = list(db.session.execute(select(Petition.id).order_by(Petition.id)).scalars())
    assert ids == list(range(1, number + 1)), "the database was not empty"
    now, kind = clock.now(), db.engine.dialect.name
    opened = AGO[kind].format(f"{(DAYS + 1) * 86_400} + id * {9_000_000 // number}")
    closes = AGO[kind].format("0 - (20 + id % 20) * 86400")
    db.session.execute(
        text(
            f"UPDATE petitions SET state = 'open', opened_at = {opened}, closes_at = {closes}, created_at = {opened},"
            f" updated_at = {opened}, closed_at = NULL, rejected_at = NULL, signature_count = 1, imported_signatures = 0"
        ),
        {"now": _written(now)},
    )
    _publish(ids)


def _publish(ids: list[int]) -> None:
    opened = {row.id: row.opened_at for row in db.session.execute(select(Petition.id, Petition.opened_at))}
    db.session.execute(
        text(
            "INSERT INTO petition_texts (petition_id, version, action, background, additional_details, created_at)"
            " SELECT id, 1, action, background, additional_details, opened_at FROM petitions"
        )
    )
    rules = [rule.terms() for rule in crossings.rules_today()]
    db.session.execute(
        insert(PetitionThreshold), [{"petition_id": each, **rule} for each in ids for rule in rules]
    )
    person = _person()
    sealed = {f"{name}_sealed": person[name] for name in ("name", "email", "postcode")}
    own = [
        {
            "petition_id": each, "text_version": 1, "role": "creator", "state": "validated", "row_key": person["row_key"],
            "mailbox_hash": os.urandom(32), "seat": 1, "country": "GB", "created_at": opened[each],
            "validated_at": opened[each], "counted_at": opened[each], "signals": [], **sealed,
        }
        for each in ids
    ]  # fmt: skip
    db.session.execute(insert(Signature), own)


def main(url: str, signatures: int) -> None:
    """Fill one database."""
    with create_app(make_settings(database_url=url)).app_context():
        plant()
        grow(signatures)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
