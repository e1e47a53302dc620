"""The sentences about a duty to answer: the first answer, or a better one that was asked for. Whole sentences each,
because other languages put their words in another order."""

from __future__ import annotations

from flask_babel import gettext, ngettext

from petitions.duties.duty_columns import AnyDuty
from petitions.templating import number


def _is_first(duty: AnyDuty) -> bool:
    return duty.round == 1


def owes(duty: AnyDuty, owner: str) -> str:
    """While no date is promised."""
    if _is_first(duty):
        return str(gettext("%(owner)s owes an answer.", owner=owner))
    return str(gettext("%(owner)s owes a better answer.", owner=owner))


def owes_by(duty: AnyDuty, owner: str, date: str) -> str:
    """While there is time."""
    if _is_first(duty):
        return str(gettext("%(owner)s owes an answer by %(date)s.", owner=owner, date=date))
    return str(gettext("%(owner)s owes a better answer by %(date)s.", owner=owner, date=date))


def is_late(duty: AnyDuty, owner: str, days: int) -> str:
    """After the date."""
    words = {"owner": owner, "count": number(days)}
    if _is_first(duty):
        return str(
            ngettext(
                "%(owner)s is %(count)s day late with its answer.",
                "%(owner)s is %(count)s days late with its answer.",
                days,
                **words,
            )
        )
    return str(
        ngettext(
            "%(owner)s is %(count)s day late with its better answer.",
            "%(owner)s is %(count)s days late with its better answer.",
            days,
            **words,
        )
    )


def stands_still(duty: AnyDuty, owner: str) -> str:
    """While a pause runs."""
    if _is_first(duty):
        return str(gettext("%(owner)s owes an answer; the clock stands still.", owner=owner))
    return str(gettext("%(owner)s owes a better answer; the clock stands still.", owner=owner))


def answered(duty: AnyDuty, owner: str, days: int | None) -> str:
    """`days` before its date; below 0 after it; None: it had none."""
    if days is None:
        if _is_first(duty):
            return str(gettext("%(owner)s answered.", owner=owner))
        return str(gettext("%(owner)s answered again.", owner=owner))
    if days == 0:
        if _is_first(duty):
            return str(gettext("%(owner)s answered on time.", owner=owner))
        return str(gettext("%(owner)s answered again, on time.", owner=owner))
    return _answered_early(duty, owner, days) if days > 0 else _answered_late(duty, owner, -days)


def _answered_early(duty: AnyDuty, owner: str, days: int) -> str:
    words = {"owner": owner, "count": number(days)}
    if _is_first(duty):
        return str(
            ngettext(
                "%(owner)s answered %(count)s day early.",
                "%(owner)s answered %(count)s days early.",
                days,
                **words,
            )
        )
    return str(
        ngettext(
            "%(owner)s answered again, %(count)s day early.",
            "%(owner)s answered again, %(count)s days early.",
            days,
            **words,
        )
    )


def _answered_late(duty: AnyDuty, owner: str, days: int) -> str:
    words = {"owner": owner, "count": number(days)}
    if _is_first(duty):
        return str(
            ngettext(
                "%(owner)s answered %(count)s day late.",
                "%(owner)s answered %(count)s days late.",
                days,
                **words,
            )
        )
    return str(
        ngettext(
            "%(owner)s answered again, %(count)s day late.",
            "%(owner)s answered again, %(count)s days late.",
            days,
            **words,
        )
    )
