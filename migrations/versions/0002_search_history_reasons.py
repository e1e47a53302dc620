"""Search over petitions, a history that cannot be rewritten, and the reasons for refusing a petition

Search is an FTS5 table kept by triggers on SQLite and a generated `tsvector` column on PostgreSQL; no extension is
needed. Lines of the history, crossings and versions of a petition's words refuse to be changed by the database itself.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE_SEARCH_UP = (
    """CREATE VIRTUAL TABLE petition_search USING fts5(
        action, background, additional_details, content='petitions', content_rowid='id',
        tokenize='porter unicode61 remove_diacritics 2')""",
    "INSERT INTO petition_search(petition_search) VALUES ('rebuild')",
    """CREATE TRIGGER petition_search_insert AFTER INSERT ON petitions BEGIN
        INSERT INTO petition_search(rowid, action, background, additional_details)
        VALUES (new.id, new.action, new.background, new.additional_details); END""",
    """CREATE TRIGGER petition_search_delete AFTER DELETE ON petitions BEGIN
        INSERT INTO petition_search(petition_search, rowid, action, background, additional_details)
        VALUES ('delete', old.id, old.action, old.background, old.additional_details); END""",
    """CREATE TRIGGER petition_search_update AFTER UPDATE OF action, background, additional_details ON petitions BEGIN
        INSERT INTO petition_search(petition_search, rowid, action, background, additional_details)
        VALUES ('delete', old.id, old.action, old.background, old.additional_details);
        INSERT INTO petition_search(rowid, action, background, additional_details)
        VALUES (new.id, new.action, new.background, new.additional_details); END""",
)
SQLITE_SEARCH_DOWN = (
    "DROP TRIGGER petition_search_update",
    "DROP TRIGGER petition_search_delete",
    "DROP TRIGGER petition_search_insert",
    "DROP TABLE petition_search",
)
POSTGRESQL_SEARCH_UP = (
    """ALTER TABLE petitions ADD COLUMN search_document tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('english', action), 'A') || setweight(to_tsvector('english', background), 'B')
        || setweight(to_tsvector('english', additional_details), 'C')) STORED""",
    "CREATE INDEX ix_petitions_search_document ON petitions USING gin (search_document)",
)
POSTGRESQL_SEARCH_DOWN = (
    "DROP INDEX ix_petitions_search_document",
    "ALTER TABLE petitions DROP COLUMN search_document",
)

#: Tables whose rows may be added and nothing else. Crossings and lines of the history may not be deleted either.
UNCHANGEABLE = {
    "audit_entries": ("UPDATE", "DELETE"),
    "crossings": ("UPDATE", "DELETE"),
    "petition_texts": ("UPDATE",),
}

REASONS = (
    ("duplicate", "It repeats another petition", "There is already a petition asking for the same thing.", False),
    ("irrelevant", "It is about something the government or the chamber is not responsible for", "Someone else decides about this: a council, a company, a court, another country.", False),
    ("no-action", "It does not ask for a clear action", "It has to be clear what should be done by the government or the chamber.", False),
    ("already-happening", "It asks for something that is already being done", "What it asks for is already law, or has been decided and announced.", False),
    ("honours", "It is about honours or appointments", "There is another way to nominate somebody for an honour or a post.", False),
    ("fake-name", "It was started under a made-up name", "A petition is started by a person under that person's own name.", False),
    ("foi", "It is a request for information", "Ask the public body that holds the information.", False),
    ("libellous", "It may be false and damaging to somebody, or is before a court", "Its words could wrongly harm a person or a trial.", True),
    ("offensive", "It is offensive or extreme", "Its words insult, threaten or call for harm.", True),
    ("personal", "It names or exposes a private person", "It holds personal information about somebody.", True),
    ("advert", "It is an advertisement or nonsense", "It promotes a product or service, or asks for nothing.", True),
)  # fmt: skip


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    for statement in SQLITE_SEARCH_UP if _is_sqlite() else POSTGRESQL_SEARCH_UP:
        op.execute(statement)
    if not _is_sqlite():
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% may not be changed', TG_TABLE_NAME; END $$"
        )
    for table, operations in UNCHANGEABLE.items():
        for operation in operations:
            _refuse(table, operation)
    _seed()


def _seed() -> None:
    """The rows everything starts from; where the tables already have rows (after a step down), what is missing."""
    connection = op.get_bind()
    last = connection.execute(sa.text("SELECT id, hash FROM audit_entries ORDER BY id DESC LIMIT 1")).first()
    head = {"id": last.id if last else 0, "hash": last.hash if last else bytes(32)}
    connection.execute(
        sa.text("INSERT INTO audit_head (id, last_id, last_hash) VALUES (1, :id, :hash)"), head
    )
    there = set(connection.execute(sa.text("SELECT code FROM rejection_reasons")).scalars())
    op.bulk_insert(
        sa.table(
            "rejection_reasons",
            sa.column("code", sa.String),
            sa.column("title", sa.String),
            sa.column("description", sa.Text),
            sa.column("hides", sa.Boolean),
            sa.column("position", sa.Integer),
        ),
        [
            {"code": code, "title": title, "description": description, "hides": hides, "position": position}
            for position, (code, title, description, hides) in enumerate(REASONS)
            if code not in there
        ],
    )


def _refuse(table: str, operation: str) -> None:
    name = f"{table}_refuse_{operation.lower()}"
    if _is_sqlite():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {operation} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} may not be changed'); END"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {operation} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for table, operations in UNCHANGEABLE.items():
        for operation in operations:
            suffix = "" if _is_sqlite() else f" ON {table}"
            op.execute(f"DROP TRIGGER {table}_refuse_{operation.lower()}{suffix}")
    if not _is_sqlite():
        op.execute("DROP FUNCTION refuse_change()")
    for statement in SQLITE_SEARCH_DOWN if _is_sqlite() else POSTGRESQL_SEARCH_DOWN:
        op.execute(statement)
    op.execute(
        "DELETE FROM rejection_reasons WHERE NOT EXISTS (SELECT 1 FROM rejections WHERE rejections.code = rejection_reasons.code)"
    )
    op.execute("DELETE FROM audit_head")
