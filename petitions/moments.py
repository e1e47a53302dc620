"""Moments in queries: what both databases say in their own way."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, String, cast, func, literal, literal_column, type_coerce

from petitions.database import UTCDateTime


def hour_of(moment: Any, session: Any) -> ColumnElement[datetime]:
    """In a query: the hour (UTC) in which a moment lies, equal to what a column that holds hours has for it."""
    if session.get_bind().dialect.name == "sqlite":
        # Moments are text there, `2026-06-01 12:30:00.000000`.
        return type_coerce(func.substr(moment, 1, 13).concat(":00:00.000000"), UTCDateTime())
    return type_coerce(func.date_trunc("hour", moment, "UTC"), UTCDateTime())


def minute_of(moment: Any, session: Any) -> ColumnElement[datetime]:
    """As `hour_of`, the minute."""
    if session.get_bind().dialect.name == "sqlite":
        return type_coerce(func.substr(moment, 1, 16).concat(":00.000000"), UTCDateTime())
    return type_coerce(func.date_trunc("minute", moment, "UTC"), UTCDateTime())


def days_before(day: Any, number: Any, session: Any) -> ColumnElement[date]:
    """In a query: the date `number` days (an integer of the query) before `day`."""
    if session.get_bind().dialect.name == "sqlite":
        modifier = literal_column("'-'", String) + cast(number, String) + literal_column("' days'", String)
        return type_coerce(func.date(day, modifier), Date())
    return type_coerce(day - number, Date())


def later(moment: Any, length: timedelta, session: Any) -> ColumnElement[datetime]:
    """In a query: the moment so much later (or earlier), to the millisecond."""
    if session.get_bind().dialect.name == "sqlite":
        shift = f"{length.total_seconds():+.3f} seconds"
        return type_coerce(func.strftime("%Y-%m-%d %H:%M:%f", moment, shift), UTCDateTime())
    return type_coerce(moment + literal(length), UTCDateTime())
