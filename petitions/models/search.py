"""What the search and the similar petitions are found by. All of it is made from petitions and may be made again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from petitions.database import Base, UTCDateTime


class SearchText(Base):
    """The stems of a petition's words (`petitions.search_index.words`), with a space between. The databases' own indexes stand on it.

    It is a table of its own, so that counting a signature, which writes the petition's row, writes no index of words.
    """

    __tablename__ = "search_texts"

    petition_id: Mapped[int] = mapped_column(
        ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    language: Mapped[str] = mapped_column(String(30))
    """What the stems were made by (`words.language`): of another, they are made anew."""
    title: Mapped[str] = mapped_column(Text)
    background: Mapped[str] = mapped_column(Text)
    details: Mapped[str] = mapped_column(Text)


class SearchTerm(Base):
    """One telling stem of one petition's title or background, as a number: candidates for "similar" are looked up here.

    Both columns are the key, so that the key's index alone answers. A petition is never deleted, so no key of another table
    guards it, which would cost an index more.
    """

    __tablename__ = "search_terms"

    term: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """`petitions.search_index.indexing.term_number` of the stem; words of titles have a number of their own besides."""
    petition_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    __table_args__ = ({"sqlite_with_rowid": False},)


class KnownWord(Base):
    """A word of the petitions that are listed, and in how many of them it is. Counted anew every day."""

    __tablename__ = "known_words"

    word: Mapped[str] = mapped_column(String(60), primary_key=True)
    """Folded, not stemmed. The empty word counts the petitions themselves."""
    stem: Mapped[str] = mapped_column(String(60), index=True)
    petitions: Mapped[int]

    __table_args__ = ({"sqlite_with_rowid": False},)


class SimilarPetition(Base):
    """One place in the list of similar petitions on a petition's page; made by the worker. Place 0 is empty: it says when."""

    __tablename__ = "similar_petitions"

    petition_id: Mapped[int] = mapped_column(
        ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
