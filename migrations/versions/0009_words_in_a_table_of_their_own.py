"""The search's words in a table of their own, the same for both databases; words that are known; similar petitions

Stems are made by the application, so that both databases find the same petitions, whatever the site's language. The
full-text index moves from the petitions to that table: counting a signature no longer writes it. The tables are filled by
the worker (`index_petitions`) as soon as it runs.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SQLITE_OLD_DOWN = (
    "DROP TRIGGER petition_search_update",
    "DROP TRIGGER petition_search_delete",
    "DROP TRIGGER petition_search_insert",
    "DROP TABLE petition_search",
)
SQLITE_OLD_UP = (
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
#: Sizes of columns (`columnsize`) serve a ranking that is not used.
SQLITE_NEW_UP = (
    """CREATE VIRTUAL TABLE petition_search USING fts5(
        title, background, details, content='search_texts', content_rowid='petition_id',
        tokenize='unicode61 remove_diacritics 0', columnsize=0)""",
    """CREATE TRIGGER petition_search_insert AFTER INSERT ON search_texts BEGIN
        INSERT INTO petition_search(rowid, title, background, details)
        VALUES (new.petition_id, new.title, new.background, new.details); END""",
    """CREATE TRIGGER petition_search_delete AFTER DELETE ON search_texts BEGIN
        INSERT INTO petition_search(petition_search, rowid, title, background, details)
        VALUES ('delete', old.petition_id, old.title, old.background, old.details); END""",
    """CREATE TRIGGER petition_search_update AFTER UPDATE ON search_texts BEGIN
        INSERT INTO petition_search(petition_search, rowid, title, background, details)
        VALUES ('delete', old.petition_id, old.title, old.background, old.details);
        INSERT INTO petition_search(rowid, title, background, details)
        VALUES (new.petition_id, new.title, new.background, new.details); END""",
)
POSTGRESQL_OLD_DOWN = (
    "DROP INDEX ix_petitions_search_document",
    "ALTER TABLE petitions DROP COLUMN search_document",
)
POSTGRESQL_OLD_UP = (
    """ALTER TABLE petitions ADD COLUMN search_document tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('english', action), 'A') || setweight(to_tsvector('english', background), 'B')
        || setweight(to_tsvector('english', additional_details), 'C')) STORED""",
    "CREATE INDEX ix_petitions_search_document ON petitions USING gin (search_document)",
)
#: A word that nobody writes stands between the parts: words that belong together are not found across two of them.
POSTGRESQL_NEW_UP = (
    """ALTER TABLE search_texts
        ADD COLUMN search_title tsvector GENERATED ALWAYS AS (to_tsvector('simple', title)) STORED,
        ADD COLUMN search_document tsvector GENERATED ALWAYS AS (
            to_tsvector('simple', title || ' endofthispart ' || background || ' endofthispart ' || details)) STORED""",
    "CREATE INDEX ix_search_texts_search_document ON search_texts USING gin (search_document)",
)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _do(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    for statement in sqlite if _is_sqlite() else postgresql:
        op.execute(statement)


def upgrade() -> None:
    op.create_table(
        "search_texts",
        sa.Column("petition_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=30), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_search_texts_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("petition_id", name=op.f("pk_search_texts")),
    )
    op.create_table(
        "search_terms",
        sa.Column("term", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("petition_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("term", "petition_id", name=op.f("pk_search_terms")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "known_words",
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("stem", sa.String(length=60), nullable=False),
        sa.Column("petitions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_known_words")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_known_words_stem"), "known_words", ["stem"])
    _similar_petitions()
    _do(SQLITE_OLD_DOWN, POSTGRESQL_OLD_DOWN)
    _do(SQLITE_NEW_UP, POSTGRESQL_NEW_UP)


def _similar_petitions() -> None:
    op.create_table(
        "similar_petitions",
        sa.Column("petition_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_similar_petitions_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["petitions.id"],
            name=op.f("fk_similar_petitions_other_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("petition_id", "position", name=op.f("pk_similar_petitions")),
    )
    op.create_index(op.f("ix_similar_petitions_other_id"), "similar_petitions", ["other_id"])
    op.create_index("ix_similar_petitions_made_at", "similar_petitions", ["position", "made_at"])


def downgrade() -> None:
    # The triggers and the columns made by hand go with the table that they stand on.
    if _is_sqlite():
        op.execute("DROP TABLE petition_search")
    for table in ("similar_petitions", "known_words", "search_terms", "search_texts"):
        op.drop_table(table)
    _do(SQLITE_OLD_UP, POSTGRESQL_OLD_UP)
