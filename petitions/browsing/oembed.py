"""oEmbed 1.0 (oembed.com): what another site needs to show a petition whose address its writer has pasted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from petitions import widget
from petitions.addresses import HIGHEST
from petitions.errors import NotFound
from petitions.extensions import settings
from petitions.models import Petition
from petitions.widget import SIZES

#: The least width that the widget can be read in, in pixels.
NARROWEST = 240
#: How long another site may show the same frame before it asks again, in seconds. The frame itself is always fresh.
CACHE_AGE = 86_400

_PATH = re.compile(r"/petitions/([0-9]{1,10})(?:\.json|/embed)?/?")


@dataclass(frozen=True)
class Asked:
    """Which petition, in which size of the widget, and how large its frame may be."""

    petition_id: int
    size: str
    width: int
    height: int


def read(arguments: MultiDict[str, str]) -> Asked:
    """What an address asks for. Raises `NotFound` where `url` is no petition's address on this site."""
    try:
        parts = urlsplit(arguments.get("url", ""))
    except ValueError:
        raise NotFound("no address") from None
    path = _PATH.fullmatch(parts.path)
    if parts.netloc.lower() != settings().host.lower() or path is None or int(path[1]) > HIGHEST:
        raise NotFound("not a petition here")
    whole = SIZES["full"]
    highest = _number(arguments.get("maxheight"), whole.height)
    size = "full" if highest >= whole.height else "compact"
    width, height = SIZES[size].width, SIZES[size].height
    widest = _number(arguments.get("maxwidth"), width)
    return Asked(int(path[1]), size, max(NARROWEST, min(width, widest)), min(height, highest))


def document(petition: Petition, asked: Asked) -> dict[str, Any]:
    """The answer, of the type `rich`: a frame with the petition's widget. Raises `NotFound` of one without public words."""
    if not petition.facts.text_is_public:
        raise NotFound("nothing to show")
    title = _("Petition: %(title)s", title=petition.action)
    source = widget.address(petition, size=asked.size)
    return {
        "version": "1.0",
        "type": "rich",
        "title": petition.action,
        "provider_name": settings().site_name,
        "provider_url": settings().base_url,
        "cache_age": CACHE_AGE,
        "width": asked.width,
        "height": asked.height,
        "html": (
            f'<iframe src="{escape(source)}" width="{asked.width}" height="{asked.height}" '
            f'title="{escape(title)}" loading="lazy"></iframe>'
        ),
    }


def _number(text: str | None, otherwise: int) -> int:
    """A whole number above 0 in plain digits, else what is usual."""
    if text is None or not (text.isascii() and text.isdecimal()) or len(text) > 9:
        return otherwise
    return int(text) or otherwise
