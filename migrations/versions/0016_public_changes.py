"""The number by which kept pages know whether they are still true."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "public_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_public_changes_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_changes")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("public_changes")
