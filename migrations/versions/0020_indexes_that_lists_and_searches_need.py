"""Long lists are counted and ordered by indexes alone, and words in titles are found without reading every text that has them"""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TITLES = "ix_search_texts_search_title"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_petitions_state_closes_at",
            "petitions",
            ["state", "closes_at", "id"],
            postgresql_concurrently=True,
        )
        op.create_index(
            "ix_petitions_signature_count",
            "petitions",
            ["signature_count", "id"],
            postgresql_concurrently=True,
        )
        if op.get_context().dialect.name == "postgresql":
            op.execute(f"CREATE INDEX CONCURRENTLY {TITLES} ON search_texts USING gin (search_title)")


def downgrade() -> None:
    op.execute(f"DROP INDEX IF EXISTS {TITLES}")
    op.drop_index("ix_petitions_signature_count", table_name="petitions")
    op.drop_index("ix_petitions_state_closes_at", table_name="petitions")
