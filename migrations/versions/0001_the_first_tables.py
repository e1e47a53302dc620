"""the first tables

What must stay true: rows that exist keep their meaning; it runs down as well as up with rows in the tables; on a busy
PostgreSQL it takes no long lock.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "captured_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_captured_mails")),
    )
    op.create_table(
        "departments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("acronym", sa.String(length=20), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departments")),
        sa.UniqueConstraint("name", name=op.f("uq_departments_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_departments_slug")),
    )
    op.create_table(
        "periodic_tasks",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("next_run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_periodic_tasks")),
    )
    op.create_table(
        "petitions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "gathering",
                "review",
                "open",
                "closed",
                "rejected",
                "hidden",
                "withdrawn",
                "lapsed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("action", sa.String(length=200), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("additional_details", sa.Text(), nullable=False),
        sa.Column("committee_note", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("creator_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moderation_threshold_reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rejected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signature_count", sa.Integer(), nullable=False),
        sa.Column("imported_signatures", sa.Integer(), nullable=False),
        sa.Column("last_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_key", sa.LargeBinary(length=16), nullable=False),
        sa.CheckConstraint(
            "state <> 'closed' OR closed_at IS NOT NULL", name=op.f("ck_petitions_closed_has_closed_at")
        ),
        sa.CheckConstraint(
            "state <> 'gathering' OR (confirmed_at IS NOT NULL AND lapses_at IS NOT NULL)",
            name=op.f("ck_petitions_gathering_has_its_time"),
        ),
        sa.CheckConstraint(
            "state <> 'hidden' OR hidden_at IS NOT NULL", name=op.f("ck_petitions_hidden_has_hidden_at")
        ),
        sa.CheckConstraint(
            "state <> 'lapsed' OR lapsed_at IS NOT NULL", name=op.f("ck_petitions_lapsed_has_lapsed_at")
        ),
        sa.CheckConstraint(
            "state <> 'open' OR closes_at IS NOT NULL", name=op.f("ck_petitions_open_has_deadline")
        ),
        sa.CheckConstraint(
            "state <> 'rejected' OR rejected_at IS NOT NULL",
            name=op.f("ck_petitions_rejected_has_rejected_at"),
        ),
        sa.CheckConstraint(
            "state <> 'review' OR moderation_threshold_reached_at IS NOT NULL",
            name=op.f("ck_petitions_review_has_threshold_reached_at"),
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR withdrawn_at IS NOT NULL",
            name=op.f("ck_petitions_withdrawn_has_withdrawn_at"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('open', 'closed') OR opened_at IS NOT NULL",
            name=op.f("ck_petitions_published_has_opened_at"),
        ),
        sa.CheckConstraint("imported_signatures >= 0", name=op.f("ck_petitions_counts_not_negative")),
        sa.CheckConstraint(
            "signature_count >= imported_signatures", name=op.f("ck_petitions_count_holds_imported")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petitions")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_petitions_state_opened_at", "petitions", ["state", "opened_at", "id"], unique=False)
    op.create_index(
        "ix_petitions_state_signature_count", "petitions", ["state", "signature_count", "id"], unique=False
    )
    op.create_table(
        "places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "constituency", "region", name="kind", native_enum=False, create_constraint=True, length=16
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("representative", sa.String(length=200), nullable=True),
        sa.Column("party", sa.String(length=100), nullable=True),
        sa.Column("electorate", sa.Integer(), nullable=True),
        sa.Column("hex_q", sa.Integer(), nullable=True),
        sa.Column("hex_r", sa.Integer(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["places.id"], name=op.f("fk_places_region_id_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("code", name=op.f("uq_places_code")),
    )
    op.create_index("ix_places_kind_code", "places", ["kind", "code"], unique=False)
    op.create_index(op.f("ix_places_region_id"), "places", ["region_id"], unique=False)
    op.create_index(op.f("ix_places_slug"), "places", ["slug"], unique=False)
    op.create_table(
        "rejection_reasons",
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("hides", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_rejection_reasons")),
    )
    op.create_table(
        "topics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("code", name=op.f("uq_topics_code")),
    )
    op.create_table(
        "country_counts",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("signature_count", sa.Integer(), nullable=False),
        sa.Column("imported_signatures", sa.Integer(), nullable=False),
        sa.CheckConstraint("signature_count >= 0", name=op.f("ck_country_counts_not_negative")),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_country_counts_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("petition_id", "country", name=op.f("pk_country_counts")),
    )
    op.create_table(
        "debates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("scheduled_on", sa.Date(), nullable=True),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("debated", sa.Boolean(), nullable=True),
        sa.Column("debated_on", sa.Date(), nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overview", sa.Text(), nullable=False),
        sa.Column("transcript_url", sa.String(length=500), nullable=True),
        sa.Column("video_url", sa.String(length=500), nullable=True),
        sa.Column("research_url", sa.String(length=500), nullable=True),
        sa.Column("public_engagement_url", sa.String(length=500), nullable=True),
        sa.Column("summary_url", sa.String(length=500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "debated IS NULL OR outcome_at IS NOT NULL", name=op.f("ck_debates_outcome_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petitions.id"], name=op.f("fk_debates_petition_id_petitions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debates")),
        sa.UniqueConstraint("petition_id", name=op.f("uq_debates_petition_id")),
    )
    op.create_table(
        "hour_counts",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature_count", sa.Integer(), nullable=False),
        sa.Column("imported_signatures", sa.Integer(), nullable=False),
        sa.CheckConstraint("signature_count >= 0", name=op.f("ck_hour_counts_not_negative")),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_hour_counts_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("petition_id", "hour", name=op.f("pk_hour_counts")),
    )
    op.create_index("ix_hour_counts_hour", "hour_counts", ["hour"], unique=False)
    op.create_table(
        "mailings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "updates", "supporters", name="audience", native_enum=False, create_constraint=True, length=16
            ),
            nullable=False,
        ),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("last_signature_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_mailings_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailings")),
        sa.UniqueConstraint("key", name=op.f("uq_mailings_key")),
    )
    op.create_index(op.f("ix_mailings_petition_id"), "mailings", ["petition_id"], unique=False)
    op.create_table(
        "other_business",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_other_business_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_business")),
    )
    op.create_index(op.f("ix_other_business_petition_id"), "other_business", ["petition_id"], unique=False)
    op.create_table(
        "petition_departments",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["departments.id"],
            name=op.f("fk_petition_departments_department_id_departments"),
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_petition_departments_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("petition_id", "department_id", name=op.f("pk_petition_departments")),
    )
    op.create_index(
        op.f("ix_petition_departments_department_id"), "petition_departments", ["department_id"], unique=False
    )
    op.create_table(
        "petition_thresholds",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=30), nullable=False),
        sa.Column("signatures", sa.Integer(), nullable=False),
        sa.Column(
            "duty",
            sa.Enum("response", "debate", name="duty", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column(
            "days_kind",
            sa.Enum(
                "calendar", "working", name="days_kind", native_enum=False, create_constraint=True, length=16
            ),
            nullable=False,
        ),
        sa.CheckConstraint("signatures > 0", name=op.f("ck_petition_thresholds_signatures_positive")),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_petition_thresholds_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("petition_id", "key", name=op.f("pk_petition_thresholds")),
    )
    op.create_table(
        "petition_topics",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_petition_topics_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_petition_topics_topic_id_topics")),
        sa.PrimaryKeyConstraint("petition_id", "topic_id", name=op.f("pk_petition_topics")),
    )
    op.create_index(op.f("ix_petition_topics_topic_id"), "petition_topics", ["topic_id"], unique=False)
    op.create_table(
        "place_counts",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("signature_count", sa.Integer(), nullable=False),
        sa.Column("imported_signatures", sa.Integer(), nullable=False),
        sa.CheckConstraint("signature_count >= 0", name=op.f("ck_place_counts_not_negative")),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_place_counts_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_place_counts_place_id_places")),
        sa.PrimaryKeyConstraint("petition_id", "place_id", name=op.f("pk_place_counts")),
    )
    op.create_index(
        "ix_place_counts_place_id_signature_count",
        "place_counts",
        ["place_id", "signature_count"],
        unique=False,
    )
    op.create_table(
        "postcodes",
        sa.Column("prefix", sa.String(length=10), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_postcodes_place_id_places")),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_postcodes")),
    )
    op.create_index(op.f("ix_postcodes_place_id"), "postcodes", ["place_id"], unique=False)
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_staff_department_id_departments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    op.create_index(op.f("ix_staff_department_id"), "staff", ["department_id"], unique=False)
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=20), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("id > 0", name=op.f("ck_audit_entries_numbered_from_one")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_audit_entries_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_petition_id_id", "audit_entries", ["petition_id", "id"], unique=False)
    op.create_table(
        "crossings",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("threshold_key", sa.String(length=30), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id", "threshold_key"],
            ["petition_thresholds.petition_id", "petition_thresholds.key"],
            name="fk_crossings_threshold",
        ),
        sa.PrimaryKeyConstraint("petition_id", "threshold_key", name=op.f("pk_crossings")),
    )
    op.create_index(op.f("ix_crossings_reached_at"), "crossings", ["reached_at"], unique=False)
    op.create_table(
        "petition_texts",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=200), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("additional_details", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_petition_texts_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_petition_texts_staff_id_staff")),
        sa.PrimaryKeyConstraint("petition_id", "version", name=op.f("pk_petition_texts")),
    )
    op.create_table(
        "rejections",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("original_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("original_id <> petition_id", name=op.f("ck_rejections_repeats_another")),
        sa.ForeignKeyConstraint(
            ["code"], ["rejection_reasons.code"], name=op.f("fk_rejections_code_rejection_reasons")
        ),
        sa.ForeignKeyConstraint(
            ["original_id"], ["petitions.id"], name=op.f("fk_rejections_original_id_petitions")
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_rejections_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_rejections_staff_id_staff")),
        sa.PrimaryKeyConstraint("petition_id", name=op.f("pk_rejections")),
    )
    op.create_index(op.f("ix_rejections_original_id"), "rejections", ["original_id"], unique=False)
    op.create_table(
        "staff_roles",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_roles_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("staff_id", "role", name=op.f("pk_staff_roles")),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_sessions_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_sessions_token_hash")),
    )
    op.create_index(op.f("ix_staff_sessions_staff_id"), "staff_sessions", ["staff_id"], unique=False)
    op.create_table(
        "duties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("threshold_key", sa.String(length=30), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("owner_role", sa.String(length=60), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("first_due_on", sa.Date(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_duties_department_id_departments")
        ),
        sa.ForeignKeyConstraint(
            ["petition_id", "threshold_key"],
            ["crossings.petition_id", "crossings.threshold_key"],
            name="fk_duties_crossing",
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petitions.id"], name=op.f("fk_duties_petition_id_petitions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
        sa.UniqueConstraint("petition_id", "threshold_key", name=op.f("uq_duties_petition_id_threshold_key")),
    )
    op.create_index(op.f("ix_duties_department_id"), "duties", ["department_id"], unique=False)
    op.create_index(op.f("ix_duties_due_on"), "duties", ["due_on"], unique=False)
    op.create_table(
        "signatures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "creator",
                "supporter",
                "signer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "validated",
                "held",
                "invalidated",
                "withdrawn",
                "refused",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("postcode_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ip_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("mailbox_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("wants_updates", sa.Boolean(), nullable=False),
        sa.Column("mails_stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("link_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("validated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_reason", sa.Text(), nullable=True),
        sa.Column("row_key", sa.LargeBinary(length=16), nullable=False),
        sa.CheckConstraint(
            "(state IN ('withdrawn', 'refused', 'invalidated')) = (seat IS NULL)",
            name=op.f("ck_signatures_only_ended_leaves_seat"),
        ),
        sa.CheckConstraint(
            "counted_at IS NULL OR (validated_at IS NOT NULL AND state = 'validated')",
            name=op.f("ck_signatures_counted_is_valid"),
        ),
        sa.CheckConstraint(
            "state <> 'validated' OR validated_at IS NOT NULL", name=op.f("ck_signatures_validated_has_time")
        ),
        sa.CheckConstraint(
            "state NOT IN ('withdrawn', 'refused', 'invalidated') OR ended_at IS NOT NULL",
            name=op.f("ck_signatures_ended_has_ended_at"),
        ),
        sa.CheckConstraint("seat IN (1, 2)", name=op.f("ck_signatures_two_seats")),
        sa.ForeignKeyConstraint(
            ["petition_id", "text_version"],
            ["petition_texts.petition_id", "petition_texts.version"],
            name="fk_signatures_text_version",
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petitions.id"], name=op.f("fk_signatures_petition_id_petitions")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_signatures_place_id_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
        sa.UniqueConstraint("petition_id", "mailbox_hash", "seat", name="uq_signatures_one_mailbox"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_signatures_counted_at", "signatures", ["counted_at"], unique=False)
    op.create_index(
        "ix_signatures_petition_counted_at", "signatures", ["petition_id", "counted_at"], unique=False
    )
    op.create_index(
        "ix_signatures_supporters",
        "signatures",
        ["petition_id"],
        unique=False,
        postgresql_where=sa.text("role = 'supporter'"),
        sqlite_where=sa.text("role = 'supporter'"),
    )
    op.create_index(
        "ix_signatures_uncounted",
        "signatures",
        ["petition_id"],
        unique=False,
        postgresql_where=sa.text("state = 'validated' AND counted_at IS NULL"),
        sqlite_where=sa.text("state = 'validated' AND counted_at IS NULL"),
    )
    op.create_index(
        "uq_signatures_one_creator",
        "signatures",
        ["petition_id"],
        unique=True,
        postgresql_where=sa.text("role = 'creator'"),
        sqlite_where=sa.text("role = 'creator'"),
    )
    op.create_table(
        "duty_extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["duties.id"], name=op.f("fk_duty_extensions_duty_id_duties"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_duty_extensions_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_extensions")),
    )
    op.create_index(op.f("ix_duty_extensions_duty_id"), "duty_extensions", ["duty_id"], unique=False)
    op.create_table(
        "duty_pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on > starts_on", name=op.f("ck_duty_pauses_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["duties.id"], name=op.f("fk_duty_pauses_duty_id_duties"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_duty_pauses_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_pauses")),
    )
    op.create_index(op.f("ix_duty_pauses_duty_id"), "duty_pauses", ["duty_id"], unique=False)
    op.create_table(
        "mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("signature_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("petition_id", sa.Integer(), nullable=True),
        sa.Column("recipient_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sent",
                "failed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("row_key", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petitions.id"], name=op.f("fk_mails_petition_id_petitions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signatures.id"],
            name=op.f("fk_mails_signature_id_signatures"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_mails_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("key", name=op.f("uq_mails_key")),
    )
    op.create_index(
        "ix_mails_due",
        "mails",
        ["priority", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'queued'"),
        sqlite_where=sa.text("state = 'queued'"),
    )
    op.create_index(op.f("ix_mails_petition_id"), "mails", ["petition_id"], unique=False)
    op.create_index(op.f("ix_mails_signature_id"), "mails", ["signature_id"], unique=False)
    op.create_index(op.f("ix_mails_staff_id"), "mails", ["staff_id"], unique=False)
    op.create_table(
        "responses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("author_role", sa.String(length=60), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "agreed",
                "partly_agreed",
                "not_agreed",
                "already_done",
                "not_for_us",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("responded_on", sa.Date(), nullable=True),
        sa.Column("draft_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "published_at IS NULL OR responded_on IS NOT NULL", name=op.f("ck_responses_published_has_date")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_responses_department_id_departments")
        ),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.id"], name=op.f("fk_responses_duty_id_duties")),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petitions.id"], name=op.f("fk_responses_petition_id_petitions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responses")),
        sa.UniqueConstraint("duty_id", name=op.f("uq_responses_duty_id")),
    )
    op.create_index(op.f("ix_responses_department_id"), "responses", ["department_id"], unique=False)
    op.create_index(op.f("ix_responses_petition_id"), "responses", ["petition_id"], unique=False)
    op.create_index(op.f("ix_responses_published_at"), "responses", ["published_at"], unique=False)
    op.create_table(
        "response_versions",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.id"],
            name=op.f("fk_response_versions_response_id_responses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_response_versions_staff_id_staff")),
        sa.PrimaryKeyConstraint("response_id", "version", name=op.f("pk_response_versions")),
    )


def downgrade() -> None:
    op.drop_table("response_versions")
    op.drop_index(op.f("ix_responses_published_at"), table_name="responses")
    op.drop_index(op.f("ix_responses_petition_id"), table_name="responses")
    op.drop_index(op.f("ix_responses_department_id"), table_name="responses")
    op.drop_table("responses")
    op.drop_index(op.f("ix_mails_staff_id"), table_name="mails")
    op.drop_index(op.f("ix_mails_signature_id"), table_name="mails")
    op.drop_index(op.f("ix_mails_petition_id"), table_name="mails")
    op.drop_index(
        "ix_mails_due",
        table_name="mails",
        postgresql_where=sa.text("state = 'queued'"),
        sqlite_where=sa.text("state = 'queued'"),
    )
    op.drop_table("mails")
    op.drop_index(op.f("ix_duty_pauses_duty_id"), table_name="duty_pauses")
    op.drop_table("duty_pauses")
    op.drop_index(op.f("ix_duty_extensions_duty_id"), table_name="duty_extensions")
    op.drop_table("duty_extensions")
    op.drop_index(
        "uq_signatures_one_creator",
        table_name="signatures",
        postgresql_where=sa.text("role = 'creator'"),
        sqlite_where=sa.text("role = 'creator'"),
    )
    op.drop_index(
        "ix_signatures_uncounted",
        table_name="signatures",
        postgresql_where=sa.text("state = 'validated' AND counted_at IS NULL"),
        sqlite_where=sa.text("state = 'validated' AND counted_at IS NULL"),
    )
    op.drop_index(
        "ix_signatures_supporters",
        table_name="signatures",
        postgresql_where=sa.text("role = 'supporter'"),
        sqlite_where=sa.text("role = 'supporter'"),
    )
    op.drop_index("ix_signatures_petition_counted_at", table_name="signatures")
    op.drop_index("ix_signatures_counted_at", table_name="signatures")
    op.drop_table("signatures")
    op.drop_index(op.f("ix_duties_due_on"), table_name="duties")
    op.drop_index(op.f("ix_duties_department_id"), table_name="duties")
    op.drop_table("duties")
    op.drop_index(op.f("ix_staff_sessions_staff_id"), table_name="staff_sessions")
    op.drop_table("staff_sessions")
    op.drop_table("staff_roles")
    op.drop_index(op.f("ix_rejections_original_id"), table_name="rejections")
    op.drop_table("rejections")
    op.drop_table("petition_texts")
    op.drop_index(op.f("ix_crossings_reached_at"), table_name="crossings")
    op.drop_table("crossings")
    op.drop_index("ix_audit_entries_petition_id_id", table_name="audit_entries")
    op.drop_table("audit_entries")
    op.drop_index(op.f("ix_staff_department_id"), table_name="staff")
    op.drop_table("staff")
    op.drop_index(op.f("ix_postcodes_place_id"), table_name="postcodes")
    op.drop_table("postcodes")
    op.drop_index("ix_place_counts_place_id_signature_count", table_name="place_counts")
    op.drop_table("place_counts")
    op.drop_index(op.f("ix_petition_topics_topic_id"), table_name="petition_topics")
    op.drop_table("petition_topics")
    op.drop_table("petition_thresholds")
    op.drop_index(op.f("ix_petition_departments_department_id"), table_name="petition_departments")
    op.drop_table("petition_departments")
    op.drop_index(op.f("ix_other_business_petition_id"), table_name="other_business")
    op.drop_table("other_business")
    op.drop_index(op.f("ix_mailings_petition_id"), table_name="mailings")
    op.drop_table("mailings")
    op.drop_index("ix_hour_counts_hour", table_name="hour_counts")
    op.drop_table("hour_counts")
    op.drop_table("debates")
    op.drop_table("country_counts")
    op.drop_table("topics")
    op.drop_table("rejection_reasons")
    op.drop_index(op.f("ix_places_slug"), table_name="places")
    op.drop_index(op.f("ix_places_region_id"), table_name="places")
    op.drop_index("ix_places_kind_code", table_name="places")
    op.drop_table("places")
    op.drop_index("ix_petitions_state_signature_count", table_name="petitions")
    op.drop_index("ix_petitions_state_opened_at", table_name="petitions")
    op.drop_table("petitions")
    op.drop_table("periodic_tasks")
    op.drop_table("departments")
    op.drop_table("captured_mails")
    op.drop_table("audit_head")
