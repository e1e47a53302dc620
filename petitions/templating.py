"""What every template can use: filters for dates and numbers in the reader's language, and the addresses of assets."""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask, Response, current_app, request, url_for
from flask_babel import format_percent, get_timezone
from flask_babel import gettext as _
from jinja2 import StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from petitions import clock, curves, markup
from petitions.extensions import language, settings, words
from petitions.secrecy import CannotOpen

STATIC_SECONDS = 31_536_000
#: Days, moments and numbers whose words are kept.
REMEMBERED = 20_000
COMMENT = re.compile(rb"/\*.*?\*/\n?", re.DOTALL)


def _local_date(moment: date | datetime) -> date:
    if isinstance(moment, datetime):
        return moment.astimezone(get_timezone()).date()
    return moment


@lru_cache(maxsize=REMEMBERED)
def _written_day(day: date, pattern: str, locale: Locale | None) -> str:
    """The same day stands on many pages, and finding its words takes as long as a question to the database."""
    return format_date(day, pattern, locale=locale)


@lru_cache(maxsize=REMEMBERED)
def _written_moment(moment: datetime, pattern: str, locale: Locale | None, zone: tzinfo) -> str:
    return format_datetime(moment, pattern, tzinfo=zone, locale=locale)


@lru_cache(maxsize=REMEMBERED)
def _written_number(value: float, locale: Locale | None) -> str:
    return format_decimal(value, locale=locale)


def long_date(moment: date | datetime) -> str:
    """9 December 2026, in the site's zone."""
    return _written_day(_local_date(moment), "d MMMM y", language())


def short_date(moment: date | datetime) -> str:
    """9 Dec; with the year where it is not the present one."""
    day = _local_date(moment)
    this_year = day.year == clock.today(settings().timezone).year
    return _written_day(day, "d MMM" if this_year else "d MMM y", language())


def day_in_words(moment: date | datetime) -> str:
    """9 December; with the year where it is not the present one."""
    day = _local_date(moment)
    this_year = day.year == clock.today(settings().timezone).year
    return _written_day(day, "d MMMM" if this_year else "d MMMM y", language())


def date_and_time(moment: datetime) -> str:
    """18 November 2026, 14:06, in the site's zone."""
    return _written_moment(moment, "d MMMM y, HH:mm", language(), get_timezone())


def month_and_year(moment: date | datetime) -> str:
    """November 2026."""
    return _written_day(_local_date(moment), "MMMM y", language())


def short_month(moment: date | datetime) -> str:
    """Nov: under a picture's column."""
    return _written_day(_local_date(moment), "LLL", language())


def short_month_and_year(moment: date | datetime) -> str:
    """Nov 2026: under a chart."""
    return _written_day(_local_date(moment), "MMM y", language())


def number(value: float) -> str:
    """38,412 as the reader's language writes it."""
    return _written_number(value, language())


def percent(share: float) -> str:
    """81% of a share between 0 and 1."""
    return str(format_percent(share))


def opened(row: Any, name: str) -> str | None:
    """A sealed attribute for the eyes of whoever may see it; that it cannot be opened where its key is lost."""
    try:
        return cast("str | None", getattr(row, name))
    except CannotOpen:
        return str(_("cannot be opened"))


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs: an empty line parts them, a single line break stays one. Nothing becomes a link."""
    blocks = [block.strip() for block in text.replace("\r\n", "\n").split("\n\n")]
    html = Markup("").join(
        Markup("<p>{}</p>\n").format(Markup("<br>").join(escape(line) for line in block.split("\n")))
        for block in blocks
        if block
    )
    return html


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:10]


def _themed(sheet: bytes, scheme: bytes, applies: bytes) -> bytes:
    """The sheet for a page that is always light or always dark, whatever the reader's machine is set to."""
    fixed = sheet.replace(b"color-scheme: light dark", b"color-scheme: " + scheme)
    return fixed.replace(b"(prefers-color-scheme: dark)", applies)


