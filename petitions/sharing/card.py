"""The picture that social media show beside a link to a petition, drawn when it is asked for.

Drawing costs some hundredths of a second of a processor. So a picture is drawn once for what it says and kept in this process,
and the number drawn is limited (`petitions.limits`): asking for pictures never takes the site down.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock

from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from PIL import Image, ImageDraw

from petitions.extensions import settings
from petitions.sharing import lettering
from petitions.sharing.glance import Glance
from petitions.templating import number

WIDTH, HEIGHT = 1200, 630
MARGIN = 72
BAND = 96
#: Raised when the drawing changes, so that nobody goes on showing the old one.
DRAWING = 1
#: Sizes of a title in pixels, tried from the largest on.
TITLE_SIZES = range(76, 43, -4)
TITLE_HEIGHT = 320
#: Pictures kept in this process, of some 30 kB each.
KEPT = 100

#: The tone of a status, as a token of the style sheet.
TONES = {
    "wait": "wait",
    "paused": "wait",
    "soon": "soon",
    "late": "late",
    "done": "done",
    "quiet": "ink-soft",
}


@cache
def _colours(tokens: Path) -> dict[str, str]:
    """The colours of the site by day, by the names they have in its style sheet."""
    light = tokens.read_text().partition("@media")[0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", light))


class Cards:
    """The pictures that this process drew last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._turn = Lock()

    def picture(self, glance: Glance) -> tuple[bytes, bool]:
        """The picture of a petition, and whether it had to be drawn. One is drawn at a time: whoever waited for the same
        one finds it here."""
        key = key_of(glance)
        with self._turn:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key], False
            self._kept[key] = drawn = draw(glance)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return drawn, True


def key_of(glance: Glance) -> str:
    """Names what a picture shows: its entity tag, and its version in addresses."""
    return f"{glance.key}-{DRAWING}"


def alternative(glance: Glance) -> str:
    """What is on the picture, in words."""
    parts = (glance.title, glance.count_words, glance.status, settings().site_name)
    return " · ".join(part for part in parts if part)


def draw(glance: Glance) -> bytes:
    """The picture as PNG."""
    colours = _colours(Path(current_app.static_folder or "") / "css" / "tokens.css")
    sheet = _Sheet(colours)
    sheet.band(settings().site_name)
    title = lettering.lettered(glance.title)
    # Letters that no font here has are not drawn as boxes: the picture then names the petition by its number.
    words = title or lettering.lettered(_("Petition %(id)s", id=glance.petition_id))
    if words is not None:
        sheet.title(*words)
    if glance.count is not None:
        sheet.count(glance)
    sheet.status(glance)
    return sheet.png()


class _Sheet:
    """A picture while it is drawn."""

    def __init__(self, colours: dict[str, str]) -> None:
        self.colours = colours
        self.image = Image.new("RGB", (WIDTH, HEIGHT), colours["paper"])
        self.pen = ImageDraw.Draw(self.image)
        locale = get_locale()
        self.is_mirrored = locale is not None and locale.text_direction == "rtl"

    def band(self, name: str) -> None:
        """The site's name on its colour."""
        self.pen.rectangle((0, 0, WIDTH, BAND), fill=self.colours["brand"])
        self._line(name, BAND // 2, 36, "brand-ink", bold=True, anchor="m")

    def title(self, path: str, text: str) -> None:
        """What is asked, as large as it fits."""
        face, lines = lettering.fitted(text, path, TITLE_SIZES, WIDTH - 2 * MARGIN, TITLE_HEIGHT)
        step = lettering.line_height(face)
        start = BAND + 40
        is_right = lettering.is_right_to_left(text)
        for place, line in enumerate(lines):
            at = (WIDTH - MARGIN if is_right else MARGIN, start + place * step)
            self.pen.text(at, line, font=face, fill=self.colours["ink"], anchor="ra" if is_right else "la")

    def count(self, glance: Glance) -> None:
        """How many signed, and how far that is."""
        assert glance.count is not None
        figure = number(glance.count)
        end = self._line(figure, 520, 64, "ink", bold=True)
        words = glance.goal.words if glance.goal and glance.goal.share < 1 else ""
        noun = glance.count_words.replace(figure, "").strip()
        self._line(" ".join(part for part in (noun, words) if part), 520, 34, "ink-soft", after=end + 18)
        if glance.goal is not None:
            self._bar(glance.goal.share)

    def _bar(self, share: float) -> None:
        length = WIDTH - 2 * MARGIN
        full = max(8, round(length * share)) if share else 0
        self.pen.rounded_rectangle((MARGIN, 538, WIDTH - MARGIN, 554), 8, fill=self.colours["line"])
        start = WIDTH - MARGIN - full if self.is_mirrored else MARGIN
        if full:
            self.pen.rounded_rectangle((start, 538, start + full, 554), 8, fill=self.colours["act"])

    def status(self, glance: Glance) -> None:
        """Where it stands; who owes what by when, where that has room."""
        whole = glance.sentences[-1] if glance.sentences else glance.status
        tone = TONES[glance.tone]
        for words in (whole, glance.status):
            found = lettering.lettered(words)
            if found and lettering.font(found[0], 30, "Bold").getlength(found[1]) <= WIDTH - 2 * MARGIN:
                self._line(words, 604, 30, tone, bold=True)
                return

    def _line(
        self,
        text: str,
        y: int,
        size: int,
        colour: str,
        *,
        bold: bool = False,
        anchor: str = "s",
        after: float = 0,
    ) -> float:
        """One line at the side where lines begin, `after` so many pixels; where it ends, in pixels from that side."""
        found = lettering.lettered(text)
        if found is None:
            return after
        path, text = found
        face = lettering.font(path, size, "Bold" if bold else "Regular")
        start = MARGIN + after
        at = (WIDTH - start if self.is_mirrored else start, y)
        self.pen.text(
            at, text, font=face, fill=self.colours[colour], anchor=("r" if self.is_mirrored else "l") + anchor
        )
        return after + face.getlength(text)

    def png(self) -> bytes:
        """The picture's bytes. Flat colours and the steps between them need no more than 64."""
        file = BytesIO()
        self.image.quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, "PNG")
        return file.getvalue()
