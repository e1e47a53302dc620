"""The confirm link: looking changes nothing, one button counts once, the other ends it."""

import contextvars
import threading
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from petitions import clock, links, suppressions
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import Mail, Petition, Signature, SignatureState
from petitions.signing import confirming
from petitions.tokens import Purpose
from petitions.tokens import sign as make_token
from tests import build
from tests.client import PageCheckingClient
from tests.signing.journey import path_of, sign, signatures_of
from tests.smtp import SmtpServer

YES, NO = {"answer": "yes"}, {"answer": "no"}
COUNT = {"choice": "count"}


def waiting(petition: Petition, **columns: object) -> Signature:
    """A signature whose link was mailed and not opened."""
    return build.signature(petition, state="pending", **({"link_sent_at": clock.now()} | columns))  # type: ignore[arg-type]


def link(signature: Signature) -> str:
    """The path of its confirm link."""
    return path_of(links.confirm_signature(signature))


def dump() -> list[tuple[object, ...]]:
    """Every signature, petition and mail as it stands."""
    return [
        tuple(row)
        for model in (Signature, Petition, Mail)
        for row in db.session.execute(select(model.__table__).order_by(model.id)).all()
    ]


def test_the_whole_way_from_the_form_to_the_count(client: PageCheckingClient) -> None:
    area = build.place("Fairley Marsh", postcode_prefixes=["AB1"])
    petition = build.open_petition()
    sign(client, petition)
    build.work()
    (mail,) = build.captured(to="ada@example.org")
    page = client.get(build.extract_link(mail, "/signatures/confirm/"))
    assert petition.action in page.text
    assert "Confirm my signature" in page.text
    assert "Ada" not in page.text
    response = client.post(page.request.path, data=YES)
    assert response.status_code == 303
    assert response.location == f"/petitions/{petition.id}/signatures/confirmed?place={area.slug}"
    (signature,) = signatures_of(petition)
    assert signature.is_valid
    assert petition.signature_count == 1
    build.work()
    assert petition.signature_count == 2
    thanks = client.get(response.location)
    assert "It counts for Fairley Marsh." in thanks.text
    assert "Niamh Clarke represents you there." in thanks.text
    assert "10,000" in thanks.text
    assert "Ada" not in thanks.text
    assert f"http://localhost/petitions/{petition.id}" in thanks.text
    assert thanks.headers["Cache-Control"] == "no-store"


def test_the_page_has_no_script_and_tells_nobody_where_it_was(client: PageCheckingClient) -> None:
    page = client.get(link(waiting(build.open_petition())))
    assert "<script" not in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Set-Cookie" not in page.headers


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("state", ["pending", "validated", "held", "refused", "withdrawn", "invalidated"])
def test_looking_changes_nothing_however_often(client: PageCheckingClient, state: str) -> None:
    signature = build.signature(build.open_petition(), state=state)
    paths = [
        path_of(make(signature)) for make in (links.confirm_signature, links.my_signature, links.unsubscribe)
    ]
    before = dump()
    for path in paths:
        for _ in range(20):
            for method in ("GET", "HEAD", "OPTIONS"):
                assert client.open(path, method=method).status_code in {200, 410}
        assert client.get(f"{path}?answer=yes&action=withdraw&step=withdraw").status_code in {200, 410}
    assert dump() == before


