"""Asking for an alert: about one petition, or about what a list's address finds. No account, no script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from petitions import caching, limits
from petitions.addresses import HIGHEST
from petitions.alerts import actions, forms, mailed_views, queries
from petitions.browsing.queries import all_departments, all_topics
from petitions.errors import NotFound
from petitions.extensions import limiter
from petitions.models import News, Petition, Rhythm
from petitions.models.alert import SEARCH_LIMIT
from petitions.reply_time import in_full_steps

blueprint = Blueprint("alerts", __name__)

FORM_SECONDS = 60

blueprint.add_url_rule("/alerts/confirm/<token>", "confirm", mailed_views.confirm, methods=["GET", "POST"])
blueprint.add_url_rule("/alerts/<token>", "my_alert", mailed_views.my_alert, methods=["GET", "POST"])
blueprint.add_url_rule("/alerts/stop/<token>", "stop", mailed_views.stop, methods=["GET", "POST"])
blueprint.add_url_rule("/alerts/erased", "erased", mailed_views.erased)


@dataclass(frozen=True)
class About:
    """What an alert is to be about, as the address says."""

    title: str
    search: str
    petition: Petition | None
    usual: list[News]
    offered: tuple[News, ...]

    @property
    def fits(self) -> bool:
        """Whether the search is short enough to be kept."""
        return len(self.search) <= SEARCH_LIMIT

    def arguments(self) -> dict[str, Any]:
        """The same as arguments of an address."""
        if self.petition is not None:
            return {"petition": self.petition.id}
        return queries.found.read(self.search).parameters()


def about(arguments: MultiDict[str, str]) -> About:
    """What an address asks to be told of: `petition`, or the arguments of a list; and, by `news`, what of it is chosen already.

    A list of which nothing can be told is read as all petitions. Raises `NotFound` where there is no such petition.
    """
    number = arguments.get("petition", "")
    if number:
        petition = _petition(number)
        return About(petition.action, "", petition, list(forms.OF_ONE), forms.OF_ONE)
    if not forms.of_list(arguments.get("state", "")):
        arguments = MultiDict(pair for pair in arguments.items(multi=True) if pair[0] != "state")
    search = queries.found.kept(arguments)
    offered = forms.of_list(queries.found.read(search).state)
    usual = [each for each in offered if each in arguments.getlist("news")] or [offered[0]]
    title = queries.found.in_words(search)[:1000]
    return About(title, search, None, usual, offered)


def _petition(number: str) -> Petition:
    is_number = number.isascii() and number.isdecimal() and len(number) <= 10 and 0 < int(number) <= HIGHEST
    petition = queries.listed_petition(int(number)) if is_number else None
    if petition is None:
        raise NotFound("no petition whose words are public")
    return petition


@blueprint.route("/alerts", methods=["GET", "POST"])
@limiter.limit(limits.START, methods=["POST"])
@in_full_steps
def ask() -> ResponseReturnValue:
    """The form. Whatever is known about the address, the reply is the same."""
    if "sent" in request.args:
        return caching.public(render_template("alerts/sent.html", limits=limits), seconds=FORM_SECONDS)
    asked = about(request.args)
    usual = [str(each) for each in asked.usual]
    form = forms.asking(asked.offered, news=usual, rhythm=str(Rhythm.DAILY))
    if request.method != "POST":
        return caching.public(_page(asked, form), seconds=FORM_SECONDS)
    if not form.validate() or not asked.fits:
        return caching.private((_page(asked, form), 422))
    wish = actions.Wish(
        title=asked.title,
        news=form.chosen_news(),
        rhythm=form.chosen_rhythm(),
        search=asked.search,
        petition_id=asked.petition.id if asked.petition else None,
    )
    actions.ask(wish, email=form.email.data or "")
    return redirect(url_for(".ask", sent="yes"), 303)


def _page(asked: About, form: forms.AskForm) -> str:
    if not asked.fits:
        form.form_errors.append(mailed_views.too_long())
    return render_template(
        "alerts/ask.html",
        asked=asked,
        form=form,
        action=url_for(".ask", **asked.arguments()),
        list_url=url_for("browsing.petitions", **asked.arguments()),
        topics=all_topics(),
        departments=all_departments(),
    )
