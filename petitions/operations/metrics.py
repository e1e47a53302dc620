"""What `/metrics` says beside what processes count: read from the database and the disks at the moment of asking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from petitions import clock, measuring, work_totals
from petitions.duties.duty_clock import status
from petitions.duties.owed import owed_duties
from petitions.extensions import db
from petitions.operations import disks, probing, queries, readiness


def exposition() -> bytes:
    """Everything, in the text format of Prometheus. A database that does not answer is one of the things it says."""
    registry = CollectorRegistry()
    registry.register(_AtThisMoment())
    return measuring.exposition() + generate_latest(registry)


class _AtThisMoment:
    """What Prometheus' library asks when it writes."""

    def collect(self) -> Iterator[Metric]:
        yield from _disks()
        try:
            found = list(_database())
        except DBAPIError:
            found = [_gauge("petitions_database_up", "Whether the database answers.", 0)]
        yield from found

    def describe(self) -> list[Metric]:
        """Nothing is asked for when this is registered."""
        return []


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, says, value=value)


def _by(name: str, says: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, says, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _age(moment: datetime | None) -> float:
    """Seconds since a moment; 0 where there is none."""
    return max(0.0, (clock.now() - moment).total_seconds()) if moment else 0.0


def _database() -> Iterator[Metric]:
    with probing.connection() as connection:
        yield _gauge("petitions_database_up", "Whether the database answers.", 1)
        behind = list(readiness.migration_problems(connection))
        yield _gauge(
            "petitions_migrations_behind", "Whether the database waits for a migration.", len(behind)
        )
        yield from _mails(connection)
        yield from _signatures(connection)
        yield from _workers(connection)
        yield from _totals(connection)
    yield _gauge("petitions_duties_overdue", "Answers whose date has passed.", _overdue())


def _mails(connection: Connection) -> Iterator[Metric]:
    waiting = queries.waiting(connection)
    yield _by(
        "petitions_mails_waiting",
        f"Mails in the outbox, of those first in line ({queries.MOST_MAILS}).",
        "kind",
        {each.kind: each.number for each in waiting},
    )
    yield _by(
        "petitions_mails_oldest_due_seconds",
        "For how long the oldest mail of a kind has been due.",
        "kind",
        {each.kind: _age(each.oldest_due_at) for each in waiting},
    )
    urgent = _age(queries.oldest_due(connection))
    yield _gauge(
        "petitions_mails_late_seconds",
        "For how long the oldest mail has been due that somebody waits for.",
        urgent,
    )
    troubles = {state: float(number) for state, number in queries.in_trouble(connection).items()}
    yield _by("petitions_mails_in_trouble", "Mails that were given up, by their state.", "state", troubles)
    away = _age(queries.mail_server_away(connection))
    yield _gauge(
        "petitions_mail_server_away_seconds", "For how long the mail server has taken no mail.", away
    )


def _signatures(connection: Connection) -> Iterator[Metric]:
    number, oldest = queries.uncounted(connection)
    yield _gauge(
        "petitions_signatures_uncounted",
        f"Confirmed and not counted yet, {queries.MOST_SIGNATURES} at most.",
        number,
    )
    yield _gauge(
        "petitions_sweep_lag_seconds", "For how long the oldest of these has been confirmed.", _age(oldest)
    )
    yield _gauge("petitions_signatures_held", "Signatures that wait for staff.", queries.held(connection))


def _workers(connection: Connection) -> Iterator[Metric]:
    beats, now = queries.heartbeats(connection), clock.now()
    alive = [step for beat, step in beats if now - beat <= readiness.LONGEST_SILENCE]
    yield _gauge("petitions_workers", "Workers that said within a minute that they live.", len(alive))
    yield _gauge(
        "petitions_workers_lost", "Workers that fell silent and did not say goodbye.", len(beats) - len(alive)
    )
    if beats:
        yield _gauge(
            "petitions_worker_beat_age_seconds",
            "Since the last beat of any worker.",
            _age(max(b for b, _ in beats)),
        )
        yield _gauge(
            "petitions_worker_step_age_seconds",
            "Since any worker came to the end of a step.",
            _age(max(s for _, s in beats)),
        )
    tasks = queries.tasks(connection)
    failing = {name: float(failed) for name, _, _, failed in tasks}
    yield _by("petitions_task_failing", "Whether a periodic task failed when it last ran.", "task", failing)
    late = {name: _age(due_at) for name, _, due_at, _ in tasks}
    yield _by("petitions_task_late_seconds", "For how long a periodic task has been due.", "task", late)


#: What `work_totals` keeps, with the name and the words that it has here.
TOTALS = {
    work_totals.SIGNATURES_COUNTED: ("petitions_signatures_counted", "Signatures that the workers counted."),
    work_totals.MAILS_HANDLED: ("petitions_mails_handled", "Mails that the workers took up."),
    work_totals.TASK_FAILURES: ("petitions_task_failures", "Periodic tasks that failed."),
}
TIMES = {
    work_totals.BACKED_UP_AT: ("petitions_backup_age_seconds", "Since `flask backup` last wrote a file."),
    work_totals.VERIFIED_AT: ("petitions_verified_age_seconds", "Since `flask audit verify` last ran."),
}


def _totals(connection: Connection) -> Iterator[Metric]:
    kept = queries.totals(connection)
    for key, (name, says) in TOTALS.items():
        yield CounterMetricFamily(name, says, value=kept.get(key, 0))
    for key, (name, says) in TIMES.items():
        if key in kept:
            yield _gauge(name, says, max(0.0, clock.now().timestamp() - kept[key]))
    if work_totals.VERIFIED_BROKEN in kept:
        number = kept[work_totals.VERIFIED_BROKEN]
        yield _gauge("petitions_verified_broken", "Things that `flask audit verify` found untrue.", number)


def _overdue() -> int:
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(f"SET LOCAL statement_timeout = {probing.PATIENCE * 1000}"))
    return sum(status(duty).is_overdue for duty in owed_duties())


def _disks() -> Iterator[Metric]:
    found = disks.disks()
    free = {disk.use: float(disk.free) for disk in found}
    yield _by(
        "petitions_disk_free_bytes",
        "Room where this machine writes, by what the folder is for.",
        "folder",
        free,
    )
    size = {disk.use: float(disk.size) for disk in found}
    yield _by("petitions_disk_size_bytes", "And how large that disk is.", "folder", size)
