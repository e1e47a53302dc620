"""Today's thresholds in words: what a petition that is published now can reach, wherever pages say it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask_babel import format_decimal, gettext, ngettext

from petitions.counts import crossings
from petitions.duties.duty_clock import capitalised
from petitions.extensions import settings
from petitions.models import DEBATE, RESPONSE, ThresholdRule
from petitions.models.threshold import Threshold

#: One frozen threshold in the permanent history, which keeps plain words for ever.
FROZEN = re.compile(
    r"(?P<signatures>\d+) signatures: (?P<duty>\w+)(?: in (?P<days>\d+) (?P<kind>working|calendar) days)?"
)


@dataclass(frozen=True)
class Promised:
    """What is promised today."""

    rules: list[ThresholdRule]
    """All thresholds, the lowest first."""

    @property
    def answer(self) -> ThresholdRule:
        """The lowest threshold for an answer; there is always one."""
        found = crossings.lowest(self.rules, RESPONSE)
        assert found is not None
        return found

    @property
    def debate(self) -> ThresholdRule | None:
        """The lowest threshold for a debate."""
        return crossings.lowest(self.rules, DEBATE)

    @property
    def answer_time(self) -> str:
        """The time to answer in, as it stands in a sentence: “21 days”."""
        return time_in_words(self.answer)


def promised() -> Promised:
    """What is promised today."""
    return Promised(crossings.rules_today())


def time_in_words(rule: Threshold) -> str:
    """The time to do what is owed: “21 days”, “15 working days”; empty where none is promised."""
    if rule.days is None:
        return ""
    count = format_decimal(rule.days)
    if rule.days_kind == "working":
        return str(ngettext("%(count)s working day", "%(count)s working days", rule.days, count=count))
    return str(ngettext("%(count)s day", "%(count)s days", rule.days, count=count))


def what_is_owed(rule: Threshold) -> str:
    """The same for those who set it: “an answer within 21 days”."""
    time = time_in_words(rule)
    if rule.duty == RESPONSE:
        return str(gettext("an answer within %(time)s", time=time) if time else gettext("an answer"))
    if time:
        return str(gettext("considered for a debate within %(time)s", time=time))
    return str(gettext("considered for a debate"))


def frozen_in_words(text: str) -> str:
    """A threshold as the history keeps it (`crossings.frozen_in_words`), in the reader's words; any other text as it is."""
    found = FROZEN.fullmatch(text)
    if found is None:
        return text
    number, days = int(found["signatures"]), found["days"]
    rule = ThresholdRule(duty=found["duty"], days=int(days) if days else None, days_kind=found["kind"])
    signatures = ngettext("%(count)s signature", "%(count)s signatures", number, count=format_decimal(number))
    return f"{signatures}: {what_is_owed(rule)}"


def owed_in_words(rule: Threshold) -> str:
    """What a petition that reaches the threshold is owed, as a sentence."""
    time = time_in_words(rule)
    if rule.duty == RESPONSE:
        body = capitalised(settings().site_body)
        return str(gettext("%(body)s owes you an answer, within %(time)s.", body=body, time=time))
    chamber = capitalised(settings().site_chamber)
    if time:
        return str(
            gettext("%(chamber)s considers it for a debate, within %(time)s.", chamber=chamber, time=time)
        )
    return str(gettext("%(chamber)s considers it for a debate.", chamber=chamber))
