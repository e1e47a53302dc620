"""Steps that the tests of signing share."""

from urllib.parse import urlsplit

from sqlalchemy import select
from werkzeug.test import TestResponse

from petitions.extensions import db
from petitions.models import Petition, Signature, SignatureRole
from tests import build
from tests.client import PageCheckingClient


def form_path(petition: Petition) -> str:
    """The address of the sign form."""
    return f"/petitions/{petition.id}/signatures/new"


def post_form(client: PageCheckingClient, petition: Petition, **fields: str) -> TestResponse:
    """Send the sign form, filled in but for what `fields` says."""
    return client.post(form_path(petition), data=build.sign_form(**fields))


def sign(client: PageCheckingClient, petition: Petition, **fields: str) -> None:
    """Send the sign form, which must be taken."""
    response = post_form(client, petition, **fields)
    assert response.status_code == 303, response.text


def signatures_of(petition: Petition, *, everybody: bool = False) -> list[Signature]:
    """The signatures of a petition, oldest first; the petitioner's only with `everybody`."""
    wanted = select(Signature).where(Signature.petition_id == petition.id).order_by(Signature.id)
    if not everybody:
        wanted = wanted.where(Signature.role != SignatureRole.CREATOR)
    return list(db.session.execute(wanted).scalars())


def confirm_path(address: str) -> str:
    """The confirm link in the newest mail to an address."""
    return build.extract_link(
        build.captured(to=address, kind="confirm_signature")[-1], "/signatures/confirm/"
    )


def path_of(url: str) -> str:
    """The path of a full address."""
    return urlsplit(url).path
