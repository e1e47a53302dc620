"""/dev/mail: what was captured instead of sent. Only where `MAIL_URL` is `capture://`, never in production."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy

from flask import Blueprint, Response, render_template
from sqlalchemy import select

from petitions.errors import NotFound
from petitions.extensions import db
from petitions.mail.frames import framed, page_with_frame
from petitions.models import CapturedMail

blueprint = Blueprint("captured", __name__, url_prefix="/dev/mail")
MOST = 200


@dataclass(frozen=True)
class Opened:
    """One captured message, taken apart for reading."""

    row: CapturedMail
    headers: list[tuple[str, str]]
    text: str
    html: str


def _open(mail_id: int) -> Opened:
    row = db.session.get(CapturedMail, mail_id)
    if row is None:
        raise NotFound("no such mail")
    parsed = message_from_bytes(row.content, policy=policy.default)
    bodies = {
        part.get_content_type(): part.get_content() for part in parsed.walk() if not part.is_multipart()
    }
    headers = [(name, str(value)) for name, value in parsed.items()]
    return Opened(row, headers, bodies.get("text/plain", ""), bodies.get("text/html", ""))


@blueprint.get("")
def index() -> str:
    """The newest captured messages."""
    mails = (
        db.session.execute(select(CapturedMail).order_by(CapturedMail.id.desc()).limit(MOST)).scalars().all()
    )
    return render_template("dev/mail.html", mails=mails)


@blueprint.get("/<int:mail_id>")
def show(mail_id: int) -> Response:
    """One message: headers, plain text, and a frame with the HTML."""
    return page_with_frame(render_template("dev/mail_message.html", mail=_open(mail_id)))


@blueprint.get("/<int:mail_id>/html")
def html(mail_id: int) -> Response:
    """The HTML part alone."""
    return framed(_open(mail_id).html)
