"""The site's numbers and spans of time as words, in the reader's language, for sentences on pages."""

from __future__ import annotations

from dataclasses import dataclass

from babel.numbers import format_decimal
from babel.units import format_unit
from flask_babel import get_locale, ngettext

from config import Settings
from petitions import limits
from petitions.duties.threshold_words import Promised


@dataclass(frozen=True)
class Amounts:
    """Each field is ready to stand in a sentence: “10,000”, “21 days”, “10 working days”."""

    supporters_needed: str
    supporters_time: str
    moderation_time: str
    appeal_time: str
    petition_time: str
    grace_time: str
    confirm_time: str
    response_threshold: str
    response_time: str
    escalation_time: str
    debate_threshold: str | None
    """Empty: no debate is promised."""
    smallest_area: str
    mails_about_one: str
    mails_a_day: str
    mails_a_month: str


def amounts_of(settings: Settings, promised: Promised) -> Amounts:
    """Word the settings, and the thresholds of today, that pages mention. Needs an application context for the language."""
    locale = get_locale()

    def span(number: int, unit: str) -> str:
        return format_unit(number, f"duration-{unit}", length="long", locale=locale)

    def count(number: int) -> str:
        return format_decimal(number, locale=locale)

    return Amounts(
        supporters_needed=ngettext("%(num)s supporter", "%(num)s supporters", settings.supporters_needed),
        supporters_time=span(settings.supporters_days, "day"),
        moderation_time=ngettext("%(num)s working day", "%(num)s working days", settings.moderation_days),
        appeal_time=span(settings.appeal_days, "day"),
        petition_time=span(settings.petition_months, "month"),
        grace_time=span(settings.grace_hours, "hour"),
        confirm_time=span(settings.confirm_days, "day"),
        response_threshold=count(promised.answer.signatures),
        response_time=promised.answer_time,
        escalation_time=span(settings.escalation_days, "day"),
        debate_threshold=count(promised.debate.signatures) if promised.debate else None,
        smallest_area=count(settings.smallest_published_area),
        mails_about_one=count(limits.MAILS_ABOUT_ONE),
        mails_a_day=count(limits.MAILS_A_DAY),
        mails_a_month=count(limits.MAILS_A_MONTH),
    )
