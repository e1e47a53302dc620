"""What is shown of signatures by place, apart from what is counted

The tables begin empty: a worker fills them when it looks at a petition the first time.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "published_place_counts",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("signature_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("signature_count > 0", name=op.f("ck_published_place_counts_positive")),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_published_place_counts_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.id"], name=op.f("fk_published_place_counts_place_id_places")
        ),
        sa.PrimaryKeyConstraint("petition_id", "place_id", name=op.f("pk_published_place_counts")),
    )
    op.create_index(
        "ix_published_place_counts_place_id_signature_count",
        "published_place_counts",
        ["place_id", "signature_count"],
        unique=False,
    )
    op.create_table(
        "published_country_counts",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("signature_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("signature_count > 0", name=op.f("ck_published_country_counts_positive")),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_published_country_counts_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("petition_id", "country", name=op.f("pk_published_country_counts")),
    )
    op.create_table(
        "place_looks",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("signature_count", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_place_looks_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("petition_id", name=op.f("pk_place_looks")),
    )


def downgrade() -> None:
    op.drop_table("place_looks")
    op.drop_table("published_country_counts")
    op.drop_index("ix_published_place_counts_place_id_signature_count", table_name="published_place_counts")
    op.drop_table("published_place_counts")
