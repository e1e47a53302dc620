"""Signing: one form, one reply for everybody, and the mail that fits what is known about the mailbox."""

import re
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from petitions import clock
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import Mail, Signature, SignatureState
from petitions.moderation import actions as moderation
from petitions.signing import actions
from tests import build
from tests.client import PageCheckingClient
from tests.signing.journey import confirm_path, form_path, post_form, sign, signatures_of


def test_a_signature_is_stored_sealed_and_its_link_is_mailed(client: PageCheckingClient) -> None:
    area = build.place("Fairley Marsh", postcode_prefixes=["AB1"])
    petition = build.open_petition()
    response = post_form(client, petition, updates="y")
    assert response.status_code == 303
    assert response.location == f"/petitions/{petition.id}/signatures/thank-you"
    (signature,) = signatures_of(petition)
    assert (signature.name, signature.email, signature.postcode) == (
        "Ada Adeyemi",
        "ada@example.org",
        "AB1 2CD",
    )
    assert signature.ip == "127.0.0.1"
    assert b"ada" not in (signature.email_sealed or b"").lower()
    assert (signature.state, signature.seat) == (SignatureState.PENDING, 1)
    assert (signature.place_id, signature.wants_updates) == (area.id, True)
    assert petition.signature_count == 1
    build.work()
    (mail,) = build.captured(to="ada@example.org")
    assert mail["X-Petitions-Message"] == "confirm_signature"
    assert mail["List-Unsubscribe"] is None
    assert build.text_of(mail).count("/signatures/confirm/") == 1
    assert petition.action in build.text_of(mail)
    assert client.get(confirm_path("ada@example.org")).status_code == 200


def test_the_form_stands_beside_the_petition(client: PageCheckingClient) -> None:
    petition = build.open_petition(action="Open <the> library", additional_details="Line one\n\nLine two")
    page = client.get(form_path(petition))
    assert page.status_code == 200
    assert "Open &lt;the&gt; library" in page.text
    assert "Line two" in page.text
    assert "I am a citizen or I live in the country" in page.text
    assert "Set-Cookie" not in page.headers
    assert "s-maxage" in page.headers["Cache-Control"]


