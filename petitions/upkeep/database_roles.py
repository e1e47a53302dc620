"""What the database itself lets the running site do: everything but to change what stands in the permanent history.

The tables belong to the role that migrates. The web and worker processes connect as another role, which may add lines to
the history and read them; that they were altered or removed is then not a matter of this program's honesty.
"""

from __future__ import annotations

from sqlalchemy import text

from petitions.database import transactional
from petitions.extensions import db

#: Lines are added; the end of the chain moves with each.
ADDED_TO = ("audit_entries",)
MOVED = ("audit_head",)


class CannotGrant(Exception):
    """The message says why."""


def statements(role: str) -> list[str]:
    """SQL that gives a role what the site needs. Safe to run again, as after every migration that adds a table."""
    name = db.engine.dialect.identifier_preparer.quote(role)
    return [
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {name}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {name}",
        *(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {name}" for table in ADDED_TO),
        *(f"REVOKE INSERT, DELETE, TRUNCATE ON {table} FROM {name}" for table in MOVED),
        f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON alembic_version FROM {name}",
    ]


@transactional
def grant(role: str) -> None:
    """Give a role that is there what the site needs. Raises `CannotGrant`."""
    if db.engine.dialect.name != "postgresql":
        raise CannotGrant("Only PostgreSQL knows roles; an SQLite file belongs to whoever may write to it.")
    found = db.session.execute(
        text(
            "SELECT rolsuper OR oid = (SELECT relowner FROM pg_class WHERE oid = 'audit_entries'::regclass)"
            " FROM pg_roles WHERE rolname = :role"
        ),
        {"role": role},
    ).scalar_one_or_none()
    if found is None:
        raise CannotGrant(f"There is no role {role}. Make it first: CREATE ROLE {role} LOGIN PASSWORD '…'")
    if found:
        raise CannotGrant(f"{role} owns the tables or is a superuser: nothing can be kept from it.")
    for statement in statements(role):
        db.session.execute(text(statement))
