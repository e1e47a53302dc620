"""The picture of a petition's links: what is on it, whose it is, and that asking for it costs little."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from config import SettingError
from petitions import clock, limits
from petitions.extensions import limiter
from petitions.sharing import card, lettering
from petitions.sharing.glance import Glance, Goal
from tests import build
from tests.client import PageCheckingClient
from tests.settings import make_settings

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
GLANCE = Glance(
    petition_id=81,
    title="Open the library on Sundays",
    count=12_345,
    goal=Goal(100_000, "debate", 0.12),
    status="9 days left",
    tone="wait",
    sentences=["The Department of Libraries owes an answer by 9 December."],
    is_signable=True,
)
PACKAGED = str(files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf")
TITLES = {
    "long": "Require every council to publish the minutes of its meetings in plain words, " * 3,
    "one word": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "wide": "W" * 200,
    "accents": "Ça va? Łódź, Київ, Ελλάδα, Đà Nẵng, दिल्ली",
    "arabic": "شارع آمن لكل طفل في المدينة، وممرات للمشاة أمام كل مدرسة ابتدائية",
    "marks": "e" + "\u0301" * 190,
}

pytestmark = pytest.mark.database("sqlite")


def picture(data: bytes) -> Image.Image:
    """A PNG, unpacked whole."""
    image = Image.open(BytesIO(data))
    image.load()
    return image


def test_it_is_a_picture_as_social_media_want_it_that_may_be_kept(client: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        petition = build.open_petition(count=8_888)
        path = f"/petitions/{petition.id}/card.png"
        reply = client.get(path)
        assert (reply.status_code, reply.mimetype) == (200, "image/png")
        assert picture(reply.data).size == (1200, 630)
        assert len(reply.data) < 60_000
        assert reply.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in reply.headers
        assert reply.cache_control.max_age == 300
        known = client.get(path, headers={"If-None-Match": reply.headers["ETag"]})
        assert (known.status_code, known.data) == (304, b"")
        build.change(petition, signature_count=8_889)
        assert client.get(path, headers={"If-None-Match": reply.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("state", "published", "status"),
    [
        ("pending", False, 404),
        ("gathering", False, 404),
        ("review", False, 404),
        ("open", True, 200),
        ("rejected", False, 200),
        ("hidden", False, 404),
        ("hidden", True, 410),
        ("withdrawn", False, 404),
        ("withdrawn", True, 200),
    ],
)
def test_it_is_public_where_the_title_is(
    client: PageCheckingClient, state: str, published: bool, status: int
) -> None:
    opened = {"opened_at": clock.now() - timedelta(days=3)} if published and state != "open" else {}
    petition = build.petition(state, **opened)
    for name in ("card.png", "embed", "share"):
        assert client.get(f"/petitions/{petition.id}/{name}").status_code == status, name


def test_the_petition_names_it_with_a_version_and_in_words(client: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        petition = build.open_petition(action='Say "yes" & <b>', count=8_888)
        before = client.get(f"/petitions/{petition.id}").text
        build.change(petition, signature_count=8_889)
        after = client.get(f"/petitions/{petition.id}").text
    addresses = [page.partition('og:image" content="')[2].partition('"')[0] for page in (before, after)]
    assert addresses[0].startswith(f"http://localhost/petitions/{petition.id}/card.png?v=")
    assert addresses[0] != addresses[1]
    assert '<meta property="og:image:width" content="1200">' in before
    assert '<meta name="twitter:card" content="summary_large_image">' in before
    assert (
        'og:image:alt" content="Say &#34;yes&#34; &amp; &lt;b&gt; · 8,888 signatures · Open until 23 May 2027'
        in before
    )


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES.keys())
def test_a_title_has_room_in_every_length_and_script(app: Flask, title: str) -> None:
    found = lettering.lettered(title)
    assert found is not None
    face, lines = lettering.fitted(found[1], found[0], card.TITLE_SIZES, 1056, card.TITLE_HEIGHT)
    assert all(face.getlength(line) <= 1056 for line in lines)
    assert len(lines) * lettering.line_height(face) <= card.TITLE_HEIGHT
    assert "".join("".join(lines).split()).rstrip(lettering.MORE) in "".join(found[1].split())


def test_what_no_font_has_is_never_drawn_as_boxes(app: Flask) -> None:
    assert lettering.lettered("每个周日都开放图书馆") is None
    assert lettering.lettered("Bikes 🚲 for all 🇪🇺") == (PACKAGED, "Bikes for all")
    with app.test_request_context():
        assert card.draw(replace(GLANCE, title="每个周日都开放图书馆")) == card.draw(
            replace(GLANCE, title="Petition 81")
        )


def test_signs_without_spaces_are_broken_between_any_two(app: Flask) -> None:
    face = lettering.font(PACKAGED, 40)
    lines = lettering.broken("图书馆 W 开放", face, face.getlength("图书"))
    assert "".join(lines).replace(" ", "") == "图书馆W开放"
    assert len(lines) > 1
    assert all(face.getlength(line) <= face.getlength("图书") for line in lines)


@pytest.mark.settings(card_fonts=PACKAGED)
def test_an_operator_may_name_more_fonts(app: Flask) -> None:
    assert lettering.paths()[-1] == PACKAGED


def test_a_font_that_is_not_there_stops_the_start() -> None:
    with pytest.raises(SettingError, match="CARD_FONTS names a file that is not there"):
        make_settings(card_fonts="/nowhere/font.ttf")


@pytest.mark.settings(ratelimit_enabled="yes")
def test_only_what_must_be_drawn_is_limited(
    client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    limiter.reset()
    drawn: list[str] = []
    monkeypatch.setattr(card, "draw", lambda glance: drawn.append(glance.title) or b"PNG")
    most = int(limits.ALL_CARDS.split(" ")[0])
    petitions = [build.open_petition() for _ in range(most + 1)]
    with clock.fixed(clock.now()):
        for _ in range(20):
            assert client.get(f"/petitions/{petitions[0].id}/card.png").status_code == 200
        assert len(drawn) == 1
        for petition in petitions[1:most]:
            assert client.get(f"/petitions/{petition.id}/card.png").status_code == 200
        refused = client.get(f"/petitions/{petitions[most].id}/card.png")
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) >= 1
    assert len(drawn) == most