def test_updates_are_off_unless_asked_for(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    sign(client, petition)
    assert [row.wants_updates for row in signatures_of(petition)] == [False]


def test_the_thank_you_page_says_what_to_do(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    page = client.get(f"/petitions/{petition.id}/signatures/thank-you")
    assert page.status_code == 200
    assert "Check your e-mail" in page.text
    assert "7 days" in page.text
    assert client.get("/petitions/999999/signatures/thank-you").status_code == 404


def test_abroad_no_postcode_is_asked_and_no_area_found(client: PageCheckingClient) -> None:
    build.place("Fairley Marsh", postcode_prefixes=["AB1"])
    petition = build.open_petition()
    sign(client, petition, country="FR", postcode="")
    sign(client, petition, country="FR", postcode="AB1 2CD", email="b@example.org")
    assert [(row.country, row.place_id, row.postcode) for row in signatures_of(petition)] == [
        ("FR", None, None),
        ("FR", None, "AB1 2CD"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Siobhán O’Neil",
        "O'Neil",
        "Nguyễn Thị Ánh",
        "محمد",
        "李",
        "Ó Séaghdha",
        "Björk",
        "さくら 佐藤",
        "अनीता शर्मा",
    ],
)
def test_names_of_every_script_pass(client: PageCheckingClient, name: str) -> None:
    petition = build.open_petition()
    sign(client, petition, name=name)
    build.work()
    assert [row.name for row in signatures_of(petition)] == [name]
    assert name in build.text_of(build.captured(to="ada@example.org")[0])


# --- What the reply must not tell, and what the mailbox is told ---------------------------------------------------


def test_the_reply_is_the_same_whatever_is_known(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    for state in SignatureState:
        build.signature(petition, state=state, email=f"{state}@example.org", name="Ada Adeyemi")
    addresses = ["new@example.org", *(f"{state}@example.org" for state in SignatureState)]
    replies = set()
    for address in addresses:
        for _ in range(4):
            response = post_form(client, petition, email=address)
            headers = {name: value for name, value in response.headers.items() if name != "Date"}
            replies.add((response.status_code, response.data, tuple(sorted(headers.items()))))
    assert len(replies) == 1


def test_signing_again_while_pending_sends_the_same_link_again(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    sign(client, petition)
    sign(client, petition, name="  ADA   adeyemi ", email="Ada+tag@EXAMPLE.org")
    assert len(signatures_of(petition)) == 1
    build.work()
    first, second = build.captured(kind="confirm_signature")
    assert build.extract_link(first, "/confirm/") == build.extract_link(second, "/confirm/")
    assert first["Message-ID"] != second["Message-ID"]


def test_at_most_two_mails_a_day_to_a_signature(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    for _ in range(5):
        sign(client, petition)
    build.work()
    assert len(build.captured(to="ada@example.org")) == 2
    with clock.fixed(clock.now() + timedelta(hours=25)):
        sign(client, petition)
        build.work()
    assert len(build.captured(to="ada@example.org")) == 3


def test_signing_again_after_confirming_tells_the_mailbox(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    build.signature(petition, name="Ada Adeyemi", email="ada@example.org")
    for _ in range(4):
        sign(client, petition)
    build.work()
    assert petition.signature_count == 2
    mails = build.captured(to="ada@example.org")
    assert [mail["X-Petitions-Message"] for mail in mails] == ["already_signed"] * 2
    assert "/signatures/confirm/" not in build.text_of(mails[0])
    assert client.get(build.extract_link(mails[0], "/signatures/")).status_code == 200
    assert mails[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("state", ["held", "refused"])
def test_a_mailbox_that_refused_or_is_being_checked_hears_nothing(
    client: PageCheckingClient, state: str
) -> None:
    petition = build.open_petition()
    build.signature(petition, state=state, name="Ada Adeyemi", email="ada@example.org")
    sign(client, petition)
    build.work()
    assert build.captured(to="ada@example.org") == []
    assert len(signatures_of(petition)) == 1


def test_a_second_person_may_share_the_mailbox(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    sign(client, petition)
    sign(client, petition, name="Bola Adeyemi", postcode="ab12cd")
    assert [(row.name, row.seat) for row in signatures_of(petition)] == [
        ("Ada Adeyemi", 1),
        ("Bola Adeyemi", 2),
    ]
    build.work()
    assert len(build.captured(kind="confirm_signature")) == 2


def test_the_second_person_gets_the_seat_that_is_free(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    build.signature(petition, name="Bola Adeyemi", email="ada@example.org", seat=2)
    sign(client, petition)
    assert sorted(row.seat or 0 for row in signatures_of(petition)) == [1, 2]


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Bola Adeyemi", "postcode": "ZZ9 9ZZ"},
        {"name": "Bola Adeyemi", "country": "FR"},
    ],
)
def test_somebody_who_lives_elsewhere_may_not(client: PageCheckingClient, other: dict[str, str]) -> None:
    petition = build.open_petition()
    build.signature(petition, email="ada@example.org", name="Ada Adeyemi")
    sign(client, petition, email="ADA+x@example.org", **other)
    assert len(signatures_of(petition)) == 1
    build.work()
    (mail,) = build.captured(kind="already_signed")
    assert mail["To"] == "ADA+x@example.org"
    assert "/signatures/" not in build.text_of(mail), (
        "another person learns nothing of the first one's signature"
    )


@pytest.mark.parametrize("slips", [1, 2])
def test_what_nobody_confirmed_keeps_nobody_out(client: PageCheckingClient, slips: int) -> None:
    petition = build.open_petition()
    with clock.fixed(clock.now() - timedelta(days=2)):
        for name in ("Adda Adeyemi", "Aba Adeyemi")[:slips]:
            sign(client, petition, name=name, postcode="ZZ9 9ZZ")
        build.work()
    slip = confirm_path("ada@example.org")
    sign(client, petition)
    build.work()
    assert build.captured(kind="already_signed") == [], "nobody has"
    assert client.get(slip).status_code == 410
    client.post(slip, data={"answer": "yes"})
    client.post(confirm_path("ada@example.org"), data={"answer": "yes"})
    build.work()
    assert [row.name for row in signatures_of(petition) if row.is_valid] == ["Ada Adeyemi"]
    assert petition.signature_count == 2


def test_however_often_the_details_change_a_mailbox_gets_two_mails_a_day(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    for number in range(10, 20):
        sign(client, petition, name=f"Ada {number}", postcode=f"ZZ{number} 9ZZ")
        build.work()
    assert len(build.captured()) == 2
    assert len(signatures_of(petition)) == 2


def test_a_third_person_may_not(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    for name in ("Ada Adeyemi", "Bola Adeyemi"):
        build.signature(petition, name=name, email="ada@example.org", seat=1 if name.startswith("A") else 2)
    sign(client, petition, name="Chidi Adeyemi")
    assert len(signatures_of(petition)) == 2
    build.work()
    assert [mail["X-Petitions-Message"] for mail in build.captured()] == ["already_signed"]


@pytest.mark.settings(signatures_per_mailbox=1)
def test_one_mailbox_one_signature_where_the_site_says_so(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    build.signature(petition, email="ada@example.org", name="Ada Adeyemi")
    sign(client, petition, name="Bola Adeyemi")
    assert len(signatures_of(petition)) == 1
    build.work()
    (mail,) = build.captured(kind="already_signed")
    assert "Each signer needs a mailbox of their own" in build.text_of(mail)


def test_the_petitioner_has_signed_already(client: PageCheckingClient) -> None:
    petition = build.open_petition(creator="Ada Adeyemi", creator_email="ada@example.org")
    sign(client, petition)
    build.work()
    assert [mail["X-Petitions-Message"] for mail in build.captured()] == ["already_signed"]


def test_a_mail_to_nobody_any_more_is_cancelled(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    sign(client, petition)
    client.post(form_path(petition), data=build.sign_form(name="Bola", postcode="ZZ9 9ZZ"))
    build.change(petition, state=State.HIDDEN, hidden_at=clock.now())
    build.work()
    assert build.captured() == []
    assert set(db.session.execute(select(Mail.state)).scalars()) == {"cancelled"}


# --- Where it is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "columns", "status"),
    [
        (State.PENDING, {}, 404),
        (State.GATHERING, {}, 303),
        (State.REVIEW, {}, 303),
        (State.CLOSED, {}, 303),
        (State.REJECTED, {}, 303),
        (State.HIDDEN, {}, 404),
        (State.HIDDEN, {"opened_at": "now"}, 410),
        (State.WITHDRAWN, {}, 404),
        (State.WITHDRAWN, {"opened_at": "now"}, 303),
        (State.LAPSED, {}, 404),
    ],
)
def test_only_an_open_petition_can_be_signed(
    client: PageCheckingClient, state: State, columns: dict[str, object], status: int
) -> None:
    petition = build.petition(state, **{name: clock.now() for name in columns})
    before = len(signatures_of(petition, everybody=True))
    for response in (client.get(form_path(petition)), post_form(client, petition)):
        assert response.status_code == status
        if status == 303:
            assert response.location == f"/petitions/{petition.id}"
    assert len(signatures_of(petition, everybody=True)) == before


def test_the_deadline_closes_the_form_though_no_job_ran(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    assert petition.closes_at
    with clock.fixed(petition.closes_at):
        assert client.get(form_path(petition)).status_code == 200
    with clock.fixed(petition.closes_at + timedelta(milliseconds=1)):
        assert client.get(form_path(petition)).status_code == 303
        with pytest.raises(StateChanged):
            actions.sign(petition_id=petition.id, person=ADA)


@pytest.mark.parametrize("number", ["999999", "2147483648", "99999999999999999999999", "-1", "x", "1.0"])
def test_an_unknown_petition_is_not_found(client: PageCheckingClient, number: str) -> None:
    assert client.get(f"/petitions/{number}/signatures/new").status_code == 404


BAD = [
    ({"name": ""}, "Enter your name."),
    ({"name": "   "}, "Enter your name."),
    ({"name": "x" * 101}, "Shorten this by 1 character."),
    ({"name": "Buy at http://spam.example"}, "without a web address"),
    ({"name": "Ada\x00"}, "cannot be shown"),
    ({"name": "Ada \u202e"}, "cannot be shown"),
    ({"name": "Ada \ufffd"}, "cannot be shown"),
    ({"name": "Z" + "\u0301" * 9}, "cannot be shown"),
    ({"email": ""}, "Enter your e-mail address."),
    ({"email": "ada"}, "name@example.org"),
    ({"email": "ada@example.org, eve@example.org"}, "name@example.org"),
    ({"email": "Ada <ada@example.org>"}, "name@example.org"),
    ({"email": "ädä@example.org"}, "name@example.org"),
    ({"email": "a" * 300 + "@example.org"}, "Shorten this"),
    ({"country": "XX"}, "There is a problem"),
    ({"country": "GB\x00"}, "There is a problem"),
    ({"postcode": ""}, "Enter your postcode."),
    ({"postcode": "AB1 2CD 3EF"}, "Shorten this"),
    ({"postcode": "£$%"}, "letters and digits"),
    ({"eligible": ""}, "Tick the box"),
    ({"eligible": "false"}, "Tick the box"),
]


@pytest.mark.parametrize(("fields", "message"), BAD)
def test_a_bad_form_comes_back_with_its_errors_and_stores_nothing(
    client: PageCheckingClient, fields: dict[str, str], message: str
) -> None:
    petition = build.open_petition()
    response = post_form(client, petition, **fields)
    assert response.status_code == 422
    assert "There is a problem" in response.text
    assert message in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert signatures_of(petition) == []
    assert db.session.execute(select(Mail)).first() is None


def test_what_is_signed_are_the_words_that_were_read(client: PageCheckingClient) -> None:
    moderator, petition = build.staff(), build.open_petition()
    read = version_on(client.get(form_path(petition)).text)
    new = "Open every library on Sundays"
    words = {"action": new, "background": "As asked.", "additional_details": ""}
    moderation.change_text(petition_id=petition.id, text_version=1, **words, reason="Clearer.", by=moderator)
    response = post_form(client, petition, text_version=read)
    assert response.status_code == 422
    assert "The words of this petition were changed while you read them." in response.text
    assert new in response.text
    assert "Ada Adeyemi" in response.text
    assert signatures_of(petition) == []
    sign(client, petition, text_version=version_on(response.text))
    assert [row.text_version for row in signatures_of(petition)] == [2]


def version_on(page: str) -> str:
    """The version of the words that a form was shown with."""
    found = re.search(r'name="text_version" value="(\d+)"', page)
    assert found
    return found[1]


def test_an_empty_post_names_every_missing_answer(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    response = client.post(form_path(petition), data={})
    assert response.status_code == 422
    for message in ("Enter your name.", "Enter your e-mail address.", "Enter your postcode.", "Tick the box"):
        assert message in response.text


def test_what_was_typed_is_kept_on_a_refused_form(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    page = post_form(client, petition, name='Ada "A" <b>', postcode="")
    assert 'value="Ada &#34;A&#34; &lt;b&gt;"' in page.text


def test_fields_that_do_not_exist_are_not_read_and_repeated_ones_count_once(
    client: PageCheckingClient,
) -> None:
    petition = build.open_petition()
    form: dict[str, object] = {
        **build.sign_form(),
        "name": ["Ada Adeyemi", "Eve"],
        "role": "creator",
        "state": "validated",
        "seat": "2",
    }
    assert client.post(form_path(petition), data=form).status_code == 303
    (row,) = signatures_of(petition)
    assert (row.name, row.role.value, row.state.value, row.seat) == ("Ada Adeyemi", "signer", "pending", 1)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"name=%FF%FE&email=ada@example.org", "application/x-www-form-urlencoded", 400),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded", 400),
        (b'{"name": "Ada"}', "application/json", 422),
        (b"name=" + b"x" * 100_000, "application/x-www-form-urlencoded", 413),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 422),
    ],
)
def test_a_broken_body_is_a_clear_refusal(
    client: PageCheckingClient, body: bytes, content_type: str, status: int
) -> None:
    petition = build.open_petition()
    response = client.post(form_path(petition), data=body, content_type=content_type)
    assert response.status_code == status
    assert signatures_of(petition) == []


def test_a_post_from_another_site_is_refused(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    response = client.post(
        form_path(petition), data=build.sign_form(), headers={"Origin": "https://evil.example"}
    )
    assert response.status_code == 403
    assert signatures_of(petition) == []


@pytest.mark.settings(ratelimit_enabled="yes")
@pytest.mark.database("sqlite")
def test_too_many_from_one_address_are_told_when_to_come_again(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    codes = [client.post(form_path(petition), data={}).status_code for _ in range(125)]
    assert codes[:120] == [422] * 120
    assert set(codes[120:]) == {429}
    assert client.get(form_path(petition)).status_code == 200, "looking is not limited"


# --- At the same instant ------------------------------------------------------------------------------------------

ADA = actions.Person("Ada Adeyemi", "ada@example.org", "GB", "AB1 2CD", wants_updates=False)


def test_one_mailbox_at_once_under_two_spellings_is_one_signature(app: Flask) -> None:
    petition_id = build.open_petition().id
    spellings = ["ada@example.org", "Ada+1@example.org", "ADA+2@example.org", "ada+3@example.org"] * 2
    start = threading.Barrier(len(spellings))
    failures: list[BaseException] = []

    def sign_as(email: str) -> None:
        with app.app_context():
            start.wait()
            try:
                actions.sign(
                    petition_id=petition_id,
                    person=actions.Person("Ada Adeyemi", email, "GB", "AB1 2CD", wants_updates=False),
                )
            except BaseException as failure:
                failures.append(failure)

    threads = [threading.Thread(target=sign_as, args=[email]) for email in spellings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    db.session.rollback()
    rows = db.session.execute(select(Signature).where(Signature.petition_id == petition_id)).scalars().all()
    assert len([row for row in rows if row.role == "signer"]) == 1


def test_a_seat_that_stays_taken_is_no_endless_loop(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    petition = build.open_petition()
    calls = []

    def always_late(*_: object) -> None:
        calls.append(1)
        raise IntegrityError("insert", {}, Exception("taken"))

    monkeypatch.setattr(actions, "_sign", always_late)
    with pytest.raises(IntegrityError):
        actions.sign(petition_id=petition.id, person=ADA)
    assert len(calls) == actions.ATTEMPTS


def test_a_country_that_is_none_is_refused_in_our_own_words(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    path = f"/petitions/{petition.id}/signatures/new"
    page = client.post(path, data=build.sign_form() | {"country": "Atlantis"})
    assert page.status_code == 422
    assert "Choose a country from the list." in page.text
