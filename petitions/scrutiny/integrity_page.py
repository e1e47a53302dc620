"""The words of the integrity panel: each figure beside what is usual, and which of them are out of the ordinary."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask_babel import format_percent, ngettext
from flask_babel import gettext as _

from petitions.models import Petition
from petitions.scrutiny import integrity
from petitions.scrutiny.integrity import Group, Measures, Usual
from petitions.signals import WORDS, Signal


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


def integrity_page(petition: Petition) -> str:
    """The panel of one petition."""
    usual, compared = integrity.usual_measures(petition)
    places, middle = integrity.places(petition.id)
    return render_template(
        "scrutiny/integrity.html",
        petition=petition,
        figures=figures(integrity.measures(petition.id), usual),
        compared=compared,
        fewest=integrity.FEWEST_SIGNATURES,
        states=integrity.states(petition.id),
        domains=[_named(group, group.label or _("All others")) for group in integrity.domains(petition.id)],
        networks=[
            _named(group, _("Network %(num)s", num=group.label)) for group in integrity.networks(petition.id)
        ],
        delays=_delays(petition.id),
        signals=[_named(group, str(WORDS[Signal(group.label)])) for group in integrity.signals(petition.id)],
        hours=_hours(petition.id),
        places=places,
        middle=middle,
    )


def _named(group: Group, label: str) -> Group:
    return Group(label, group.number, group.share)


def _delays(petition_id: int) -> list[Group]:
    """The groups of delays under names of their own; nothing where no delay is known."""
    names = {
        "10": ngettext("Under %(num)s second", "Under %(num)s seconds", 10),
        "60": ngettext("Under %(num)s minute", "Under %(num)s minutes", 1),
        "600": ngettext("Under %(num)s minute", "Under %(num)s minutes", 10),
        "3600": ngettext("Under %(num)s hour", "Under %(num)s hours", 1),
        "86400": ngettext("Under %(num)s day", "Under %(num)s days", 1),
        "": _("Longer"),
    }
    groups = integrity.delays(petition_id)
    return [_named(group, names[group.label]) for group in groups] if any(g.number for g in groups) else []


def _hours(petition_id: int) -> list[Group]:
    numbers = integrity.hours_of_day(petition_id)
    total = sum(numbers)
    if not total:
        return []
    return [Group(f"{hour:02}:00", number, number / total) for hour, number in enumerate(numbers)]
