"""How large tables are, for the part of SQLite that chooses by which index it looks. PostgreSQL sees to that by itself."""

from __future__ import annotations

from petitions.database import transactional
from petitions.extensions import db

#: Rows that are looked at for each index: a few hundredths of a second, whatever the size (sqlite.org/lang_analyze.html).
LOOKED_AT = 400


@transactional
def measure_tables() -> None:
    """Let SQLite estimate again how many rows its tables have; connections opened from then on know it."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA analysis_limit = {LOOKED_AT}")
        connection.exec_driver_sql("ANALYZE")
