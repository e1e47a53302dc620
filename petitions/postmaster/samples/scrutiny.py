"""A made-up case of the message about a corrected count."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from petitions.mail.message import Context
from petitions.postmaster.samples import made_up
from petitions.postmaster.samples.made_up import sample


@sample("signatures_removed", _l("Signatures removed or put back"), to=made_up.PETITIONERS)
def signatures_removed() -> Context:
    """Staff removed what a program had signed."""
    return made_up.about() | {
        "number": 412,
        "were_removed": True,
        "reason": "Made by a program, from one network within an hour.",
    }
