"""The words of the integrity panel: each figure beside what is usual, and which of them are out of the ordinary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_babel import format_percent, ngettext
from flask_babel import gettext as _

from petitions.models import Petition, SignatureState
from petitions.scrutiny import delays, integrity, searches
from petitions.scrutiny.conditions import Conditions
from petitions.scrutiny.delays import Delay
from petitions.scrutiny.integrity import Group, Measures, Usual
from petitions.signals import WORDS, Signal

#: Makes the address of a search from conditions.
Search = Callable[..., str]


@dataclass(frozen=True)
class Figure:
    """One comparable figure in words; `mark` says in which way it is out of the ordinary, empty where it is not."""

    label: str
    value: str
    usual: str
    mark: str


def labels() -> dict[str, str]:
    """What each comparable figure is called."""
    return {
        "largest_domain": _("From the largest mail domain"),
        "largest_network": _("From the busiest network"),
        "aliases": _("Another spelling of the mailbox"),
        "within_ten_seconds": _("Confirmed within 10 seconds"),
        "within_ten_minutes": _("Confirmed within 10 minutes"),
        "at_night": _("Counted between midnight and 6 in the morning"),
        "abroad": _("From abroad"),
    }


def figures(found: Measures, usual: dict[str, Usual]) -> list[Figure]:
    """Every figure beside what is usual for it."""
    return [_figure(label, getattr(found, name), usual.get(name)) for name, label in labels().items()]


def _figure(label: str, value: float | None, usual: Usual | None) -> Figure:
    if value is None:
        return Figure(label, _("not known"), _usual_words(usual), "")
    mark = ""
    if usual is not None and value > usual.high:
        mark = _("more than usual")
    if usual is not None and value < usual.low:
        mark = _("less than usual")
    return Figure(label, _percent(value), _usual_words(usual), mark)


def _usual_words(usual: Usual | None) -> str:
    if usual is None:
        return str(_("too few petitions to say"))
    span = {"low": _percent(usual.low), "high": _percent(usual.high)}
    if span["low"] == span["high"]:
        return span["low"]
    return str(_("%(low)s to %(high)s", **span))


def _percent(share: float) -> str:
    """With one decimal below a tenth: between 0.1% and 0.9% is all the difference there."""
    return str(format_percent(share, "#,##0.#%" if share < 0.1 else "#,##0%"))


@dataclass(frozen=True)
class Row:
    """One row of a table of shares; `url` leads to the signatures that it counts."""

    label: str
    number: int
    share: float
    url: str | None = None


def integrity_page(petition: Petition) -> str:
    """The panel of one petition."""
    usual, compared = integrity.usual_measures(petition)
    places, middle = integrity.places(petition.id)
    quick = delays.delays(petition.id)

    def search(**conditions: Any) -> str:
        return searches.url(petition.id, Conditions(**conditions))

    return render_template(
        "scrutiny/integrity.html",
        petition=petition,
        figures=figures(integrity.measures(petition.id), usual),
        compared=compared,
        fewest=integrity.FEWEST_SIGNATURES,
        states=integrity.states(petition.id),
        domains=[_domain(group, search) for group in integrity.domains(petition.id)],
        networks=[
            Row(_("Network %(num)s", num=group.label), group.number, group.share)
            for group in integrity.networks(petition.id)
        ],
        delays=[_delay(each, search) for each in quick],
        median=_length(delays.median_seconds(petition.id, sum(each.number for each in quick)) or 0),
        signals=[_signal(group, search) for group in integrity.signals(petition.id)],
        hours=_hours(petition.id),
        places=places,
        middle=middle,
        search=search,
    )


def _domain(group: Group, search: Search) -> Row:
    """What a name is known of can be looked at; the small ones have none, and stay together."""
    if "." not in group.label:
        return Row(group.label or _("All others"), group.number, group.share)
    url = search(domain=group.label, state=SignatureState.VALIDATED.value)
    return Row(group.label, group.number, group.share, url)


def _signal(group: Group, search: Search) -> Row:
    url = search(signals=(group.label,))
    return Row(str(WORDS[Signal(group.label)]), group.number, group.share, url)


def _delay(delay: Delay, search: Search) -> Row:
    names = {
        10: ngettext("Under %(num)s second", "Under %(num)s seconds", 10),
        60: ngettext("Under %(num)s minute", "Under %(num)s minutes", 1),
        600: ngettext("Under %(num)s minute", "Under %(num)s minutes", 10),
        3600: ngettext("Under %(num)s hour", "Under %(num)s hours", 1),
        86_400: ngettext("Under %(num)s day", "Under %(num)s days", 1),
        None: _("Longer"),
    }
    last = delay.high - 1 if delay.high else None
    url = search(seconds_from=delay.low, seconds_to=last, state=SignatureState.VALIDATED.value)
    return Row(names[delay.high], delay.number, delay.share, url if delay.number else None)


def _length(seconds: int) -> str:
    """So many seconds in the unit that people would say it in."""
    if seconds < 120:
        return str(ngettext("%(num)s second", "%(num)s seconds", seconds))
    if seconds < 7200:
        return str(ngettext("%(num)s minute", "%(num)s minutes", round(seconds / 60)))
    return str(ngettext("%(num)s hour", "%(num)s hours", round(seconds / 3600)))


def _hours(petition_id: int) -> list[Row]:
    numbers = integrity.hours_of_day(petition_id)
    total = sum(numbers)
    if not total:
        return []
    return [Row(f"{hour:02}:00", number, number / total) for hour, number in enumerate(numbers)]
