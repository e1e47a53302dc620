"""The picture of a debate."""

from __future__ import annotations

from flask import Blueprint, Response

from petitions import caching
from petitions.debates.queries import debate_of
from petitions.errors import Gone, NotFound
from petitions.extensions import db
from petitions.models import Petition

blueprint = Blueprint("debating", __name__)

#: How long caches may keep a picture, in seconds.
PICTURE_SECONDS = 300


@blueprint.get("/petitions/<int:petition_id>/debate/picture")
def picture(petition_id: int) -> Response:
    """The picture of a debate, as it was drawn anew."""
    petition = db.session.get(Petition, petition_id)
    found = debate_of(petition_id) if petition is not None else None
    if petition is None or found is None or found.picture is None:
        raise NotFound("no picture")
    if not petition.facts.text_is_public:
        raise Gone("the petition was taken down")
    return caching.public(Response(found.picture.content, mimetype="image/jpeg"), seconds=PICTURE_SECONDS)
