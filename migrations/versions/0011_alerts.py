"""Alerts by mail: saved searches, what they found and what they told

The tables begin empty.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NEWS = ("published", "crossed", "answered", "rising")


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mailbox_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("search", sa.String(length=500), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=1000), nullable=False),
        *(sa.Column(news, sa.Boolean(), nullable=False) for news in NEWS),
        sa.Column(
            "rhythm",
            sa.Enum(
                "at_once",
                "daily",
                "weekly",
                name="rhythm",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undeliverable_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("seen_entry", sa.Integer(), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_key", sa.LargeBinary(length=16), nullable=False),
        sa.CheckConstraint("petition_id IS NULL OR search = ''", name=op.f("ck_alerts_about_one_thing")),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR next_at IS NOT NULL", name=op.f("ck_alerts_confirmed_has_its_turn")
        ),
        sa.CheckConstraint(
            "mails >= 0 AND asked >= 0 AND seen_entry >= 0", name=op.f("ck_alerts_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_alerts_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("mailbox_hash", name=op.f("uq_alerts_mailbox_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_alerts_petition_id"), "alerts", ["petition_id"], unique=False)
    op.create_index("ix_alerts_search_seen_entry", "alerts", ["search", "seen_entry"], unique=False)
    op.create_index("ix_alerts_created_at", "alerts", ["created_at"], unique=False)
    op.create_table(
        "alert_matches",
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column(
            "news",
            sa.Enum(*NEWS, name="news", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_in", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(told_at IS NULL) = (told_in IS NULL)", name=op.f("ck_alert_matches_told_in_a_mail")
        ),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_alert_matches_alert_id_alerts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_alert_matches_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("alert_id", "news", "petition_id", "entry", name=op.f("pk_alert_matches")),
    )
    op.create_index(op.f("ix_alert_matches_petition_id"), "alert_matches", ["petition_id"], unique=False)
    op.create_index(
        "ix_alert_matches_untold",
        "alert_matches",
        ["alert_id"],
        unique=False,
        postgresql_where=sa.text("told_at IS NULL"),
        sqlite_where=sa.text("told_at IS NULL"),
    )
    with op.batch_alter_table("mails") as mails:
        mails.add_column(sa.Column("alert_id", sa.Integer(), nullable=True))
        mails.create_foreign_key(
            op.f("fk_mails_alert_id_alerts"), "alerts", ["alert_id"], ["id"], ondelete="SET NULL"
        )
        mails.create_index(op.f("ix_mails_alert_id"), ["alert_id"], unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM mails WHERE alert_id IS NOT NULL")
    with op.batch_alter_table("mails") as mails:
        mails.drop_index(op.f("ix_mails_alert_id"))
        mails.drop_constraint(op.f("fk_mails_alert_id_alerts"), type_="foreignkey")
        mails.drop_column("alert_id")
    op.drop_table("alert_matches")
    op.drop_table("alerts")
