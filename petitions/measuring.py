"""What is counted of a running site: requests, what became of signing and confirming. Numbers only, and few labels.

gunicorn runs several processes, and whoever asks `/metrics` reaches one of them. Where `PROMETHEUS_MULTIPROC_DIR` names a
folder when the program is loaded (`gunicorn.conf.py` sees to it), every process keeps its numbers in files there, and whoever
is asked adds them up. The numbers of processes that ended are added together in one file, so that no count ever goes down and
the folder stays small. Without a folder a process counts for itself.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
REGISTRY = CollectorRegistry()
#: Seconds. A page takes some milliseconds; gunicorn ends a request after 30 seconds.
BUCKETS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
#: The route of everything that is at no address of ours, so that nobody can make up labels.
NOWHERE = "unknown"
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
OTHER_METHOD = "OTHER"

REQUESTS = Counter(
    "petitions_requests",
    "Requests answered, by the pattern of their address, method and status.",
    ["route", "method", "status"],
    registry=REGISTRY,
)
SECONDS = Histogram(
    "petitions_request_seconds",
    "Seconds until a request was answered, by the pattern of its address.",
    ["route"],
    buckets=BUCKETS,
    registry=REGISTRY,
)
SIGNING = Counter(
    "petitions_signing", "Sign forms that were sent, by what became of them.", ["outcome"], registry=REGISTRY
)
CONFIRMING = Counter(
    "petitions_confirming",
    "Answers to “confirm my signature”, by where the signature stands after them.",
    ["outcome"],
    registry=REGISTRY,
)

SIGN_FORMS = {
    "/petitions/<int:petition_id>/signatures/new",
    "/petitions/<int:petition_id>/supporters/<token>",
}
OUTCOMES = {"303": "taken", "422": "mistakes", "429": "too_many", "503": "refused_for_now", "500": "failed"}

#: Whether the folder was named when the library was loaded; it asks no other time.
IS_SHARED = bool(values.ValueClass._multiprocess)

_noted: dict[tuple[str, str, str], tuple[Counter, Histogram, Counter | None]] = {}


def begin() -> None:
    """Say 0 for whatever an alarm looks at: Prometheus sees how a figure rises, and not that one has appeared."""
    for outcome in OUTCOMES.values():
        SIGNING.labels(outcome)


def method(name: str) -> str:
    """A request's method; one name for all that nobody uses in earnest."""
    return name if name in METHODS else OTHER_METHOD


def request(route: str, method: str, status: str, seconds: float) -> None:
    """Count one request. `route` is the pattern of its address or `NOWHERE`; `status` three digits."""
    key = (route, method, status)
    found = _noted.get(key)
    if found is None:
        found = _noted[key] = _of(route, method, status)
    counted, took, signed = found
    counted.inc()
    took.observe(seconds)
    if signed is not None:
        signed.inc()


def _of(route: str, method: str, status: str) -> tuple[Counter, Histogram, Counter | None]:
    signed = None
    if method == "POST" and route in SIGN_FORMS:
        signed = SIGNING.labels(OUTCOMES.get(status, "other"))
    return REQUESTS.labels(route, method, status), SECONDS.labels(route), signed


def confirming(outcome: str) -> None:
    """Count one answer of a signer to the mailed link."""
    CONFIRMING.labels(outcome).inc()


def exposition() -> bytes:
    """Everything counted here, by all processes of this machine together, as Prometheus reads it."""
    folder = os.environ.get(FOLDER)
    if not IS_SHARED or not folder or not os.path.isdir(folder):
        return generate_latest(REGISTRY)
    together = CollectorRegistry()
    MultiProcessCollector(together, folder)
    with _lock(Path(folder), fcntl.LOCK_SH):
        return generate_latest(together)


def process_ended(pid: int) -> None:
    """Add the numbers of a process that is no more to those of all that ended before. gunicorn's master calls it."""
    folder = Path(os.environ.get(FOLDER, ""))
    files = [folder / f"{kind}_{pid}.db" for kind in ("counter", "histogram")]
    if not any(file.exists() for file in files):
        return
    with _lock(folder, fcntl.LOCK_EX):
        for file in files:
            if file.exists():
                _add(file, file.with_name(f"{file.name.partition('_')[0]}_ended.db"))
                file.unlink()


def _add(file: Path, to: Path) -> None:
    total = MmapedDict(str(to))
    try:
        for key, value, _time, _position in MmapedDict.read_all_values_from_file(str(file)):
            total.write_value(key, total.read_value(key)[0] + value, 0.0)
    finally:
        total.close()


@contextmanager
def _lock(folder: Path, kind: int) -> Iterator[None]:
    """While somebody adds files together nobody reads them, or a process would be counted twice for a moment."""
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, kind)
        yield
    finally:
        os.close(descriptor)
