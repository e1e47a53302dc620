"""Scrutiny of signatures, limits of mail and origins, what is known about mail domains, and more ends of a mail

What a signature is told by (domain, network, seconds, signals) is empty on rows that were there before. Mails may be
parked or have come back.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


#: Indexes by which the daily purge finds what is kept too long.
PURGED = {
    "ix_signatures_unconfirmed": "validated_at IS NULL",
    "ix_signatures_origins": "ip_sealed IS NOT NULL",
}

MAIL_STATES = ("queued", "sent", "failed", "cancelled")
MAIL_INDEXES = (
    ("ix_mails_mailing_queued", ["mailing_id"], "state = 'queued'"),
    ("ix_mails_troubles", ["state", "finished_at"], "state IN ('failed', 'parked', 'bounced')"),
)

#: Domains that are names of one mailbox, by what their providers publish: the provider's one name, whether it ignores dots,
#: and every name. All read `name+tag` as `name`.
ALIASES = (
    ("gmail.com", True, "gmail.com googlemail.com"),
    ("icloud.com", False, "icloud.com me.com mac.com"),
    ("proton.me", True, "proton.me protonmail.com protonmail.ch pm.me"),
    ("yandex.ru", False, "yandex.ru yandex.com yandex.by yandex.kz ya.ru"),
)
#: Other large providers of mailboxes to anybody: very many of their people sign one petition in an hour. Each domain of theirs
#: is a name space of its own.
LARGE = """
    outlook.com outlook.ie outlook.de outlook.fr outlook.es outlook.it outlook.at outlook.be outlook.dk outlook.pt
    hotmail.com hotmail.co.uk hotmail.de hotmail.fr hotmail.it hotmail.es hotmail.be hotmail.nl hotmail.se hotmail.no
    hotmail.ca hotmail.com.au hotmail.com.br live.com live.co.uk live.ie live.de live.fr live.it live.nl live.be live.se
    live.no live.dk live.ca live.com.au msn.com
    yahoo.com yahoo.co.uk yahoo.ie yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.ca yahoo.com.au yahoo.com.br yahoo.co.in
    yahoo.co.jp ymail.com rocketmail.com aol.com aol.co.uk
    gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de posteo.de mailbox.org mail.com
    orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr
    libero.it virgilio.it alice.it tiscali.it
    btinternet.com sky.com virginmedia.com talktalk.net ntlworld.com blueyonder.co.uk tiscali.co.uk eircom.net
    comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net
    shaw.ca rogers.com sympatico.ca bigpond.com optusnet.com.au xtra.co.nz
    ziggo.nl planet.nl kpnmail.nl telenet.be skynet.be bluewin.ch telia.com online.no
    seznam.cz email.cz centrum.cz wp.pl o2.pl onet.pl interia.pl abv.bg
    mail.ru bk.ru list.ru inbox.ru ukr.net i.ua
    uol.com.br bol.com.br terra.com.br rediffmail.com
    qq.com foxmail.com 163.com 126.com naver.com daum.net hanmail.net
    fastmail.com fastmail.fm hey.com zoho.com tutanota.com tuta.com tuta.io
"""
#: Addresses that anybody may read, or that vanish after minutes: they prove nobody's mailbox.
THROW_AWAY = """
    mailinator.com guerrillamail.com guerrillamail.net guerrillamail.org guerrillamail.biz sharklasers.com grr.la
    10minutemail.com temp-mail.org yopmail.com yopmail.fr yopmail.net maildrop.cc getnada.com dispostable.com
    throwawaymail.com mailnesia.com fakeinbox.com mohmal.com discard.email emailondeck.com moakt.com trashmail.com
