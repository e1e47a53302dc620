"""Sums of a day and a week for the lists of what rises

The table begins empty: a worker fills it within a minute, and again in every hour.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trailing_counts",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("earlier", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_trailing_counts_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("hour", "petition_id", name=op.f("pk_trailing_counts")),
    )
    op.create_index(op.f("ix_trailing_counts_petition_id"), "trailing_counts", ["petition_id"])


def downgrade() -> None:
    op.drop_table("trailing_counts")
