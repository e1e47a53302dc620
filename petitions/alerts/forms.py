"""Forms of alerts: what to hear of, how often, and at which address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField
from wtforms.validators import DataRequired

from petitions.forms import LastingMailbox, PublicForm, own_address
from petitions.models import News, Rhythm

#: What one petition can still do that somebody who knows of it may want to hear.
OF_ONE = (News.CROSSED, News.ANSWERED)
#: What can happen to a petition so that it is in a list right after it; every kind of news where a list is not named here.
#: A petition that is answered is owed no answer any more, one that has just been published has no answer and no debate yet,
#: and to a rejected one nothing happens that is told.
OF_LIST: dict[str, tuple[News, ...]] = {
    "awaiting_response": (News.CROSSED, News.RISING),
    "with_response": (News.ANSWERED, News.CROSSED, News.RISING),
    "awaiting_debate": (News.CROSSED, News.ANSWERED, News.RISING),
    "debated": (News.ANSWERED, News.CROSSED, News.RISING),
    "not_debated": (News.ANSWERED, News.CROSSED, News.RISING),
    "closed": (News.ANSWERED,),
    "rejected": (),
}


def of_list(key: str) -> tuple[News, ...]:
    """What an alert on a list can ever tell."""
    return OF_LIST.get(key, tuple(News))


def words_of(news: News) -> str:
    """What an alert tells of."""
    words = {
        News.PUBLISHED: _("A new petition is published"),
        News.CROSSED: _("A petition reaches a threshold: an answer is owed, or a debate is considered"),
        News.ANSWERED: _("A petition is answered"),
        News.RISING: _("A petition rises for its size (each petition once)"),
    }
    return str(words[news])


def rhythm_words(rhythm: Rhythm) -> str:
    """How often an alert writes."""
    words = {
        Rhythm.AT_ONCE: _("At once"),
        Rhythm.DAILY: _("Once a day, in the morning"),
        Rhythm.WEEKLY: _("Once a week, on Monday morning"),
    }
    return str(words[rhythm])


class WishForm(PublicForm):
    """What to hear of, and how often."""

    news = SelectMultipleField(
        _l("What do you want to hear of?"), [DataRequired(_l("Choose at least one kind of news."))]
    )
    rhythm = RadioField(_l("How often?"), [DataRequired(_l("Choose how often."))])

    def offer(self, offered: Iterable[News]) -> None:
        """Say which kinds of news there are to choose from."""
        self.news.choices = [(str(each), words_of(each)) for each in offered]
        self.rhythm.choices = [(str(each), rhythm_words(each)) for each in Rhythm]

    def chosen_news(self) -> list[News]:
        """The kinds that were chosen."""
        return [News(each) for each in cast(list[str], self.news.data or [])]

    def chosen_rhythm(self) -> Rhythm:
        """How often."""
        return Rhythm(cast(str, self.rhythm.data))


class AskForm(WishForm):
    """The same for somebody who asks for an alert."""

    email = own_address(LastingMailbox())


class ThoughtForm(PublicForm):
    """After “this wasn't me”: what no program may do has to be chosen first, and the first and last change nothing."""

    choice = RadioField(
        _l("Is that right?"),
        [DataRequired(_l("Choose one of the answers."))],
    )


def after_refusal() -> ThoughtForm:
    """The question after “this wasn't me”, with what was answered if anything was."""
    form = cast(ThoughtForm, ThoughtForm.from_request())
    form.choice.choices = [
        ("leave", _("Yes. I did not ask for it")),
        ("start", _("No. I asked for it, and want these e-mails")),
        ("unsure", _("I am not sure. Leave it as it is")),
    ]
    return form


def asking(offered: Iterable[News], **defaults: Any) -> AskForm:
    """The form with what may be chosen."""
    form = cast(AskForm, AskForm.from_request(**defaults))
    form.offer(offered)
    return form


def changing(offered: Iterable[News], **defaults: Any) -> WishForm:
    """The form without an address."""
    form = cast(WishForm, WishForm.from_request(**defaults))
    form.offer(offered)
    return form
