"""What was signed in each minute of the last hours

The last hours' minutes are made from the signatures, so that the counts are whole from the first moment.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEPT = timedelta(hours=3)


def upgrade() -> None:
    minutes = op.create_table(
        "minute_counts",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("signature_count >= 0", name=op.f("ck_minute_counts_not_negative")),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_minute_counts_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("petition_id", "minute", name=op.f("pk_minute_counts")),
    )
    op.create_index("ix_minute_counts_minute", "minute_counts", ["minute"], unique=False)
    signatures = sa.table(
        "signatures", sa.column("petition_id"), sa.column("counted_at", sa.DateTime(timezone=True))
    )
    if op.get_bind().dialect.name == "sqlite":
        minute = sa.func.substr(signatures.c.counted_at, 1, 16).concat(":00.000000")
    else:
        minute = sa.func.date_trunc("minute", signatures.c.counted_at, "UTC")
    since = (datetime.now(UTC) - KEPT).replace(second=0, microsecond=0)
    each = (
        sa.select(signatures.c.petition_id, minute.label("minute"))
        .where(signatures.c.counted_at >= since)
        .subquery()
    )
    counted = sa.select(each.c.petition_id, each.c.minute, sa.func.count()).group_by(
        each.c.petition_id, each.c.minute
    )
    op.execute(minutes.insert().from_select(["petition_id", "minute", "signature_count"], counted))


def downgrade() -> None:
    op.drop_index("ix_minute_counts_minute", table_name="minute_counts")
    op.drop_table("minute_counts")
