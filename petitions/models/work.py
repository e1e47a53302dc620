"""Periodic work as rows, so that any number of workers share it and each task runs once; and what workers say of themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from petitions.database import Base, UTCDateTime


class PeriodicTask(Base):
    """When a task is next due, and how it went last."""

    __tablename__ = "periodic_tasks"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    next_run_at: Mapped[datetime] = mapped_column(UTCDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_run_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)


class WorkerHeartbeat(Base):
    """One worker that is at work. It says so itself every few seconds, and takes its row away when it ends in order."""

    __tablename__ = "worker_heartbeats"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    """Its machine and its process: `web-1:4711`."""
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    beat_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When it last said that it lives."""
    stepped_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When it last came to the end of a step of its work: a worker that lives may be stuck."""


class WorkTotal(Base):
    """A number that those who do the work keep for those who watch it: how much was done, or when last (Unix time)."""

    __tablename__ = "work_totals"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
