"""The numbers by which kept pages know whether they are still true."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from petitions.database import Base


class PublicChanges(Base):
    """One row at most: how often something changed that the public can see. No row: never. See `petitions.changes`.

    `counted`: how often nothing changed but a petition's count; `number`: how often anything else did.
    """

    __tablename__ = "public_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    counted: Mapped[int] = mapped_column(BigInteger, server_default="0")

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
