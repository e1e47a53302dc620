"""What signers say of an answer, for tests: and the same counted out of the tables, sharing nothing with the service."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from sqlalchemy import select, text

from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Duty, Response, ResponseRating


@transactional
def said(duty: Duty, day: date, number: int, *, addressed: int, clear: int) -> None:
    """So many signers said on a day what they think of the answer to a duty; the first ones that it addressed the petition."""
    response_id = db.session.execute(select(Response.id).where(Response.duty_id == duty.id)).scalar_one()
    db.session.add_all(
        ResponseRating(
            response_id=response_id,
            signer_hash=f"{day} {signer}".encode().ljust(32),
            addressed=signer < addressed,
            clear=signer < clear,
            rated_on=day,
        )
        for signer in range(number)
    )


def plain_opinions(department: str | None = None) -> dict[str, list[int]]:
    """Answers, those that say addressed, those that say clear: by month as 2026-11, and under "" all of them.

    An answer of which fewer than thirty said something is in no figure."""
    rows = db.session.execute(
        text(
            "SELECT rating.rated_on, rating.addressed, rating.clear, dep.name, r.id FROM response_ratings rating"
            " JOIN responses r ON r.id = rating.response_id JOIN petitions p ON p.id = r.petition_id"
            " LEFT JOIN departments dep ON dep.id = r.department_id"
            " WHERE r.published_at IS NOT NULL AND p.state IN ('open', 'closed')"
        )
    )
    counted = rows.all()
    answers = Counter(row.id for row in counted)
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for rated_on, addressed, clear, name, response_id in counted:
        if department in {None, name} and answers[response_id] >= 30:
            for key in (str(rated_on)[:7], ""):
                for place, value in enumerate((True, addressed, clear)):
                    found[key][place] += bool(value)
    return found


def plain_fields(counted: list[int] | None) -> dict[str, object] | None:
    """As documents have it: nothing below thirty."""
    if counted is None or counted[0] < 30:
        return None
    answers, addressed, clear = counted
    return {
        "answers": answers,
        "addressed_share": round(addressed / answers, 4),
        "clear_share": round(clear / answers, 4),
    }
