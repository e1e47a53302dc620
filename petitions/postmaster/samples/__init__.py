"""One made-up case for every kind of message, so that staff can read them all. Nothing here is ever stored or sent.

Each function gives what the message's own function, in the module of the same name in `petitions.mail.messages`, would
give for such a case. The links in it lead nowhere: a real one would be good for somebody's signature.
"""

from __future__ import annotations

from babel import Locale
from flask_babel import force_locale

from petitions.duties.duty_clock import capitalised
from petitions.mail.message import Words, words_of
from petitions.postmaster.samples import (
    alerts,
    answers,
    appeals,
    duties,
    moderation,
    responses,
    scrutiny,
    signing,
    staff,
    starting,
    webhooks,
)
from petitions.postmaster.samples.made_up import SAMPLES

#: Importing them declares every sample.
PARTS = (
    signing,
    alerts,
    starting,
    moderation,
    appeals,
    scrutiny,
    responses,
    answers,
    duties,
    staff,
    webhooks,
)

__all__ = ["PARTS", "SAMPLES", "language_name", "name_of", "words"]


def name_of(kind: str) -> str:
    """What staff call a kind of message."""
    sample = SAMPLES.get(kind)
    return str(sample.name) if sample else kind.replace("_", " ").capitalize()


def words(kind: str, language: str) -> Words:
    """What a message says of its made-up case, in one language."""
    with force_locale(language):
        context = SAMPLES[kind].context()
    return words_of(kind, context, language)


def language_name(language: str) -> str:
    """A language as it calls itself."""
    locale = Locale.parse(language)
    return capitalised(locale.get_display_name(locale) or language)
