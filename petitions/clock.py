"""The only place that asks the time, so that tests and the demonstration can stand at any moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_fixed: list[datetime] = []


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _fixed[-1] if _fixed else datetime.now(UTC)


def today(zone: ZoneInfo) -> date:
    """The present date in the site's zone."""
    return now().astimezone(zone).date()


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Stand at `moment` (aware) for the length of the block. Blocks may be nested."""
    _fixed.append(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.pop()
