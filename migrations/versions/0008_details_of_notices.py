"""What a notice to staff is about beside its petition and duty: approvals, schedules and promises are told as each chose

Notices that exist name nothing more than their petition and duty.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff_notices", sa.Column("details", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    # Notices of these kinds cannot be worded without their details.
    op.execute(
        "DELETE FROM staff_notices"
        " WHERE kind IN ('approval_asked', 'response_not_published', 'commitment_asked')"
    )
    op.drop_column("staff_notices", "details")