class Assets:
    """The static files and the one stylesheet that is put together from them, each under an address that changes with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stylesheet = self._read_stylesheet()
        self.stylesheet_digest = sha256(self.stylesheet).hexdigest()[:10]
        self.always_light = _themed(self.stylesheet, b"light", b"not all")
        self.always_dark = _themed(self.stylesheet, b"dark", b"all")
        self.icon = "data:image/svg+xml," + quote((folder / "img" / "favicon.svg").read_bytes(), safe=" =:/'")
        self.digests: dict[str, str] = {}

    def _read_stylesheet(self) -> bytes:
        css = self.folder / "css"
        order = [line.strip() for line in (css / "ORDER").read_text().splitlines() if line.strip()]
        whole = b"\n".join((css / name).read_bytes() for name in order)
        # What the sheets say to their readers need not travel to every visitor.
        return COMMENT.sub(b"", whole)

    def url(self, filename: str) -> str:
        """The address of a static file, with a mark of its content: it may be kept for ever."""
        if filename not in self.digests:
            self.digests[filename] = _digest(self.folder / filename)
        return url_for("static", filename=filename, v=self.digests[filename])


def _assets() -> Assets:
    assets = current_app.extensions["assets"]
    assert isinstance(assets, Assets)
    return assets


def stylesheet_text() -> str:
    """The one sheet of the site, for pages that are read without it."""
    return _assets().stylesheet.decode()


def stylesheet() -> Response:
    """The one sheet of the site; `theme=light` and `theme=dark` for frames that are always so."""
    assets = _assets()
    themes = {"light": assets.always_light, "dark": assets.always_dark}
    sheet = themes.get(request.args.get("theme", ""), assets.stylesheet)
    response = current_app.response_class(sheet, mimetype="text/css")
    response.add_etag()
    if request.args.get("v") == assets.stylesheet_digest:
        response.headers["Cache-Control"] = f"public, max-age={STATIC_SECONDS}, immutable"
    else:
        response.headers["Cache-Control"] = "public, max-age=60"
    response.make_conditional(request)
    return response


# Jinja's own do the same in three calls through the context, of which each takes longer than to find the words.


@pass_context
def translated(context: Context, text: str, /, **named: Any) -> str:
    """A text in the language at hand, with what is `named` put in; as markup where the template makes markup."""
    return _as_written(context, words.get_translations().ugettext(text)) % named


@pass_context
def translated_of_many(context: Context, one: str, many: str, num: int, /, **named: Any) -> str:
    """The same of a text about a number, which is put in as `num` unless something else is."""
    found = words.get_translations().ungettext(one, many, num)
    return _as_written(context, found) % {"num": num, **named}


def _as_written(context: Context, text: str) -> str:
    # Texts are the site's own and its translators'; what is put into them is escaped.
    return Markup(text) if context.eval_ctx.autoescape else text  # noqa: S704


def _globals() -> dict[str, Any]:
    locale = language()
    return {
        "site": settings(),
        "language": str(locale).replace("_", "-"),
        "text_direction": locale.text_direction if locale else "ltr",
        "now": clock.now,
        "today": lambda: clock.today(settings().timezone),
        "static_url": _assets().url,
        # In the page itself: a request of its own would weigh more than its 200 bytes.
        "icon_uri": _assets().icon,
        "stylesheet_url": lambda theme=None: url_for(
            "stylesheet", v=_assets().stylesheet_digest, theme=theme
        ),
    }


def register(app: Flask) -> None:
    """Give the application its filters, globals and assets."""
    assert app.static_folder is not None
    app.extensions["assets"] = Assets(Path(app.static_folder))
    app.add_url_rule("/site.css", "stylesheet", stylesheet)
    app.context_processor(_globals)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(_=translated, gettext=translated, ngettext=translated_of_many)
    app.jinja_env.filters.update(
        number=number,
        opened=opened,
        date=long_date,
        short_date=short_date,
        datetime=date_and_time,
        month_year=month_and_year,
        short_month=short_month,
        short_month_year=short_month_and_year,
        percent=percent,
        markdown=markup.markdown,
        plain_markdown=markup.plain,
        paragraphs=paragraphs,
        corners=curves.corners,
        first_reaching=curves.first_reaching,
    )
