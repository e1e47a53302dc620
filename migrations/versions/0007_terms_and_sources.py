"""Terms of the body, and what the sources of imported petitions say otherwise than this site

Rows that exist stay as they are; answers that were imported before are marked as plain text, because nobody here wrote them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("government", sa.String(length=100), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dissolves_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("response_threshold", sa.Integer(), nullable=False),
        sa.Column("debate_threshold", sa.Integer(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "dissolves_at IS NULL OR dissolves_at > opens_at", name=op.f("ck_terms_ends_after_start")
        ),
        sa.CheckConstraint(
            "archived_at IS NULL OR dissolves_at IS NOT NULL", name=op.f("ck_terms_archived_is_over")
        ),
        sa.CheckConstraint(
            "response_threshold > 0 AND debate_threshold > 0", name=op.f("ck_terms_thresholds_positive")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("opens_at", name=op.f("uq_terms_opens_at")),
        sa.UniqueConstraint("period", name=op.f("uq_terms_period")),
    )
    op.create_table(
        "country_names",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("country", name=op.f("pk_country_names")),
    )
    op.create_table(
        "imported_petitions",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("has_no_note", sa.Boolean(), nullable=False),
        sa.Column("region_counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_imported_petitions_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("petition_id", name=op.f("pk_imported_petitions")),
    )
    op.create_table(
        "place_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("representative", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.id"], name=op.f("fk_place_names_place_id_places"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_names")),
        sa.UniqueConstraint(
            "place_id", "name", "representative", name=op.f("uq_place_names_place_id_name_representative")
        ),
    )
    op.create_index(op.f("ix_place_names_place_id"), "place_names", ["place_id"], unique=False)
    with op.batch_alter_table("place_counts") as table:
        table.add_column(sa.Column("named_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_place_counts_named_id_place_names"), "place_names", ["named_id"], ["id"]
        )
    op.create_index(op.f("ix_petitions_updated_at"), "petitions", ["updated_at"], unique=False)
    for name in ("other_business", "response_versions"):
        op.add_column(name, sa.Column("is_plain", sa.Boolean(), server_default=sa.false(), nullable=False))
        op.execute(_MARK_IMPORTED[name])


#: Nobody of the staff published it: it came with an import.
_MARK_IMPORTED = {
    "response_versions": "UPDATE response_versions SET is_plain = true WHERE staff_id IS NULL AND response_id IN "
    "(SELECT responses.id FROM responses JOIN petitions ON petitions.id = responses.petition_id "
    "WHERE petitions.imported_signatures > 0 AND responses.outcome IS NULL)",
    "other_business": "UPDATE other_business SET is_plain = true WHERE url IS NULL AND petition_id IN "
    "(SELECT id FROM petitions WHERE imported_signatures > 0 AND imported_signatures = signature_count)",
}


def downgrade() -> None:
    for name in ("other_business", "response_versions"):
        op.drop_column(name, "is_plain")
    op.drop_index(op.f("ix_petitions_updated_at"), table_name="petitions")
    with op.batch_alter_table("place_counts") as table:
        table.drop_constraint(op.f("fk_place_counts_named_id_place_names"), type_="foreignkey")
        table.drop_column("named_id")
    op.drop_index(op.f("ix_place_names_place_id"), table_name="place_names")
    for name in ("place_names", "imported_petitions", "country_names", "terms"):
        op.drop_table(name)
