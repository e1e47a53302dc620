"""`make bench-rising`: what the lists of `/trending` cost, at 50 thousand signature rows and at 1 million, on SQLite and on PostgreSQL.

Prints the time of each list and, beside it, of the last hour counted from the signatures themselves; then how the
database comes to the last hour. What is to be seen: the lists take as long at a million rows as at fifty thousand. Then the
alerts: 10 000 of them, with 2 000 searches, when one petition is published, and when nothing happened.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from sqlalchemy import func, select, text

from bench import measuring
from petitions import audit, clock
from petitions.alerts import matching, telling
from petitions.browsing import trailing, trending, unusual
from petitions.browsing.trending import Period
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Petition, Signature
from tests import build

PETITIONS = 20_000
DAYS = 8
REPEATS = 15
ALERTS, SEARCHES = 10_000, 2_000

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < :rows) "
#: Skewed: some petitions get many, most get few.
WHICH = "1 + CAST((i * 7919 % 1000003) * 1.0 / 1000003 * (i * 104729 % 1000003) / 1000003 * :petitions AS INTEGER)"
MOMENT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', :now, '-' || (i * 48271 % :seconds) || ' seconds') || '000'",
    "postgresql": "CAST(:now AS timestamptz) - (CAST(i AS bigint) * 48271 % :seconds) * interval '1 second'",
}
HOUR = {
    "sqlite": "substr(counted_at, 1, 13) || '\\:00\\:00.000000'",
    "postgresql": "date_trunc('hour', counted_at, 'UTC')",
}
MINUTE = {
    "sqlite": "substr(counted_at, 1, 16) || '\\:00.000000'",
    "postgresql": "date_trunc('minute', counted_at, 'UTC')",
}
KEY = {"sqlite": "randomblob(16)", "postgresql": "decode(md5(CAST(i AS text)), 'hex')"}


@transactional
def fill(kind: str, rows: int) -> None:
    """Petitions, counted signatures of the last eight days, and their counts."""
    now = clock.now()
    opened = {"now": now.strftime("%Y-%m-%d %H:%M:%S.000000"), "rows": PETITIONS}
    then = (now - timedelta(days=20)).strftime("%Y-%m-%d %H:%M:%S.000000")
    later = (now + timedelta(days=100)).strftime("%Y-%m-%d %H:%M:%S.000000")
    run = db.session.execute
    run(
        text(
            NUMBERS.replace(
                "WITH",
                "INSERT INTO petitions (id, state, action, background, additional_details,"
                " committee_note, text_version, created_at, updated_at, opened_at, closes_at, signature_count,"
                " imported_signatures, row_key) WITH",
                1,
            )
            + f"SELECT i, 'open', 'Petition ' || i, 'Why.', '', '', 1, '{then}', '{then}', '{then}', '{later}', 0, 0,"
            f" {KEY[kind]} FROM n"
        ),
        opened,
    )
    run(
        text(
            "INSERT INTO petition_texts (petition_id, version, action, background, additional_details, created_at)"
            " SELECT id, 1, action, background, '', created_at FROM petitions"
        )
    )
    run(
        text(
            NUMBERS.replace(
                "WITH",
                "INSERT INTO signatures (petition_id, text_version, role, state, country,"
                " wants_updates, created_at, validated_at, counted_at, seat, row_key) WITH",
                1,
            )
            + f"SELECT {WHICH}, 1, 'signer', 'validated', 'GB', {'0' if kind == 'sqlite' else 'false'},"
            f" '{then}', {MOMENT[kind]}, {MOMENT[kind]}, 1, {KEY[kind]} FROM n"
        ),
        {"now": opened["now"], "rows": rows, "petitions": PETITIONS, "seconds": DAYS * 86_400},
    )
    for table, column, part, since in (
        ("hour_counts", "hour", HOUR[kind], now - timedelta(days=30)),
        ("minute_counts", "minute", MINUTE[kind], now - timedelta(hours=3)),
    ):
        more = (", imported_signatures", ", 0") if table == "hour_counts" else ("", "")
        run(
            text(
                f"INSERT INTO {table} (petition_id, {column}, signature_count{more[0]})"
                f" SELECT petition_id, {part}, count(*){more[1]} FROM signatures WHERE counted_at >= :since"
                " GROUP BY 1, 2"
            ),
            {"since": since.strftime("%Y-%m-%d %H:%M:%S.000000")},
        )
    run(
        text(
            "UPDATE petitions SET signature_count ="
            " (SELECT count(*) FROM signatures WHERE signatures.petition_id = petitions.id)"
        )
    )


def measured(work: Callable[[], object]) -> str:
    """What some work takes, warm."""

    def anew() -> None:
        db.session.rollback()
        work()

    anew()
    return measuring.in_words(measuring.times([anew] * REPEATS))


def from_signatures() -> object:
    """The last hour as it would be without counts by minute."""
    at = trending.this_minute()
    number = func.count().label("number")
    query = (
        select(Signature.petition_id, number)
        .join(Petition, Petition.id == Signature.petition_id)
        .where(Signature.counted_at >= at - timedelta(hours=1), Signature.counted_at < at)
        .group_by(Signature.petition_id)
        .order_by(number.desc())
    )
    return db.session.execute(query.limit(20)).all()


def lists() -> dict[str, Callable[[], object]]:
    """The lists by name."""
    at = trending.this_minute()
    return {
        "last hour": lambda: trending.rising(Period.HOUR, at, 20),
        "last day": lambda: trending.rising(Period.DAY, at, 20),
        "last week": lambda: trending.rising(Period.WEEK, at, 20),
        "for its size": lambda: unusual.unusual(at),
        "(last hour from signatures)": from_signatures,
    }


def plan(kind: str) -> Iterator[str]:
    """How the database comes to the last hour."""
    query = trending.ranking(Period.HOUR, trending.this_minute(), 20)
    statement = str(query.compile(db.engine, compile_kwargs={"literal_binds": True}))
    prefix = "EXPLAIN QUERY PLAN " if kind == "sqlite" else "EXPLAIN "
    for row in db.session.execute(text(prefix + statement.replace(":", "\\:"))):
        yield str(row[-1])


def alerts() -> None:
    """Ten thousand alerts: what one published petition costs, and what nothing costs."""

    @transactional
    def save() -> None:
        for number in range(ALERTS):
            build.alert(f"reader{number}@example.org", search=f"q=word{number % SEARCHES}")

    @transactional
    def publish() -> None:
        audit.record("published", petition=db.session.get_one(Petition, 1))

    save()
    publish()
    for name, work in (
        (f"{ALERTS} alerts look at one published petition", matching.match_due),
        ("the same again, where nothing happened", matching.match_due),
        ("mails that are due", telling.tell_due),
    ):
        begun = time.perf_counter()
        work()
        print(f"  {name}: {(time.perf_counter() - begun) * 1000:.0f} ms")


def main() -> None:
    """Print it all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--signatures", type=int, nargs="+", default=[50_000, 1_000_000], metavar="NUMBER")
    given = parser.parse_args()
    kinds = ["sqlite", "postgresql"] if given.database == "both" else [given.database]
    with measuring.databases(kinds) as new:
        for kind in kinds:
            for size in given.signatures:
                with new(kind).app_context():
                    fill(kind, size)
                    db.session.execute(text("ANALYZE"))
                    db.session.commit()
                    hours = db.session.execute(text("SELECT count(*) FROM hour_counts")).scalar_one()
                    print(f"{kind}, {size:,} signatures of {PETITIONS:,} open petitions, {hours:,} by hour")
                    begun = time.perf_counter()
                    trailing.add_up()
                    print(f"  (once an hour, a worker: {(time.perf_counter() - begun) * 1000:.0f} ms)")
                    print(f"  floor, one row by its number: {measuring.in_words(measuring.floor())}")
                    for name, work in lists().items():
                        print(f"  {name}: {measured(work)}")
                    if size == given.signatures[-1]:
                        print(*(f"    {line}" for line in plan(kind)), sep="\n")
                        alerts()


if __name__ == "__main__":
    main()
