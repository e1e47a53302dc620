"""Boundaries by date, how many people live in a place, and where its representative is found

A place that is here belongs to no set: it holds always.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "boundary_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundary_sets")),
        sa.UniqueConstraint("name", name=op.f("uq_boundary_sets_name")),
    )
    op.create_table(
        "boundary_areas",
        sa.Column("boundary_set_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("hex_q", sa.Integer(), nullable=True),
        sa.Column("hex_r", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["boundary_set_id"],
            ["boundary_sets.id"],
            name=op.f("fk_boundary_areas_boundary_set_id_boundary_sets"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_boundary_areas_place_id_places")),
        sa.PrimaryKeyConstraint("boundary_set_id", "place_id", name=op.f("pk_boundary_areas")),
    )
    op.create_index(op.f("ix_boundary_areas_place_id"), "boundary_areas", ["place_id"], unique=False)
    op.add_column("places", sa.Column("representative_url", sa.String(length=500), nullable=True))
    op.add_column("places", sa.Column("population", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("places", "population")
    op.drop_column("places", "representative_url")
    op.drop_index(op.f("ix_boundary_areas_place_id"), table_name="boundary_areas")
    op.drop_table("boundary_areas")
    op.drop_table("boundary_sets")
