"""What the database holds: all of it, or what is told of the petitions without the numbers that rows happen to have."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from petitions.database import Base
from petitions.extensions import db
from petitions.models import (
    CountryCount,
    Crossing,
    Debate,
    Duty,
    OtherBusiness,
    Petition,
    PetitionText,
    PetitionThreshold,
    Place,
    PlaceCount,
    Rejection,
    RejectionReason,
    Response,
)

OWN_NUMBERS = {"id", "duty_id", "department_id", "place_id", "region_id", "row_key", "creator_name_sealed"}


def run(app: Flask, *arguments: object) -> Any:
    """`flask …` with these arguments; afterwards this test reads the database anew."""
    result = app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])
    db.session.rollback()
    return result


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    found = {
        table.name: sorted((tuple(row) for row in db.session.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
    }
    db.session.rollback()
    return found


def _plain(row: Any) -> dict[str, Any]:
    names = [column.name for column in row.__table__.columns if column.name not in OWN_NUMBERS]
    return {name: getattr(row, name) for name in names}


def _of(model: Any, petition: Petition) -> list[dict[str, Any]]:
    rows = db.session.execute(select(model).where(model.petition_id == petition.id)).scalars()
    return sorted((_plain(row) for row in rows), key=repr)


def story(petition: Petition) -> dict[str, Any]:
    """All that is told of one petition."""
    response = db.session.execute(
        select(Response).where(Response.petition_id == petition.id)
    ).scalar_one_or_none()
    parts = (
        PetitionText,
        PetitionThreshold,
        Crossing,
        Duty,
        Rejection,
        Response,
        Debate,
        OtherBusiness,
        CountryCount,
    )
    places = select(PlaceCount).where(PlaceCount.petition_id == petition.id)
    return {
        "petition": _plain(petition) | {"id": petition.id, "creator": petition.creator_name},
        "departments": [department.name for department in petition.departments],
        "topics": [topic.code for topic in petition.topics],
        "versions": [_plain(version) | {"response_id": 0} for version in response.versions]
        if response
        else [],
        "places": {row.place.code: row.signature_count for row in db.session.execute(places).scalars()},
        **{model.__tablename__: _of(model, petition) for model in parts},
    }


def stories() -> dict[str, Any]:
    """All that is told of every petition, and of every place and reason."""
    petitions = db.session.execute(select(Petition).order_by(Petition.id)).scalars().all()
    told: dict[str, Any] = {str(petition.id): story(petition) for petition in petitions}
    for model in (Place, RejectionReason):
        told[model.__tablename__] = sorted(
            (_plain(row) for row in db.session.execute(select(model)).scalars()), key=repr
        )
    db.session.rollback()
    return told