"""


def upgrade() -> None:
    op.create_table(
        "mail_caps",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("moments", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("day", "address_hash", name=op.f("pk_mail_caps")),
    )
    op.create_table(
        "mail_domains",
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("provider", sa.String(length=253), nullable=False),
        sa.Column("ignores_dots", sa.Boolean(), nullable=False),
        sa.Column("ignores_tags", sa.Boolean(), nullable=False),
        sa.Column(
            "standing",
            sa.Enum(
                "usual",
                "trusted",
                "held",
                "refused",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_mail_domains")),
    )
    op.create_table(
        "origin_counts",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "origin_hash", name=op.f("pk_origin_counts")),
    )
    op.create_table(
        "suppressions",
        sa.Column("address_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_suppressions")),
    )
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "hold",
                "release",
                "invalidate",
                "restore",
                name="action",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "looking",
                "ready",
                "running",
                "done",
                "cancelled",
                "undoing",
                "undone",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("conditions_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("last_signature_id", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("row_key", sa.LargeBinary(length=16), nullable=False),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> staff_id",
            name=op.f("ck_campaigns_approved_by_another"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["staff.id"], name=op.f("fk_campaigns_approved_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petitions.id"], name=op.f("fk_campaigns_petition_id_petitions")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_campaigns_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
    )
    op.create_index(op.f("ix_campaigns_petition_id"), "campaigns", ["petition_id"], unique=False)
    op.create_index("ix_campaigns_state", "campaigns", ["state"], unique=False)
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_corrections_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petitions.id"],
            name=op.f("fk_corrections_petition_id_petitions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_corrections_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_campaign_id"), "corrections", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_corrections_petition_id"), "corrections", ["petition_id"], unique=False)
    op.create_table(
        "campaign_signatures",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("signature_id", sa.Integer(), nullable=False),
        sa.Column("state_before", sa.String(length=16), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_campaign_signatures_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signatures.id"],
            name=op.f("fk_campaign_signatures_signature_id_signatures"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("campaign_id", "signature_id", name=op.f("pk_campaign_signatures")),
    )
    op.create_index(
        op.f("ix_campaign_signatures_signature_id"), "campaign_signatures", ["signature_id"], unique=False
    )
    op.add_column("mailings", sa.Column("queued", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("mailings", sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("petitions", sa.Column("anonymised_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("signatures", sa.Column("domain_hash", sa.LargeBinary(length=32), nullable=True))
    op.add_column("signatures", sa.Column("network_hash", sa.LargeBinary(length=32), nullable=True))
    op.add_column("signatures", sa.Column("confirm_seconds", sa.Integer(), nullable=True))
    op.add_column(
        "signatures", sa.Column("signals", sa.JSON(), server_default=sa.text("'[]'"), nullable=False)
    )
    op.add_column("signatures", sa.Column("undeliverable_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("signatures", sa.Column("anonymised_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("signatures", sa.Column("counted_before", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_signatures_petition_id_id", "signatures", ["petition_id", "id"], unique=False)
    op.create_index("ix_audit_entries_staff_id_id", "audit_entries", ["staff_id", "id"], unique=False)
    op.create_index(
        "ix_signatures_held",
        "signatures",
        ["petition_id"],
        unique=False,
        postgresql_where=sa.text("state = 'held'"),
        sqlite_where=sa.text("state = 'held'"),
    )
    for name, where in PURGED.items():
        op.create_index(
            name,
            "signatures",
            ["created_at"],
            unique=False,
            postgresql_where=sa.text(where),
            sqlite_where=sa.text(where),
        )
    op.create_index(
        "ix_signatures_petition_domain",
        "signatures",
        ["petition_id", "domain_hash", "created_at"],
        unique=False,
    )
    op.create_index(
        "ix_signatures_petition_network", "signatures", ["petition_id", "network_hash"], unique=False
    )
    _allow_mail_states((*MAIL_STATES, "parked", "bounced"))
    _tell_mailings_apart()
    _seed_domains()


def _allow_mail_states(states: tuple[str, ...]) -> None:
    allowed = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("mails") as table:
        table.drop_constraint(op.f("ck_mails_state"), type_="check")
        table.create_check_constraint(op.f("ck_mails_state"), f"state IN ({allowed})")


def _tell_mailings_apart() -> None:
    """Each mail knows its mailing; the server that takes no mail is remembered; troubles are found quickly."""
    op.create_table(
        "mail_servers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("away_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_servers")),
    )
    with op.batch_alter_table("mails") as table:
        table.add_column(sa.Column("mailing_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_mails_mailing_id_mailings"), "mailings", ["mailing_id"], ["id"], ondelete="CASCADE"
        )
    for name, columns, where in MAIL_INDEXES:
        op.create_index(
            name,
            "mails",
            columns,
            unique=False,
            postgresql_where=sa.text(where),
            sqlite_where=sa.text(where),
        )


def _forget_mailings() -> None:
    for name, _, where in MAIL_INDEXES:
        op.drop_index(name, table_name="mails", postgresql_where=sa.text(where), sqlite_where=sa.text(where))
    with op.batch_alter_table("mails") as table:
        table.drop_constraint(op.f("fk_mails_mailing_id_mailings"), type_="foreignkey")
        table.drop_column("mailing_id")
    op.drop_table("mail_servers")


def _seed_domains() -> None:
    table = sa.table(
        "mail_domains",
        *(sa.column(name, sa.String) for name in ("domain", "provider", "standing", "note")),
        *(sa.column(name, sa.Boolean) for name in ("ignores_dots", "ignores_tags")),
    )
    named = {name: (provider, dots) for provider, dots, names in ALIASES for name in names.split()}
    standings = [(name, "trusted") for name in (*named, *LARGE.split())]
    standings += [(name, "refused") for name in THROW_AWAY.split()]
    op.bulk_insert(
        table,
        [
            {
                "domain": name,
                "provider": named.get(name, (name, False))[0],
                "ignores_dots": named.get(name, (name, False))[1],
                "ignores_tags": True,
                "standing": standing,
                "note": "",
            }
            for name, standing in standings
        ],
    )


def downgrade() -> None:
    _forget_mailings()
    op.execute("UPDATE mails SET state = 'failed' WHERE state IN ('parked', 'bounced')")
    _allow_mail_states(MAIL_STATES)
    op.drop_index("ix_audit_entries_staff_id_id", table_name="audit_entries")
    op.drop_index("ix_signatures_petition_id_id", table_name="signatures")
    op.drop_index("ix_signatures_petition_network", table_name="signatures")
    op.drop_index("ix_signatures_petition_domain", table_name="signatures")
    for name, where in PURGED.items():
        op.drop_index(
            name, table_name="signatures", postgresql_where=sa.text(where), sqlite_where=sa.text(where)
        )
    op.drop_index(
        "ix_signatures_held",
        table_name="signatures",
        postgresql_where=sa.text("state = 'held'"),
        sqlite_where=sa.text("state = 'held'"),
    )
    op.drop_column("signatures", "counted_before")
    op.drop_column("signatures", "anonymised_at")
    op.drop_column("signatures", "undeliverable_at")
    op.drop_column("signatures", "signals")
    op.drop_column("signatures", "confirm_seconds")
    op.drop_column("signatures", "network_hash")
    op.drop_column("signatures", "domain_hash")
    op.drop_column("petitions", "anonymised_at")
    op.drop_column("mailings", "stopped_at")
    op.drop_column("mailings", "queued")
    op.drop_index(op.f("ix_campaign_signatures_signature_id"), table_name="campaign_signatures")
    op.drop_table("campaign_signatures")
    op.drop_index(op.f("ix_corrections_petition_id"), table_name="corrections")
    op.drop_index(op.f("ix_corrections_campaign_id"), table_name="corrections")
    op.drop_table("corrections")
    op.drop_index("ix_campaigns_state", table_name="campaigns")
    op.drop_index(op.f("ix_campaigns_petition_id"), table_name="campaigns")
    op.drop_table("campaigns")
    op.drop_table("suppressions")
    op.drop_table("origin_counts")
    op.drop_table("mail_domains")
    op.drop_table("mail_caps")
