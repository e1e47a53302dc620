"""Counting has a number of its own beside that of all other public changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Begin it at nothing: what pages are kept under is only ever compared."""
    op.add_column("public_changes", sa.Column("counted", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("public_changes", "counted")
