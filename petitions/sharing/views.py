"""A petition on other sites: the picture of its links, the small page for frames, and the page that hands out the code."""

from __future__ import annotations

from babel import Locale
from flask import Blueprint, Response, current_app, g, render_template, request
from flask_babel import force_locale

from petitions import caching, limits, links, widget
from petitions.browsing import queries as browsing
from petitions.errors import Gone, NotFound
from petitions.extensions import limiter, settings
from petitions.lifecycle import State
from petitions.mail.frames import page_with_frame
from petitions.models import Petition
from petitions.responses.queries import record_of
from petitions.security import may_be_framed
from petitions.sharing import asking
from petitions.sharing.card import Cards, alternative, key_of
from petitions.sharing.glance import Glance, glance_of
from petitions.sharing.snippet import frame_code, picture_code

blueprint = Blueprint("sharing", __name__)

#: How long caches may keep a picture and a page for frames, in seconds.
CARD_SECONDS = 300
EMBED_SECONDS = 60
PAGE_SECONDS = 60


@blueprint.record_once
def _prepare(state) -> None:  # type: ignore[no-untyped-def]
    state.app.extensions["cards"] = Cards()


def _was_drawn(_response: Response) -> bool:
    return bool(g.get("card_was_drawn"))


@blueprint.get("/petitions/<int:petition_id>/card.png")
@limiter.limit(limits.CARDS, deduct_when=_was_drawn)
@limiter.shared_limit(limits.ALL_CARDS, "cards", key_func=lambda: "everybody", deduct_when=_was_drawn)
def card(petition_id: int) -> Response:
    """The picture for social media. What the caller has already, or was drawn lately, is not drawn again."""
    glance = _glance(_shareable(petition_id))
    response = Response(mimetype="image/png")
    response.set_etag(key_of(glance))
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.make_conditional(request)
    if response.status_code == 200:
        response.data = _picture(glance)
    return caching.open_to_all(response, seconds=CARD_SECONDS)


@blueprint.get("/petitions/<int:petition_id>/embed")
@may_be_framed
def embed(petition_id: int) -> Response:
    """A small page for a frame on pages of others: no script, no cookie, nothing that asks."""
    look = asking.read(request.args)
    try:
        petition, status = _shareable(petition_id), 200
    except (NotFound, Gone) as refused:
        petition, status = None, int(refused.status)
    with force_locale(look.language):
        page = render_template(
            "sharing/embed.html",
            look=look,
            glance=_glance(petition) if petition is not None else None,
            was_here=status == 410,
            own_url=links.petition(petition) if petition is not None else settings().base_url + "/",
            sign_url=links.absolute("signing.sign", petition_id=petition_id),
        )
    return caching.public((page, status), seconds=EMBED_SECONDS)


@blueprint.get("/petitions/<int:petition_id>/share")
def share(petition_id: int) -> Response:
    """Links to pass on, and the code for another site with a preview."""
    petition = _shareable(petition_id)
    look, glance, languages = asking.read(request.args), _glance(petition), settings().languages
    language = look.language if len(languages) > 1 else None
    frame_url = widget.address(petition, size=look.size, theme=look.theme, language=language)
    page = render_template(
        "sharing/share.html",
        petition=petition,
        look=look,
        sizes=widget.SIZES,
        themes=widget.THEMES,
        own_url=links.petition(petition),
        frame_path=frame_url.removeprefix(settings().base_url),
        frame_code=frame_code(frame_url, petition, look.measures),
        picture_code=picture_code(petition),
        alternative=alternative(glance),
        card_version=key_of(glance),
        languages=[(code, Locale.parse(code).get_display_name(code)) for code in languages],
    )
    return caching.public(page_with_frame(page), seconds=PAGE_SECONDS)


def _shareable(petition_id: int) -> Petition:
    """A petition whose title is public. Raises `NotFound`, or `Gone` where it was taken down."""
    found = browsing.public_petition(petition_id)
    if not found.facts.text_is_public and found.state is not State.WITHDRAWN:
        raise NotFound("its words are not public yet")
    return found


def _glance(petition: Petition) -> Glance:
    return glance_of(petition, record_of(petition.id), browsing.thresholds_of(petition.id))


def _picture(glance: Glance) -> bytes:
    cards: Cards = current_app.extensions["cards"]
    picture, g.card_was_drawn = cards.picture(glance)
    return picture
