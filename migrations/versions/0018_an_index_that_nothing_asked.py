"""No query reads the lists of similar petitions by when they were made: each is found by its petition"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_similar_petitions_made_at", table_name="similar_petitions")


def downgrade() -> None:
    op.create_index("ix_similar_petitions_made_at", "similar_petitions", ["position", "made_at"])
