"""I10, I15: an answer is public as its newest version says, only drafts wait, and no signer rates an answer twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from petitions.invariants.invariant import invariant
from petitions.models import Petition, Response, ResponseRating, ResponseVersion, Signature


@invariant("I10", about=Response, broken="answer {id} is public, and its newest version says something else")
def public_answers_are_their_newest_version() -> Select[*tuple[Any, ...]]:
    """What is public of an answer is what its newest version says; a draft has none."""
    later = aliased(ResponseVersion)
    newest = select(func.max(later.version)).where(later.response_id == Response.id).scalar_subquery()
    return (
        select(Response.id)
        .outerjoin(
            ResponseVersion,
            (ResponseVersion.response_id == Response.id) & (ResponseVersion.version == newest),
        )
        .where(
            or_(
                Response.published_at.is_(None) & ResponseVersion.version.is_not(None),
                Response.published_at.is_not(None)
                & or_(
                    ResponseVersion.version.is_(None),
                    ResponseVersion.summary != Response.summary,
                    ResponseVersion.body != Response.body,
                ),
            )
        )
    )


@invariant("I10", about=Response, broken="answer {id} waits to be published, and should not")
def only_drafts_wait() -> Select[*tuple[Any, ...]]:
    """Only a draft waits for its moment, and somebody put it there."""
    return select(Response.id).where(
        Response.publish_at.is_not(None),
        or_(Response.published_at.is_not(None), Response.scheduled_by_id.is_(None)),
    )


@invariant("I10", about=Response, broken="draft {version} of answer {id} is approved, the newest is {newest}")
def approvals_are_of_the_newest_draft() -> Select[*tuple[Any, ...]]:
    """An approval is of the newest draft: an edit voids it."""
    return select(
        Response.id, Response.approved_version.label("version"), Response.draft_version.label("newest")
    ).where(
        Response.approved_version.is_not(None),
        or_(Response.approved_version != Response.draft_version, Response.approved_by_id.is_(None)),
    )


@invariant(
    "I15",
    about=ResponseRating,
    broken="answer {response_id} has {ratings} ratings, its petition {signers} signatures that ever counted",
)
def ratings_are_of_signers() -> Select[*tuple[Any, ...]]:
    """An answer has no more ratings than its petition has signatures that counted, and is public."""
    signers = (
        select(func.count())
        .where(Signature.petition_id == Petition.id, Signature.validated_at.is_not(None))
        .scalar_subquery()
    )
    most = (Petition.imported_signatures + signers).label("signers")
    return (
        select(ResponseRating.response_id, func.count().label("ratings"), most)
        .join(Response, Response.id == ResponseRating.response_id)
        .join(Petition, Petition.id == Response.petition_id)
        .group_by(ResponseRating.response_id, Response.published_at, Petition.id)
        .having(or_(func.count() > most, Response.published_at.is_(None)))
    )
