"""The picture of a debate: drawn anew without what hides in files, described, served, and refused where it is broken."""

import struct
import zlib
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from petitions.debates import actions as debate_actions
from petitions.debates.actions import DebateOutcome
from petitions.debates.picture import LARGEST_FILE, NotAPicture, drawn_anew
from petitions.extensions import db
from petitions.models import DebatePicture, Petition, Staff, StaffSession
from tests import build
from tests.client import PageCheckingClient
from tests.reading import Page
from tests.responses.conftest import StaffBrowser
from tests.staff_visitor import token_on

SignIn = Callable[[Staff], StaffBrowser]
SECRET = b"taken at home, 51.5N 0.12W"


def a_file(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    """A picture file of one colour."""
    mode = "RGB" if kind == "JPEG" else "RGBA"
    file = BytesIO()
    Image.new(mode, size, (200, 30, 30) if mode == "RGB" else (200, 30, 30, 0)).save(file, kind, **options)
    return file.getvalue()


def a_bomb() -> bytes:
    """A PNG of a few bytes that says it is 30 000 pixels wide and high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_becomes_a_jpeg_of_the_same_shape(kind: str) -> None:
    drawn = drawn_anew(a_file(kind))
    with Image.open(BytesIO(drawn.content)) as image:
        assert (image.format, image.size, image.mode) == ("JPEG", (60, 40), "RGB")
        if kind != "JPEG":
            assert image.getpixel((5, 5)) == (255, 255, 255), "what is seen through is paper"
    assert (drawn.width, drawn.height) == (60, 40)


def test_nothing_hidden_in_the_file_is_passed_on() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif[0x0112] = 6
    file = a_file("JPEG", exif=exif, comment=SECRET)
    assert SECRET in file
    drawn = drawn_anew(file)
    assert SECRET not in drawn.content
    assert (drawn.width, drawn.height) == (40, 60), "it stands upright, as the camera meant it"
    with Image.open(BytesIO(drawn.content)) as image:
        assert not dict(image.getexif())


def test_one_that_would_fill_the_memory_is_refused_unless_it_unpacks_small() -> None:
    picture = Image.new("L", (6_000, 5_000), 200)
    for kind, is_taken in (("JPEG", True), ("PNG", False)):
        picture.save(file := BytesIO(), kind)
        if is_taken:
            assert drawn_anew(file.getvalue()).width == 1_600
        else:
            with pytest.raises(NotAPicture):
                drawn_anew(file.getvalue())


def test_a_large_one_is_drawn_smaller() -> None:
    drawn = drawn_anew(a_file("PNG", (3000, 1500)))
    assert (drawn.width, drawn.height) == (1600, 800)


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        a_file()[:200],
        a_file("PNG")[:60],
        a_file("PNG").replace(b"IDAT", b"IDAX"),
        b"\xff\xd8\xff\xe0" + b"\x00" * 100,
        a_bomb(),
    ],
    ids=["empty", "other kind", "drawing", "cut jpeg", "cut png", "no pixels", "only a beginning", "bomb"],
)
def test_what_is_no_picture_is_refused(file: bytes) -> None:
    with pytest.raises(NotAPicture):
        drawn_anew(file)


@pytest.fixture
def petition(app: Flask) -> Petition:
    petition = build.open_petition(count=100_000)
    held = DebateOutcome(debated=True, debated_on=date(2026, 1, 8), overview="Forty spoke.")
    debate_actions.give_outcome(petition.id, outcome=held, by=build.staff("moderator"))
    return petition


def send(
    browser: StaffBrowser, petition: Petition, file: bytes | None, alt: str, **more: str
) -> TestResponse:
    """Send the form with the picture, as a browser does."""
    page = f"/staff/petitions/{petition.id}/debate"
    fields: dict[str, object] = {"csrf_token": token_on(browser.get(page).text), "picture-alt": alt} | more
    if file is not None:
        fields["picture-picture"] = FileStorage(BytesIO(file), "photo.jpg")
    return post_file(browser.client, f"{page}/picture", fields)


def post_file(client: PageCheckingClient, path: str, fields: dict[str, object]) -> TestResponse:
    """Send a form with a file; the body is made here, because the client would leave a large one in an open file."""
    boundary, body = encode_multipart(fields)
    return client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def test_a_picture_is_shown_with_its_description_kept_by_caches_and_removed(
    petition: Petition, sign_in: SignIn, client: PageCheckingClient
) -> None:
    browser, address = sign_in(build.staff("moderator")), f"/petitions/{petition.id}"
    assert client.get(f"{address}/debate/picture").status_code == 404
    assert send(browser, petition, a_file(), "A full chamber.").status_code == 303
    page = client.get(address).text
    assert f'src="{address}/debate/picture"' in page
    assert 'alt="A full chamber."' in page
    reply = client.get(f"{address}/debate/picture")
    assert reply.mimetype == "image/jpeg"
    assert "s-maxage" in reply.headers["Cache-Control"]
    again = client.get(f"{address}/debate/picture", headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304
    assert send(browser, petition, None, "A chamber at night.").status_code == 303
    assert 'alt="A chamber at night."' in client.get(address).text
    assert client.get(f"{address}/debate/picture").data == reply.data
    assert send(browser, petition, None, "", action="remove").status_code == 303
    assert client.get(f"{address}/debate/picture").status_code == 404


@pytest.mark.parametrize(
    ("file", "alt", "sentence"),
    [
        (a_file(), "", "Describe the picture for people who cannot see it."),
        (b"no picture", "A chamber.", "This file cannot be read as a picture."),
        (a_bomb(), "A chamber.", "This file cannot be read as a picture."),
        (None, "A chamber.", "Choose a file."),
        (b"\xff" * (LARGEST_FILE + 1), "A chamber.", "The file has more than 5 MB."),
    ],
    ids=["no description", "no picture", "bomb", "no file", "too big"],
)
def test_a_picture_that_cannot_be_shown_is_refused_with_what_to_do(
    petition: Petition, sign_in: SignIn, file: bytes | None, alt: str, sentence: str
) -> None:
    reply = send(sign_in(build.staff("moderator")), petition, file, alt)
    assert reply.status_code == 422
    assert sentence in reply.text
    assert alt in reply.text, "nothing that was written is lost"
    assert db.session.query(DebatePicture).count() == 0


def test_a_file_of_several_megabytes_is_taken_here_and_nowhere_else(
    petition: Petition, sign_in: SignIn, client: PageCheckingClient
) -> None:
    browser = sign_in(build.staff("moderator"))
    large = a_file() + b"\x00" * (4 * 1024 * 1024)
    assert send(browser, petition, large, "A chamber.").status_code == 303
    huge = b"\xff" * (LARGEST_FILE + 1024 * 1024)
    assert send(browser, petition, huge, "A chamber.").status_code == 413
    path = f"/staff/petitions/{petition.id}/debate/picture"
    stranger = post_file(client, path, {"picture-picture": FileStorage(BytesIO(large), "photo.jpg")})
    assert stranger.status_code == 413


def test_a_large_file_is_taken_only_from_who_may_send_it(
    petition: Petition, app: Flask, sign_in: SignIn
) -> None:
    """A password alone, or a role that sets no debates, sends no more than to any other page."""
    large = a_file() + b"\x00" * (4 * 1024 * 1024)
    path = f"/staff/petitions/{petition.id}/debate/picture"

    def sent(browser: StaffBrowser, page: str) -> int:
        fields = {
            "csrf_token": token_on(browser.get(page).text),
            "picture-alt": "A chamber.",
            "picture-picture": FileStorage(BytesIO(large), "photo.jpg"),
        }
        return post_file(browser.client, path, fields).status_code

    official = sign_in(build.staff("official", department=build.department()))
    assert sent(official, "/staff") == 413
    half = sign_in(build.staff("moderator"))
    build.change(
        db.session.execute(select(StaffSession).order_by(StaffSession.id.desc())).scalars().first(),
        proved_at=None,
    )
    assert sent(half, "/staff/second-factor/new") == 413


def test_the_second_of_two_who_change_the_picture_sees_the_other_one(
    petition: Petition, sign_in: SignIn
) -> None:
    browser = sign_in(build.staff("moderator"))
    page = f"/staff/petitions/{petition.id}/debate"
    seen = Page(browser.get(page).text).forms[-1].first_values()["picture-seen"]
    assert send(browser, petition, a_file(), "A full chamber.").status_code == 303
    reply = send(browser, petition, a_file(), "An empty chamber.", **{"picture-seen": seen})
    assert reply.status_code == 422
    assert "Somebody else changed the picture meanwhile" in reply.text
    assert 'alt="A full chamber."' in reply.text
    assert "An empty chamber." in reply.text
    gone = send(browser, petition, None, "", action="remove", **{"picture-seen": seen})
    assert gone.status_code == 422
    again = Page(reply.text).forms[-1].first_values()["picture-seen"]
    replaced = send(browser, petition, a_file(), "An empty chamber.", **{"picture-seen": again})
    assert replaced.status_code == 303
