"""What other features may read of open data: petitions as documents."""

from __future__ import annotations

from petitions.opendata.petition_documents import whole_items

__all__ = ["whole_items"]
