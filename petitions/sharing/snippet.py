"""The code that puts a petition on another site, for copying: sound HTML as plain text, to be escaped once more on a page."""

from __future__ import annotations

from flask_babel import gettext as _
from markupsafe import Markup

from petitions import links
from petitions.models import Petition
from petitions.sharing.card import HEIGHT, WIDTH
from petitions.widget import Size

_FRAME = Markup(
    '<iframe src="{src}" width="{width}" height="{height}" title="{title}" loading="lazy" style="border:0;max-width:100%"></iframe>'
)
_PICTURE = Markup(
    '<a href="{href}"><img src="{src}" width="{width}" height="{height}" alt="{title}" loading="lazy"></a>'
)


def _title(petition: Petition) -> str:
    return str(_("Petition: %(title)s", title=petition.action))


def frame_code(url: str, petition: Petition, size: Size) -> str:
    """A frame with the small page in it."""
    return str(_FRAME.format(src=url, width=size.width, height=size.height, title=_title(petition)))


def picture_code(petition: Petition) -> str:
    """The picture, half as large as it is, with a link to the petition."""
    code = _PICTURE.format(
        href=links.petition(petition),
        src=links.absolute("sharing.card", petition_id=petition.id),
        width=WIDTH // 2,
        height=HEIGHT // 2,
        title=_title(petition),
    )
    return str(code)
