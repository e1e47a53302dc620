"""What is moved in a minute that is over, so that a list can be read to its end in the order of one moment

The table begins empty: it is about the last hours.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "late_counts",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_late_counts_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("petition_id", "minute", "since", name=op.f("pk_late_counts")),
    )
    op.create_index("ix_late_counts_minute", "late_counts", ["minute"], unique=False)


def downgrade() -> None:
    op.drop_table("late_counts")
