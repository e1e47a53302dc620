"""A department's badge: a small picture that says what it owes, for pages of others."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from petitions.models import Department
from petitions.responses.queries import Figures
from petitions.templating import number, percent

#: How wide a character of the badge's font is, about, in pixels; the words are fitted to the width that comes of it.
CHARACTER = 6.6
PADDING = 9
LONGEST_NAME = 44

#: Grounds of the words, each dark enough for white letters on pages of any colour.
GROUNDS = {"late": "#a4211b", "wait": "#2b4d80", "done": "#0a6b4b"}


def badge(department: Department, figures: Figures) -> str:
    """The badge as SVG. It has no style sheet, script or font of its own, so it looks the same on every page."""
    name = department.name
    if len(name) > LONGEST_NAME:
        name = department.acronym or f"{name[: LONGEST_NAME - 1]}…"
    words = badge_words(figures)
    return render_template(
        "accountability/badge.svg",
        name=name,
        words=words,
        ground=GROUNDS[badge_tone(figures)],
        left=width_of(name),
        right=width_of(words),
        padding=PADDING,
    )


def badge_words(figures: Figures) -> str:
    """What it owes and how that is going, in a few words."""
    if figures.overdue:
        late = number(figures.overdue)
        words = ngettext("%(count)s answer overdue", "%(count)s answers overdue", figures.overdue, count=late)
    elif figures.owed_now:
        owed = number(figures.owed_now)
        words = ngettext("%(count)s answer owed", "%(count)s answers owed", figures.owed_now, count=owed)
    else:
        words = _("no answer owed")
    if figures.on_time_share is None:
        return str(words)
    return str(_("%(words)s · %(share)s on time", words=words, share=percent(figures.on_time_share)))


def badge_tone(figures: Figures) -> str:
    """late, wait or done."""
    return "late" if figures.overdue else "wait" if figures.owed_now else "done"


def width_of(words: str) -> int:
    """How many pixels some words are given."""
    return round(len(words) * CHARACTER)
