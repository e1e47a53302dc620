"""The duty to respond: how staff prove who they are, moderation, the clock of duties, drafts, commitments, debates

Rows that exist keep their meaning: every new column is empty on them, or has a value that says nothing new.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import holidays
import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closed_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_closed_days")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("email_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("email_hash", name=op.f("pk_sign_in_failures")),
    )
    op.create_index(op.f("ix_sign_in_failures_failed_at"), "sign_in_failures", ["failed_at"], unique=False)
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("name", name=op.f("uq_tags_name")),
    )
    op.create_table(
        "threshold_rules",
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
        sa.CheckConstraint("signatures > 0", name=op.f("ck_threshold_rules_signatures_positive")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_threshold_rules")),
    )
    op.create_table(
        "explanation_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=True),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["code"], ["rejection_reasons.code"], name=op.f("fk_explanation_templates_code_rejection_reasons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_explanation_templates")),
    )
    op.create_index(op.f("ix_explanation_templates_code"), "explanation_templates", ["code"], unique=False)
    op.create_table(
        "petition_tags",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_petition_tags_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tags.id"], name=op.f("fk_petition_tags_tag_id_tags"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("petition_id", "tag_id", name=op.f("pk_petition_tags")),
    )
    op.create_index(op.f("ix_petition_tags_tag_id"), "petition_tags", ["tag_id"], unique=False)
    op.create_table(
        "authenticators",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("used_step", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_key", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_authenticators_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_authenticators")),
    )
    op.create_table(
        "debate_pictures",
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["debate_id"],
            ["debates.id"],
            name=op.f("fk_debate_pictures_debate_id_debates"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("debate_id", name=op.f("pk_debate_pictures")),
    )
    op.create_table(
        "moderation_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "published",
                "rejected",
                "hidden",
                "taken_down",
                "closed_early",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=30), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["code"], ["rejection_reasons.code"], name=op.f("fk_moderation_decisions_code_rejection_reasons")
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_moderation_decisions_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_moderation_decisions_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_decisions")),
    )
    op.create_index(
        op.f("ix_moderation_decisions_decided_at"), "moderation_decisions", ["decided_at"], unique=False
    )
    op.create_index(
        op.f("ix_moderation_decisions_petition_id"), "moderation_decisions", ["petition_id"], unique=False
    )
    op.create_table(
        "petition_claims",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_petition_claims_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_petition_claims_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("petition_id", name=op.f("pk_petition_claims")),
    )
    op.create_index(op.f("ix_petition_claims_staff_id"), "petition_claims", ["staff_id"], unique=False)
    op.create_table(
        "petition_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_petition_notes_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_petition_notes_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_notes")),
    )
    op.create_index(op.f("ix_petition_notes_petition_id"), "petition_notes", ["petition_id"], unique=False)
    op.create_table(
        "petition_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_petition_questions_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_petition_questions_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_questions")),
    )
    op.create_index(
        "ix_petition_questions_open",
        "petition_questions",
        ["petition_id"],
        unique=True,
        postgresql_where=sa.text("answered_at IS NULL"),
        sqlite_where=sa.text("answered_at IS NULL"),
    )
    op.create_index("ix_petition_questions_petition_id", "petition_questions", ["petition_id"], unique=False)
    op.create_table(
        "petition_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "acted", "no_action", name="outcome", native_enum=False, create_constraint=True, length=16
            ),
            nullable=True,
        ),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (outcome IS NULL)", name=op.f("ck_petition_reports_resolved_has_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["code"], ["rejection_reasons.code"], name=op.f("fk_petition_reports_code_rejection_reasons")
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_petition_reports_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_petition_reports_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_reports")),
        sa.UniqueConstraint("reference", name=op.f("uq_petition_reports_reference")),
    )
    op.create_index(
        op.f("ix_petition_reports_petition_id"), "petition_reports", ["petition_id"], unique=False
    )
    op.create_index(
        op.f("ix_petition_reports_resolved_at"), "petition_reports", ["resolved_at"], unique=False
    )
    op.create_table(
        "recovery_codes",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_recovery_codes_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("staff_id", "code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "staff_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("invitation", "reset", name="kind", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["staff.id"], name=op.f("fk_staff_links_made_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_links_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_links")),
    )
    op.create_index(op.f("ix_staff_links_staff_id"), "staff_links", ["staff_id"], unique=False)
    op.create_table(
        "appeals",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refused_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("hides_reason", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (upheld IS NULL)", name=op.f("ck_appeals_decided_has_outcome")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR refused_by_id IS NULL OR decided_by_id <> refused_by_id",
            name=op.f("ck_appeals_somebody_else_decides"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["staff.id"], name=op.f("fk_appeals_decided_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["moderation_decisions.id"],
            name=op.f("fk_appeals_decision_id_moderation_decisions"),
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_appeals_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["refused_by_id"], ["staff.id"], name=op.f("fk_appeals_refused_by_id_staff")),
        sa.PrimaryKeyConstraint("petition_id", name=op.f("pk_appeals")),
    )
    op.create_index(op.f("ix_appeals_decided_at"), "appeals", ["decided_at"], unique=False)
    op.create_table(
        "duty_escalations",
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("days_late", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["duties.id"], name=op.f("fk_duty_escalations_duty_id_duties"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("duty_id", "number", name=op.f("pk_duty_escalations")),
    )
    op.create_table(
        "duty_transfers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("from_department_id", sa.Integer(), nullable=True),
        sa.Column("to_department_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["duties.id"], name=op.f("fk_duty_transfers_duty_id_duties"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["from_department_id"],
            ["departments.id"],
            name=op.f("fk_duty_transfers_from_department_id_departments"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_duty_transfers_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["to_department_id"],
            ["departments.id"],
            name=op.f("fk_duty_transfers_to_department_id_departments"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_transfers")),
    )
    op.create_index(op.f("ix_duty_transfers_duty_id"), "duty_transfers", ["duty_id"], unique=False)
    op.create_table(
        "holding_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["duties.id"], name=op.f("fk_holding_replies_duty_id_duties"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_holding_replies_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holding_replies")),
    )
    op.create_index(op.f("ix_holding_replies_duty_id"), "holding_replies", ["duty_id"], unique=False)
    op.create_table(
        "house_pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on > starts_on", name=op.f("ck_house_pauses_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_house_pauses_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_pauses")),
    )
    op.create_table(
        "staff_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=True),
        sa.Column("duty_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["duties.id"], name=op.f("fk_staff_notices_duty_id_duties"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_staff_notices_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_notices_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_notices")),
    )
    op.create_index(op.f("ix_staff_notices_duty_id"), "staff_notices", ["duty_id"], unique=False)
    op.create_index(op.f("ix_staff_notices_petition_id"), "staff_notices", ["petition_id"], unique=False)
    op.create_index("ix_staff_notices_staff_id_key", "staff_notices", ["staff_id", "key"], unique=True)
    op.create_index(
        "ix_staff_notices_waiting",
        "staff_notices",
        ["staff_id"],
        unique=False,
        postgresql_where=sa.text("told_at IS NULL"),
        sqlite_where=sa.text("told_at IS NULL"),
    )
    op.create_table(
        "commitments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("promise", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.id"],
            name=op.f("fk_commitments_response_id_responses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_commitments_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
    )
    op.create_index(op.f("ix_commitments_response_id"), "commitments", ["response_id"], unique=False)
    op.create_table(
        "response_drafts",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_itself", sa.Boolean(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.id"],
            name=op.f("fk_response_drafts_response_id_responses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_response_drafts_staff_id_staff")),
        sa.PrimaryKeyConstraint("response_id", "version", name=op.f("pk_response_drafts")),
    )
    op.create_table(
        "response_ratings",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("signer_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("addressed", sa.Boolean(), nullable=False),
        sa.Column("clear", sa.Boolean(), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.id"],
            name=op.f("fk_response_ratings_response_id_responses"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("response_id", "signer_hash", name=op.f("pk_response_ratings")),
    )
    op.create_table(
        "commitment_checks",
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "kept",
            sa.Enum(
                "kept",
                "partly",
                "not_kept",
                name="kept",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (kept IS NULL)", name=op.f("ck_commitment_checks_answered_says_kept")
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"],
            ["commitments.id"],
            name=op.f("fk_commitment_checks_commitment_id_commitments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_commitment_checks_staff_id_staff")),
        sa.PrimaryKeyConstraint("commitment_id", "months", name=op.f("pk_commitment_checks")),
    )
    op.add_column("debates", sa.Column("declined_reason", sa.Text(), server_default="", nullable=False))
    op.add_column("debates", sa.Column("considered_on", sa.Date(), nullable=True))
    with op.batch_alter_table("duties") as table:
        table.add_column(sa.Column("round", sa.Integer(), server_default="1", nullable=False))
        table.add_column(sa.Column("follow_up_reason", sa.Text(), server_default="", nullable=False))
        table.drop_constraint(op.f("uq_duties_petition_id_threshold_key"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_duties_petition_id_threshold_key_round"), ["petition_id", "threshold_key", "round"]
        )
        table.create_check_constraint(op.f("ck_duties_rounds_from_one"), "round > 0")
    op.add_column(
        "duty_extensions", sa.Column("by_overseer", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    with op.batch_alter_table("duty_pauses") as table:
        table.add_column(sa.Column("house_pause_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_duty_pauses_house_pause_id_house_pauses"), "house_pauses", ["house_pause_id"], ["id"]
        )
    op.create_index(op.f("ix_duty_pauses_house_pause_id"), "duty_pauses", ["house_pause_id"], unique=False)
    op.add_column("other_business", sa.Column("url", sa.String(length=500), nullable=True))
    op.add_column("petition_texts", sa.Column("reason", sa.Text(), server_default="", nullable=False))
    op.add_column("petitions", sa.Column("closed_early_reason", sa.Text(), server_default="", nullable=False))
    op.add_column("petitions", sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("rejection_reasons", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("response_versions", sa.Column("points", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("response_versions", sa.Column("links", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("response_versions", sa.Column("reason", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("responses") as table:
        table.add_column(sa.Column("points", sa.JSON(), server_default="[]", nullable=False))
        table.add_column(sa.Column("links", sa.JSON(), server_default="[]", nullable=False))
        table.add_column(sa.Column("approved_version", sa.Integer(), nullable=True))
        table.add_column(sa.Column("approved_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("scheduled_by_id", sa.Integer(), nullable=True))
        for name in ("approved_by_id", "scheduled_by_id"):
            table.create_foreign_key(op.f(f"fk_responses_{name}_staff"), "staff", [name], ["id"])
    op.create_index(op.f("ix_responses_publish_at"), "responses", ["publish_at"], unique=False)
    with op.batch_alter_table("staff") as table:
        table.add_column(sa.Column("oidc_subject", sa.String(length=255), nullable=True))
        table.add_column(
            sa.Column("mail_choice", sa.String(length=16), server_default="daily", nullable=False)
        )
        table.create_check_constraint(
            op.f("ck_staff_mail_choice"), "mail_choice IN ('daily', 'each', 'none')"
        )
        table.alter_column("password_hash", existing_type=sa.String(length=300), nullable=True)
    op.create_index(op.f("ix_staff_oidc_subject"), "staff", ["oidc_subject"], unique=True)
    op.add_column("staff_sessions", sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "staff_sessions", sa.Column("agent", sa.String(length=200), server_default="", nullable=False)
    )
    _add_reason()
    _remember_decisions()


#: A reason that says nothing by itself: whoever gives it says more, moderators and readers who report alike.
OTHER = {
    "code": "other",
    "title": "Something else is wrong with it",
    "description": "Another of the standards on this page is not kept. What it is, is said with the decision.",
}


def _add_reason() -> None:
    """The reason for what no other one fits, after the others; where there is one of its code, that stays."""
    connection = op.get_bind()
    there = connection.execute(sa.text("SELECT code, position FROM rejection_reasons")).all()
    if OTHER["code"] in {row.code for row in there}:
        return
    position = max((row.position for row in there), default=-1) + 1
    connection.execute(
        sa.text(
            "INSERT INTO rejection_reasons (code, title, description, hides, position)"
            " VALUES (:code, :title, :description, :hides, :position)"
        ),
        OTHER | {"hides": False, "position": position},
    )


#: The lines of a petition that came to the moderators once more.
PUT_BACK = ("restored", "appeal_upheld")


def _remember_decisions() -> None:
    """Decisions made before this step, from the lines of the history: what the public statistics are counted from."""
    petitions, lines, decisions = (
        sa.table(
            "petitions",
            sa.column("id", sa.Integer),
            sa.column("moderation_threshold_reached_at", sa.DateTime(timezone=True)),
            sa.column("restored_at", sa.DateTime(timezone=True)),
        ),
        sa.table(
            "audit_entries",
            *(sa.column(name, sa.Integer) for name in ("id", "petition_id", "staff_id")),
            sa.column("action", sa.String),
            sa.column("at", sa.DateTime(timezone=True)),
            sa.column("details", sa.JSON),
        ),
        sa.table(
            "moderation_decisions",
            *(sa.column(name, sa.Integer) for name in ("petition_id", "staff_id", "working_days")),
            *(sa.column(name, sa.String) for name in ("kind", "code")),
            *(sa.column(name, sa.DateTime(timezone=True)) for name in ("received_at", "decided_at")),
        ),
    )
    connection = op.get_bind()
    known = set(connection.execute(sa.text("SELECT code FROM rejection_reasons")).scalars())
    made = connection.execute(
        sa.select(lines, petitions.c.moderation_threshold_reached_at)
        .join(petitions, petitions.c.id == lines.c.petition_id)
        .where(lines.c.action.in_(["published", "rejected", "hidden", *PUT_BACK]))
        .order_by(lines.c.id)
    ).all()
    restored: dict[int, datetime] = {}
    for line in made:
        if line.action in PUT_BACK:
            restored[line.petition_id] = line.at
            continue
        taken_down = bool(line.details.get("taken_down"))
        received = restored.get(line.petition_id) or line.moderation_threshold_reached_at
        code = line.details.get("code")
        connection.execute(
            decisions.insert().values(
                petition_id=line.petition_id,
                kind="taken_down" if taken_down else line.action,
                code=code if code in known else None,
                received_at=None if taken_down else received,
                decided_at=line.at,
                working_days=None if taken_down or received is None else _working_days(received, line.at),
                staff_id=line.staff_id,
            )
        )
    for petition_id, at in restored.items():
        connection.execute(petitions.update().where(petitions.c.id == petition_id).values(restored_at=at))


def _working_days(received: datetime, decided: datetime) -> int:
    """Days after the one up to and with the other, without weekends and the home country's public holidays."""
    site = current_app.extensions["settings"]
    try:
        closed = holidays.country_holidays(site.home_country)
    except NotImplementedError:
        closed = holidays.HolidayBase()
    first, last = (
        (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(site.timezone).date()
        for moment in (received, decided)
    )
    days = (first + timedelta(days=number + 1) for number in range((last - first).days))
    return sum(day.weekday() < 5 and day not in closed for day in days)


def downgrade() -> None:
    op.drop_column("staff_sessions", "agent")
    op.drop_column("staff_sessions", "proved_at")
    op.drop_index(op.f("ix_staff_oidc_subject"), table_name="staff")
    op.execute("UPDATE staff SET password_hash = '' WHERE password_hash IS NULL")
    with op.batch_alter_table("staff") as table:
        table.alter_column("password_hash", existing_type=sa.String(length=300), nullable=False)
        table.drop_constraint(op.f("ck_staff_mail_choice"), type_="check")
        table.drop_column("mail_choice")
        table.drop_column("oidc_subject")
    op.drop_index(op.f("ix_responses_publish_at"), table_name="responses")
    with op.batch_alter_table("responses") as table:
        for name in ("approved_by_id", "scheduled_by_id"):
            table.drop_constraint(op.f(f"fk_responses_{name}_staff"), type_="foreignkey")
        for name in (
            "scheduled_by_id",
            "publish_at",
            "approved_by_id",
            "approved_version",
            "links",
            "points",
        ):
            table.drop_column(name)
    op.drop_column("response_versions", "reason")
    op.drop_column("response_versions", "links")
    op.drop_column("response_versions", "points")
    op.drop_column("rejection_reasons", "retired_at")
    op.drop_column("petitions", "restored_at")
    op.drop_column("petitions", "closed_early_reason")
    op.drop_column("petition_texts", "reason")
    op.drop_column("other_business", "url")
    op.drop_index(op.f("ix_duty_pauses_house_pause_id"), table_name="duty_pauses")
    with op.batch_alter_table("duty_pauses") as table:
        table.drop_constraint(op.f("fk_duty_pauses_house_pause_id_house_pauses"), type_="foreignkey")
        table.drop_column("house_pause_id")
    op.drop_column("duty_extensions", "by_overseer")
    _forget_follow_ups()
    with op.batch_alter_table("duties") as table:
        table.drop_constraint(op.f("ck_duties_rounds_from_one"), type_="check")
        table.drop_constraint(op.f("uq_duties_petition_id_threshold_key_round"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_duties_petition_id_threshold_key"), ["petition_id", "threshold_key"]
        )
        table.drop_column("follow_up_reason")
        table.drop_column("round")
    op.drop_column("debates", "considered_on")
    op.drop_column("debates", "declined_reason")
    op.drop_table("commitment_checks")
    op.drop_table("response_ratings")
    op.drop_table("response_drafts")
    op.drop_index(op.f("ix_commitments_response_id"), table_name="commitments")
    op.drop_table("commitments")
    op.drop_index(
        "ix_staff_notices_waiting",
        table_name="staff_notices",
        postgresql_where=sa.text("told_at IS NULL"),
        sqlite_where=sa.text("told_at IS NULL"),
    )
    op.drop_index("ix_staff_notices_staff_id_key", table_name="staff_notices")
    op.drop_index(op.f("ix_staff_notices_petition_id"), table_name="staff_notices")
    op.drop_index(op.f("ix_staff_notices_duty_id"), table_name="staff_notices")
    op.drop_table("staff_notices")
    op.drop_table("house_pauses")
    op.drop_index(op.f("ix_holding_replies_duty_id"), table_name="holding_replies")
    op.drop_table("holding_replies")
    op.drop_index(op.f("ix_duty_transfers_duty_id"), table_name="duty_transfers")
    op.drop_table("duty_transfers")
    op.drop_table("duty_escalations")
    op.drop_index(op.f("ix_appeals_decided_at"), table_name="appeals")
    op.drop_table("appeals")
    op.drop_index(op.f("ix_staff_links_staff_id"), table_name="staff_links")
    op.drop_table("staff_links")
    op.drop_table("recovery_codes")
    op.drop_index(op.f("ix_petition_reports_resolved_at"), table_name="petition_reports")
    op.drop_index(op.f("ix_petition_reports_petition_id"), table_name="petition_reports")
    op.drop_table("petition_reports")
    op.drop_index("ix_petition_questions_petition_id", table_name="petition_questions")
    op.drop_index(
        "ix_petition_questions_open",
        table_name="petition_questions",
        postgresql_where=sa.text("answered_at IS NULL"),
        sqlite_where=sa.text("answered_at IS NULL"),
    )
    op.drop_table("petition_questions")
    op.drop_index(op.f("ix_petition_notes_petition_id"), table_name="petition_notes")
    op.drop_table("petition_notes")
    op.drop_index(op.f("ix_petition_claims_staff_id"), table_name="petition_claims")
    op.drop_table("petition_claims")
    op.drop_index(op.f("ix_moderation_decisions_petition_id"), table_name="moderation_decisions")
    op.drop_index(op.f("ix_moderation_decisions_decided_at"), table_name="moderation_decisions")
    op.drop_table("moderation_decisions")
    op.drop_table("debate_pictures")
    op.drop_table("authenticators")
    op.drop_index(op.f("ix_petition_tags_tag_id"), table_name="petition_tags")
    op.drop_table("petition_tags")
    op.drop_index(op.f("ix_explanation_templates_code"), table_name="explanation_templates")
    op.drop_table("explanation_templates")
    op.drop_table("threshold_rules")
    op.drop_table("tags")
    op.drop_index(op.f("ix_sign_in_failures_failed_at"), table_name="sign_in_failures")
    op.drop_table("sign_in_failures")
    op.drop_table("closed_days")
    # Where a petition was refused for it, it stays.
    op.execute(
        "DELETE FROM rejection_reasons WHERE code = 'other'"
        " AND NOT EXISTS (SELECT 1 FROM rejections WHERE rejections.code = 'other')"
    )


def _forget_follow_ups() -> None:
    """Before this step a petition owed one answer for each threshold: later answers stay, without their duty."""
    op.execute("UPDATE responses SET duty_id = NULL WHERE duty_id IN (SELECT id FROM duties WHERE round > 1)")
    op.execute("DELETE FROM duty_pauses WHERE duty_id IN (SELECT id FROM duties WHERE round > 1)")
    op.execute("DELETE FROM duty_extensions WHERE duty_id IN (SELECT id FROM duties WHERE round > 1)")
    op.execute("DELETE FROM duties WHERE round > 1")