def test_pressing_twice_says_the_same_and_counts_once(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    path = link(waiting(petition))
    first, second = client.post(path, data=YES), client.post(path, data=YES)
    assert (first.status_code, first.location) == (second.status_code, second.location)
    build.work()
    client.post(path, data=YES)
    build.work()
    assert petition.signature_count == 2
    assert "This signature is confirmed" in client.get(path).text


def test_a_used_link_tells_nothing_personal_later(client: PageCheckingClient) -> None:
    petition, area = build.open_petition(), build.place()
    signature = waiting(petition, name="Ada Adeyemi", email="ada@example.org", place=area)
    path = link(signature)
    assert client.post(path, data=YES).location.endswith(f"?place={area.slug}")
    pages = [client.get(path)]
    with clock.fixed(clock.now() + timedelta(minutes=11)):
        again = client.post(path, data=YES)
        assert again.location == f"/petitions/{petition.id}/signatures/confirmed"
        pages += [client.get(path), client.get(again.location)]
    client.post(path, data=NO)
    pages.append(client.get(path))
    for page in pages:
        for secret in ("Ada", "ada@", area.name, area.slug, build.POSTCODE):
            assert secret not in page.text


def test_without_an_area_the_thanks_name_none(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    response = client.post(link(waiting(petition)), data=YES)
    assert response.location == f"/petitions/{petition.id}/signatures/confirmed"
    page = client.get(f"{response.location}?place=<script>")
    assert page.status_code == 200
    assert "It counts for" not in page.text


@pytest.mark.parametrize("data", [{}, {"answer": "maybe"}, {"answer": ""}, {"action": "confirm"}])
def test_another_answer_changes_nothing(client: PageCheckingClient, data: dict[str, str]) -> None:
    signature = waiting(build.open_petition())
    before = dump()
    assert client.post(link(signature), data=data).status_code == 422
    assert dump() == before


# --- This wasn't me -----------------------------------------------------------------------------------------------


def test_this_was_not_me_ends_it_and_silences_the_petition(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    signature = waiting(petition, email="ada@example.org", name="Ada Adeyemi", wants_updates=True)
    response = client.post(link(signature), data=NO)
    assert response.status_code == 303
    assert "does not count" in client.get(response.location).text
    assert (signature.state, signature.seat, signature.wants_updates) == (SignatureState.REFUSED, None, False)
    for name in ("Ada Adeyemi", "Bola Adeyemi"):
        sign(client, petition, name=name)
    build.work()
    assert build.captured(to="ada@example.org") == []
    assert petition.signature_count == 1


def test_a_wrong_press_can_be_taken_back_for_a_day(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    signature = waiting(petition)
    path = link(signature)
    client.post(path, data=NO)
    assert "count my signature" in client.get(path).text
    assert signature.ended_at
    with clock.fixed(signature.ended_at + timedelta(hours=24)):
        response = client.post(path, data=COUNT)
        assert response.location == f"/petitions/{petition.id}/signatures/confirmed"
    build.work()
    assert (signature.state, signature.seat, signature.ended_at) == (SignatureState.VALIDATED, 1, None)
    assert petition.signature_count == 2


def test_after_a_day_it_stays_refused(client: PageCheckingClient) -> None:
    signature = waiting(build.open_petition())
    path = link(signature)
    client.post(path, data=NO)
    assert signature.ended_at
    with clock.fixed(signature.ended_at + timedelta(hours=24, seconds=1)):
        assert "count my signature" not in client.get(path).text
        assert client.post(path, data=COUNT).status_code == 422
    assert signature.state is SignatureState.REFUSED


def test_it_comes_back_to_the_seat_that_is_free(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    first = waiting(petition, email="ada@example.org")
    client.post(link(first), data=NO)
    build.signature(petition, email="ada@example.org", name="Bola", seat=1)
    client.post(link(first), data=COUNT)
    assert (first.state, first.seat) == (SignatureState.VALIDATED, 2)


def test_it_does_not_come_back_where_both_seats_are_taken(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    first = waiting(petition, email="ada@example.org")
    client.post(link(first), data=NO)
    for seat in (1, 2):
        build.signature(petition, email="ada@example.org", name=f"Bola {seat}", seat=seat)
    assert client.post(link(first), data=COUNT).status_code == 409
    assert first.state is SignatureState.REFUSED


@pytest.mark.parametrize(
    ("before", "after"), [("pending", NO), ("validated", NO), ("held", NO), ("refused", {})]
)
def test_a_refusal_outlasts_every_press_of_yes(
    client: PageCheckingClient, before: str, after: dict[str, str]
) -> None:
    petition = build.open_petition()
    signature = build.signature(petition, state=before)
    if after:
        client.post(link(signature), data=after)
    for data in (
        YES,
        YES,
        {"action": "resend"},
        {},
        {"choice": ""},
        {"choice": "leave"},
        {"choice": "unsure"},
    ):
        assert client.post(link(signature), data=data).status_code in {303, 422}
    build.work()
    assert signature.state is SignatureState.REFUSED
    assert petition.signature_count == 1
    assert client.post(link(signature), data=COUNT).status_code == 303
    assert signature.state is SignatureState.VALIDATED


def test_a_held_one_that_comes_back_is_held_again(client: PageCheckingClient) -> None:
    signature = waiting(build.open_petition(), held_reason="origin")
    client.post(link(signature), data=NO)
    assert client.post(link(signature), data=COUNT).location == link(signature)
    assert signature.state is SignatureState.HELD


def test_nothing_chosen_is_told_what_to_do(client: PageCheckingClient) -> None:
    signature = waiting(build.open_petition())
    client.post(link(signature), data=NO)
    for data in ({}, {"choice": "maybe"}):
        page = client.post(link(signature), data=data)
        assert page.status_code == 422
        assert "There is a problem" in page.text


def test_the_mailbox_can_be_left_alone_for_good_and_written_to_again(client: PageCheckingClient) -> None:
    petition, other = build.open_petition(), build.open_petition()
    signature = waiting(petition, email="ada@example.org")
    path = link(signature)
    client.post(path, data=NO)
    assert client.post(path, data={"choice": "silence"}).location == path
    assert "sends no e-mail at all" in client.get(path).text
    sign(client, other, email="Ada+x@example.org")
    build.work()
    assert build.captured() == []
    client.post(path, data={"choice": "hear"})
    assert "sends no e-mail at all" not in client.get(path).text
    sign(client, other, email="ada@example.org")
    sign(client, petition, email="ada@example.org")
    build.work()
    (mail,) = build.captured()
    assert other.action in mail["Subject"]
    assert signature.state is SignatureState.REFUSED


def test_who_signed_after_all_gets_mail_again(client: PageCheckingClient) -> None:
    signature = waiting(build.open_petition(), email="ada@example.org")
    for data in (NO, {"choice": "silence"}, COUNT):
        client.post(link(signature), data=data)
    assert not suppressions.is_suppressed("ada@example.org")
    assert signature.is_valid


@pytest.mark.parametrize("state", ["pending", "validated", "held", "withdrawn"])
@pytest.mark.parametrize("choice", ["silence", "count", "hear"])
def test_second_thoughts_come_after_a_refusal_only(
    client: PageCheckingClient, state: str, choice: str
) -> None:
    signature = build.signature(build.open_petition(), state=state, email="ada@example.org")
    before = dump()
    assert client.post(link(signature), data={"choice": choice}).status_code == 422
    assert dump() == before
    assert not suppressions.is_suppressed("ada@example.org")


def test_what_pressed_yes_first_may_not_have_been_a_person(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    signature = waiting(petition)
    client.post(link(signature), data=YES)
    build.work()
    assert petition.signature_count == 2
    client.post(link(signature), data=NO)
    assert petition.signature_count == 1
    assert signature.state is SignatureState.REFUSED
    client.post(link(signature), data=NO)
    build.work()
    assert petition.signature_count == 1


def test_a_final_count_is_not_touched(client: PageCheckingClient) -> None:
    petition = build.closed_petition()
    signature = build.signature(petition)
    client.post(link(signature), data=NO)
    assert signature.state is SignatureState.VALIDATED
    assert petition.signature_count == 2


@pytest.mark.parametrize("state", ["withdrawn", "invalidated", "refused"])
def test_what_has_ended_stays_ended(client: PageCheckingClient, state: str) -> None:
    signature = build.signature(build.open_petition(), state=state, ended_at=clock.now() - timedelta(days=3))
    before = dump()
    for answer in (YES, NO):
        assert client.post(link(signature), data=answer).status_code == 303
    assert dump() == before


# --- Links that are too old, petitions that are over --------------------------------------------------------------


def test_a_link_lives_seven_days_from_when_its_mail_was_taken(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    sent = clock.now()
    early, late = waiting(petition, link_sent_at=sent), waiting(petition, link_sent_at=sent)
    with clock.fixed(sent + timedelta(days=7)):
        assert client.get(link(early)).status_code == 200
        client.post(link(early), data=YES)
    with clock.fixed(sent + timedelta(days=7, seconds=1)):
        page = client.get(link(late))
        assert page.status_code == 410
        assert "Send me a new link" in page.text
        assert client.post(link(late), data=YES).location == link(late)
    assert (early.state, late.state) == (SignatureState.VALIDATED, SignatureState.PENDING)


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_its_life_starts_when_the_mail_server_took_it_after_six_hours(
    client: PageCheckingClient, smtp: SmtpServer, seconds: int
) -> None:
    petition, start = build.open_petition(), clock.now()
    sign(client, petition)
    (signature,) = signatures_of(petition)
    smtp.script = [451] * 8
    taken = start
    while not smtp.messages:
        taken += timedelta(hours=1)
        with clock.fixed(taken):
            build.work()
        assert taken < start + timedelta(hours=12)
    assert signature.link_sent_at == taken >= start + timedelta(hours=6)
    with clock.fixed(taken + timedelta(days=7, seconds=seconds)):
        assert client.get(link(signature)).status_code == (410 if seconds > 0 else 200)
        client.post(link(signature), data=YES)
    assert signature.is_valid == (seconds <= 0)


def test_a_new_link_is_asked_for_with_the_same_answer_whoever_asks(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    states = ["pending", "validated", "held", "refused", "withdrawn", "invalidated"]
    asked = [build.signature(petition, state=state) for state in states]
    asked.append(waiting(petition, link_sent_at=clock.now() - timedelta(days=8)))
    asked.append(build.signature(petition, state="pending", email="away@example.org"))
    build.change(asked[-1], name=None, email=None, mailbox_hash=None)
    replies = set()
    for signature in asked:
        for _ in range(3):
            reply = client.post(link(signature), data={"action": "resend"})
            replies.add((reply.status_code, str(reply.headers), reply.data))
    assert len(replies) == 1


def test_a_link_whose_mail_waited_for_days_has_its_whole_life(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    sign(client, petition)
    with clock.fixed(clock.now() + timedelta(days=2)):
        build.work()
    with clock.fixed(clock.now() + timedelta(days=8)):
        (signature,) = signatures_of(petition)
        assert client.get(link(signature)).status_code == 200


def test_a_new_link_is_sent_and_lives_again(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    signature = waiting(petition, link_sent_at=clock.now() - timedelta(days=8), email="ada@example.org")
    replies = {client.post(link(signature), data={"action": "resend"}).location for _ in range(5)}
    assert replies == {f"/petitions/{petition.id}/signatures/thank-you"}
    build.work()
    assert len(build.captured(to="ada@example.org")) == 2
    assert client.get(link(signature)).status_code == 200
    client.post(link(signature), data=YES)
    assert signature.is_valid
    assert client.post(link(signature), data={"action": "resend"}).status_code == 303
    build.work()
    assert len(build.captured(to="ada@example.org")) == 2


def test_a_new_link_for_somebody_erased_goes_nowhere(client: PageCheckingClient) -> None:
    signature = waiting(build.open_petition(), email="ada@example.org")
    build.change(signature, name=None, email=None, mailbox_hash=None)
    client.post(link(signature), data={"action": "resend"})
    build.work()
    assert build.captured() == []


@pytest.mark.parametrize(("seconds", "counts"), [(-1, True), (0, True), (1, False)])
def test_links_mailed_before_count_for_a_day_after_closing(
    client: PageCheckingClient, seconds: int, counts: bool
) -> None:
    petition = build.open_petition(closes_at=clock.now())
    signature = waiting(petition)
    assert petition.closes_at
    with clock.fixed(petition.closes_at + timedelta(hours=24, seconds=seconds)):
        page = client.get(link(signature))
        assert page.status_code == (200 if counts else 410)
        response = client.post(link(signature), data=YES)
        assert (response.location != link(signature)) == counts
        build.work()
    assert petition.signature_count == (2 if counts else 1)
    assert signature.is_valid == counts


@pytest.mark.parametrize("state", ["rejected", "hidden", "withdrawn", "lapsed"])
def test_a_petition_that_is_gone_takes_no_confirmation(client: PageCheckingClient, state: str) -> None:
    petition = build.open_petition(action="Words that may not be shown")
    signature = waiting(petition)
    build.change(petition, state=State(state), **{f"{state}_at": clock.now()})
    page = client.get(link(signature))
    assert page.status_code == 410
    assert "takes no signatures any more" in page.text
    assert ("Words that may not" in page.text) == (state != "hidden")
    client.post(link(signature), data=YES)
    assert signature.state is SignatureState.PENDING


def test_a_held_signature_is_told_so_in_neutral_words(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    signature = build.signature(petition, state="held", held_reason="40 from one address in a minute")
    page = client.get(link(signature))
    assert page.status_code == 200
    assert "needs a check" in page.text
    assert "40 from" not in page.text
    assert client.post(link(signature), data=YES).location == link(signature)
    assert signature.state is SignatureState.HELD
    client.post(link(signature), data=NO)
    assert signature.state is SignatureState.REFUSED


def test_a_withdrawn_signature_is_led_back_to_the_form(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    page = client.get(link(build.signature(petition, state="withdrawn")))
    assert page.status_code == 410
    assert f"/petitions/{petition.id}/signatures/new" in page.text


# --- Links that are none ------------------------------------------------------------------------------------------


def test_a_link_of_another_purpose_or_altered_is_not_found(client: PageCheckingClient) -> None:
    signature = waiting(build.open_petition())
    before = dump()
    pages = {
        Purpose.CONFIRM_SIGNATURE: "/signatures/confirm/{}",
        Purpose.MY_SIGNATURE: "/signatures/{}",
        Purpose.UNSUBSCRIBE: "/unsubscribe/{}",
        Purpose.SUPPORT: f"/petitions/{signature.petition_id}/supporters/{{}}",
    }
    for purpose, path in pages.items():
        own = make_token(purpose, signature.id)
        wrong = [make_token(other, signature.id) for other in Purpose if other is not purpose]
        wrong += [own[:-1], own + "A", "A" + own, own.swapcase(), "x", "%00", "é", "a" * 5000, "%FF"]
        wrong += [make_token(purpose, value) for value in ("1", [1], None, -1, 10**9)]
        for token in wrong:
            for method in ("GET", "POST"):
                response = client.open(path.format(token), method=method, data=YES | {"action": "erase"})
                assert response.status_code in {400, 404}, (path, token)
    assert dump() == before


def test_the_petitioners_own_signature_is_not_confirmed_here(client: PageCheckingClient) -> None:
    creator = build.creator_of(build.pending_petition())
    assert client.get(link(creator)).status_code == 404
    assert client.post(link(creator), data=YES).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "null"}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
    ],
)
def test_the_buttons_work_from_our_page_alone(
    client: PageCheckingClient, headers: dict[str, str], status: int
) -> None:
    signature = waiting(build.open_petition())
    assert client.post(link(signature), data=YES, headers=headers).status_code == status
    assert signature.is_valid == (status == 303)


# --- At the same instant ------------------------------------------------------------------------------------------


def at_once(app: Flask, calls: list[tuple[str, dict[str, str]]]) -> list[tuple[int, str | None]]:
    """Send these posts in the same instant, each from a visitor of its own; status and address each was sent to."""
    start, replies = threading.Barrier(len(calls)), []

    def press(path: str, data: dict[str, str]) -> None:
        client = app.test_client()
        start.wait()
        response = client.post(path, data=data)
        replies.append((response.status_code, response.location))

    db.session.rollback()
    threads = [
        threading.Thread(target=contextvars.Context().run, args=(press, path, data)) for path, data in calls
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return replies


def test_eight_presses_of_one_link_at_once_count_once(app: Flask) -> None:
    petition = build.open_petition()
    for number in range(3):
        path = link(waiting(petition))
        replies = at_once(app, [(path, YES)] * 8)
        assert {status for status, _ in replies} == {303}
        assert len({location for _, location in replies}) == 1
        build.work()
        assert petition.signature_count == number + 2


def test_two_spellings_of_one_mailbox_confirmed_at_once_are_one_signature(app: Flask) -> None:
    petition = build.open_petition()
    path = f"/petitions/{petition.id}/signatures/new"
    forms = [build.sign_form(email=f"{name}@example.org") for name in ("ada", "ada+a", "ADA", "Ada+b")]
    at_once(app, [(path, form) for form in forms])
    (signature,) = signatures_of(petition)
    at_once(app, [(link(signature), YES)] * 4)
    build.work()
    assert petition.signature_count == 2


def test_yes_and_no_at_once_end_in_one_of_the_two(app: Flask) -> None:
    petition = build.open_petition()
    for _ in range(4):
        signature = waiting(petition)
        replies = at_once(app, [(link(signature), YES), (link(signature), NO)] * 3)
        assert {status for status, _ in replies} == {303}
        build.work()
        counted = db.session.execute(
            select(func.count()).where(
                Signature.petition_id == petition.id, Signature.counted_at.is_not(None)
            )
        ).scalar_one()
        assert petition.signature_count == counted
        assert signature.state in {SignatureState.VALIDATED, SignatureState.REFUSED}


def test_every_standing_has_its_page(app: Flask) -> None:
    for standing in confirming.Standing:
        assert app.jinja_env.get_template(f"signing/confirm/{standing}.html")


def test_links_begin_with_the_sites_address(app: Flask) -> None:
    assert urlsplit(links.confirm_signature(waiting(build.open_petition()))).netloc == "localhost"
