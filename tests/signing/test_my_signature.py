"""My signature: see it, withdraw it, stop its mails, take the data along, erase it; unsubscribe; find it again."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from petitions import clock, links, suppressions
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import AuditEntry, CountryCount, HourCount, Mail, PlaceCount, Signature, SignatureState
from tests import build
from tests.client import PageCheckingClient
from tests.signing.journey import path_of, sign, signatures_of


def link(signature: Signature) -> str:
    """The path of the signer's own page."""
    return path_of(links.my_signature(signature))


def sealed(signature: Signature) -> list[object]:
    """Everything personal in a row."""
    return [
        signature.name_sealed,
        signature.email_sealed,
        signature.postcode_sealed,
        signature.ip_sealed,
        signature.mailbox_hash,
    ]


def test_it_shows_what_is_held(client: PageCheckingClient) -> None:
    petition, area = build.open_petition(), build.place()
    signature = build.signature(petition, name="Ada Adeyemi", email="ada@example.org", place=area)
    page = client.get(link(signature))
    assert page.status_code == 200
    for text in (petition.action, "Ada Adeyemi", "ada@example.org", "AB1 2CD", "Fairley Marsh", "it counts"):
        assert text in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "<script" not in page.text


@pytest.mark.parametrize("state", ["pending", "held", "withdrawn", "refused", "invalidated"])
def test_it_says_where_it_stands(client: PageCheckingClient, state: str) -> None:
    signature = build.signature(build.open_petition(), state=state, postcode=None, country="FR")
    page = client.get(link(signature))
    assert page.status_code == 200
    assert "it counts<" not in page.text
    assert ("step=withdraw" in page.text) == (state == "pending")


def test_withdrawing_takes_it_off_every_count_and_frees_the_seat(client: PageCheckingClient) -> None:
    petition, area = build.open_petition(), build.place()
    kept = build.signature(petition, place=area)
    signature = build.signature(petition, name="Ada Adeyemi", email="ada@example.org", place=area)
    assert petition.signature_count == 3
    step = client.get(f"{link(signature)}?step=withdraw")
    assert "Withdraw your signature?" in step.text
    assert petition.signature_count == 3
    for _ in range(2):
        assert client.post(link(signature), data={"action": "withdraw"}).status_code == 303
    assert petition.signature_count == 2
    assert (signature.state, signature.seat, signature.counted_at) == (SignatureState.WITHDRAWN, None, None)
    for model in (PlaceCount, CountryCount, HourCount):
        assert sum(db.session.execute(select(model.signature_count)).scalars()) == (
            1 if model is PlaceCount else 2
        )
    lines = db.session.execute(
        select(AuditEntry.actor, AuditEntry.details).where(AuditEntry.action == "signature_withdrawn")
    )
    assert [tuple(line) for line in lines] == [("signer", {})]
    assert kept.is_valid
    sign(client, petition)
    assert [row.state for row in signatures_of(petition)][-1] is SignatureState.PENDING


def test_one_not_confirmed_yet_can_be_withdrawn(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    signature = build.signature(petition, state="pending")
    client.post(link(signature), data={"action": "withdraw"})
    assert signature.state is SignatureState.WITHDRAWN
    assert petition.signature_count == 1


@pytest.mark.parametrize("state", ["held", "invalidated", "refused"])
def test_what_is_not_running_cannot_be_withdrawn(client: PageCheckingClient, state: str) -> None:
    signature = build.signature(build.open_petition(), state=state)
    assert client.post(link(signature), data={"action": "withdraw"}).status_code == 409
    assert signature.state.value == state


def test_a_final_count_cannot_be_lowered(client: PageCheckingClient) -> None:
    petition = build.closed_petition()
    signature = build.signature(petition)
    assert "step=withdraw" not in client.get(link(signature)).text
    assert client.post(link(signature), data={"action": "withdraw"}).status_code == 409
    assert petition.signature_count == 2


def test_the_petitioner_withdraws_the_petition_not_the_signature(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    creator = build.creator_of(petition)
    page = client.get(link(creator))
    for step in ("withdraw", "erase", "name"):
        assert f"step={step}" not in page.text
    for action in ("withdraw", "erase", "rename"):
        sent = client.post(link(creator), data={"action": action, "name": "Another Name"})
        assert sent.status_code == 409
    assert petition.signature_count == 1


@pytest.mark.parametrize("through", ["the page", "one button"])
def test_mails_are_stopped_for_the_petition_or_for_good_and_started_again(
    client: PageCheckingClient, through: str
) -> None:
    petition, other = build.open_petition(), build.open_petition()
    signature = build.signature(petition, wants_updates=True, email="ada@example.org")

    def choose(choice: str) -> str:
        data = {"action": "mails", "choice": choice} if through == "the page" else {"action": choice}
        assert client.post(link(signature), data=data).location == link(signature)
        return client.get(link(signature)).text

    assert "step=mails" in client.get(link(signature)).text
    assert 'value="start" checked' in client.get(f"{link(signature)}?step=mails").text
    assert "yes, when something happens" not in choose("stop")
    assert not signature.wants_updates
    assert not suppressions.is_suppressed("ada@example.org")
    assert "none from this site at all" in choose("silence")
    assert 'value="silence" checked' in client.get(f"{link(signature)}?step=mails").text
    sign(client, other, email="ada@example.org")
    build.work()
    assert build.captured() == []
    assert "yes, when something happens" in choose("start")
    assert signature.wants_updates
    assert not suppressions.is_suppressed("ada@example.org")
    assert signature.is_valid
    assert petition.signature_count == 2


@pytest.mark.parametrize("state", ["withdrawn", "refused", "held"])
def test_a_signature_that_does_not_run_gets_no_mails(client: PageCheckingClient, state: str) -> None:
    signature = build.signature(build.open_petition(), state=state)
    client.post(link(signature), data={"action": "start"})
    assert not signature.wants_updates


def test_the_export_is_everything_that_is_held(client: PageCheckingClient) -> None:
    petition, area = build.open_petition(), build.place()
    sign(client, petition, updates="y")
    build.work()
    (signature,) = signatures_of(petition)
    response = client.post(link(signature), data={"action": "export"})
    assert response.mimetype == "application/json"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Cache-Control"] == "no-store"
    data = json.loads(response.data)
    assert (data["name"], data["email"], data["postcode"]) == ("Ada Adeyemi", "ada@example.org", "AB1 2CD")
    assert (data["place"], data["ip_address"], data["wants_updates"]) == (area.name, "127.0.0.1", True)
    assert (data["state"], data["role"], data["country"]) == ("pending", "signer", "GB")
    assert data["petition"] == {"id": petition.id, "text_version": 1}
    assert [mail["kind"] for mail in data["mails"]] == ["confirm_signature"]
    assert data["times"]["validated_at"] is None
    assert data["times"]["link_sent_at"].startswith("20")


def test_the_export_as_text_says_the_same(client: PageCheckingClient) -> None:
    petition, area = build.open_petition(action="Bread & roses <now>"), build.place()
    sign(client, petition, updates="y")
    build.work()
    (signature,) = signatures_of(petition)
    response = client.post(link(signature), data={"action": "export_text"})
    assert response.mimetype == "text/plain"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Cache-Control"] == "no-store"
    data = json.loads(client.post(link(signature), data={"action": "export"}).data)
    said = [data["name"], data["email"], data["postcode"], area.name, "127.0.0.1", petition.action]
    said += [*filter(None, data["times"].values()), *(mail["kind"] for mail in data["mails"])]
    for word in said:
        assert word in response.text
    assert {*data["times"]} >= {"mails_stopped_at", "undeliverable_at"}


# --- The name -----------------------------------------------------------------------------------------------------


def test_a_name_is_corrected(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    signature = build.signature(petition, name="Ada Adeyemmi")
    page = client.get(f"{link(signature)}?step=name")
    assert 'value="Ada Adeyemmi"' in page.text
    for _ in range(2):
        sent = client.post(link(signature), data={"action": "rename", "name": "  Ada   Adeyemi "})
        assert (sent.status_code, sent.location) == (303, link(signature))
    assert signature.name == "Ada Adeyemi"
    assert signature.is_valid
    assert petition.signature_count == 2
    (line,) = db.session.execute(select(AuditEntry).where(AuditEntry.action == "signature_renamed")).scalars()
    assert (line.actor, line.details) == ("signer", {})


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "see http://example.org", "turned \u202egnp"])
def test_a_name_keeps_the_rules_of_the_form(client: PageCheckingClient, name: str) -> None:
    signature = build.signature(build.open_petition(), name="Ada Adeyemi")
    page = client.post(link(signature), data={"action": "rename", "name": name})
    assert page.status_code == 422
    assert "There is a problem" in page.text
    assert "Correct your name" in page.text
    assert signature.name == "Ada Adeyemi"


def test_a_name_is_not_corrected_into_the_other_persons_of_the_mailbox(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    ada = build.signature(petition, email="home@example.org", name="Ada Adeyemi", seat=1)
    build.signature(petition, email="home@example.org", name="Bola Adeyemi", seat=2)
    build.signature(petition, email="other@example.org", name="Cleo Adeyemi")
    page = client.post(link(ada), data={"action": "rename", "name": "BOLA  adeyemi"})
    assert page.status_code == 422
    assert "Somebody else has signed with this name" in page.text
    assert ada.name == "Ada Adeyemi"
    assert client.post(link(ada), data={"action": "rename", "name": "Cleo Adeyemi"}).status_code == 303
    assert ada.name == "Cleo Adeyemi"


@pytest.mark.parametrize("state", ["held", "withdrawn", "refused", "invalidated"])
def test_the_name_of_what_does_not_run_stays(client: PageCheckingClient, state: str) -> None:
    signature = build.signature(build.open_petition(), state=state, name="Ada Adeyemi")
    assert "step=name" not in client.get(link(signature)).text
    assert client.post(link(signature), data={"action": "rename", "name": "Bola"}).status_code == 409
    assert signature.name == "Ada Adeyemi"


def test_a_petitioner_corrects_the_name_under_the_petition_until_it_is_checked(
    client: PageCheckingClient,
) -> None:
    petition = build.gathering_petition()
    client.post(link(build.creator_of(petition)), data={"action": "rename", "name": "Priya Patel"})
    assert (petition.creator_name, build.creator_of(petition).name) == ("Priya Patel", "Priya Patel")


# --- Erase --------------------------------------------------------------------------------------------------------


def test_erasing_ends_on_a_page_that_names_nobody(client: PageCheckingClient) -> None:
    signature = build.signature(build.open_petition(), name="Ada Adeyemi", email="ada@example.org")
    for _ in range(2):
        sent = client.post(link(signature), data={"action": "erase"})
        assert (sent.status_code, sent.location) == (303, "/signatures/erased")
    end = client.get(sent.location)
    assert "It is erased" in end.text
    for path in (link(signature), path_of(links.unsubscribe(signature)), f"{link(signature)}?step=name"):
        page = client.get(path)
        assert page.status_code == 200
        assert "Adeyemi" not in page.text
        assert "ada@" not in page.text


def test_erasing_while_the_petition_runs_withdraws_too(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    signature = build.signature(petition, email="ada@example.org", name="Ada Adeyemi", wants_updates=True)
    sign(client, petition, name="Bola", postcode="ZZ9 9ZZ", email="ADA@example.org")
    step = client.get(f"{link(signature)}?step=erase")
    assert "withdrawn with it" in step.text
    for _ in range(2):
        assert client.post(link(signature), data={"action": "erase"}).status_code == 303
    assert sealed(signature) == [None] * 5
    assert signature.state is SignatureState.WITHDRAWN
    assert petition.signature_count == 1
    assert list(db.session.execute(select(Mail.recipient_sealed)).scalars()) == [None]
    build.work()
    assert build.captured() == []
    page = client.get(link(signature))
    assert "is erased" in page.text
    assert client.post(link(signature), data={"action": "export"}).status_code == 200
    client.post(link(signature), data={"action": "start"})
    assert not signature.wants_updates
    sign(client, petition)


def test_erasing_after_the_end_leaves_the_count(client: PageCheckingClient) -> None:
    petition = build.closed_petition()
    signature = build.signature(petition)
    assert "its count stays" in client.get(f"{link(signature)}?step=erase").text
    client.post(link(signature), data={"action": "erase"})
    assert sealed(signature) == [None] * 5
    assert signature.is_valid
    assert signature.counted_at is not None
    assert petition.signature_count == 2


def test_what_does_not_count_can_be_erased_too(client: PageCheckingClient) -> None:
    signature = build.signature(build.open_petition(), state="refused")
    assert "no count changes" in client.get(f"{link(signature)}?step=erase").text
    client.post(link(signature), data={"action": "erase"})
    assert sealed(signature) == [None] * 5


def test_a_petitioner_is_erased_when_the_petition_is_over(client: PageCheckingClient) -> None:
    petition = build.closed_petition()
    creator = build.creator_of(petition)
    assert client.post(link(creator), data={"action": "erase"}).status_code == 303
    assert sealed(creator) == [None] * 5


@pytest.mark.parametrize("state", ["rejected", "hidden", "lapsed"])
def test_with_the_petitioner_the_name_on_the_petition_is_erased(
    client: PageCheckingClient, state: str
) -> None:
    petition = build.petition(state)
    assert petition.creator_name is not None
    client.post(link(build.creator_of(petition)), data={"action": "erase"})
    assert petition.creator_name is None


@pytest.mark.parametrize("state", ["pending", "refused"])
def test_what_was_erased_is_not_confirmed_any_more(client: PageCheckingClient, state: str) -> None:
    petition = build.open_petition()
    signature = build.signature(petition, state=state, ended_at=clock.now() if state == "refused" else None)
    confirm = links.confirm_signature(signature).removeprefix("http://localhost")
    assert petition.closes_at is not None
    with clock.fixed(petition.closes_at + timedelta(hours=1)):
        build.change(signature, link_sent_at=clock.now(), ended_at=signature.ended_at and clock.now())
        client.post(link(signature), data={"action": "erase"})
        client.post(confirm, data={"answer": "yes"})
        assert client.get(confirm).status_code == 410
    assert not signature.is_valid


@pytest.mark.parametrize("data", [{}, {"action": "x"}, {"action": ""}, {"answer": "yes"}])
def test_another_action_changes_nothing(client: PageCheckingClient, data: dict[str, str]) -> None:
    signature = build.signature(build.open_petition())
    assert client.post(link(signature), data=data).status_code == 422
    assert signature.is_valid


def test_the_title_of_what_was_taken_down_is_shown_to_nobody(client: PageCheckingClient) -> None:
    petition = build.open_petition(action="Words that may not be shown")
    signature = build.signature(petition, wants_updates=True)
    build.change(petition, state=State.HIDDEN, hidden_at=clock.now())
    for path in (link(signature), path_of(links.unsubscribe(signature))):
        page = client.get(path)
        assert page.status_code == 200
        assert "Words that may not" not in page.text


# --- Unsubscribe --------------------------------------------------------------------------------------------------


def test_unsubscribing_takes_a_button_and_leaves_the_signature(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    signature = build.signature(petition, wants_updates=True)
    path = path_of(links.unsubscribe(signature))
    for _ in range(20):
        assert "Stop the e-mails about this petition?" in client.get(path).text
        client.head(path)
    assert signature.wants_updates
    for _ in range(2):
        response = client.post(path)
        assert (response.status_code, response.location) == (303, path)
    assert not signature.wants_updates
    assert signature.is_valid
    assert petition.signature_count == 2
    assert "You get no more e-mails" in client.get(path).text


def test_unsubscribing_offers_all_mail_from_the_site_and_the_way_back(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    signature = build.signature(petition, wants_updates=True, email="ada@example.org")
    path = path_of(links.unsubscribe(signature))
    page = client.get(path)
    assert 'value="petition" checked' in page.text
    for _ in range(2):
        assert client.post(path, data={"choice": "all"}).location == path
        assert suppressions.is_suppressed("ada@example.org")
    assert "gets no e-mails from this site" in client.get(path).text
    assert 'value="all" checked' in client.get(path).text
    client.post(path, data={"List-Unsubscribe": "One-Click"})
    client.post(path)
    assert suppressions.is_suppressed("ada@example.org"), "a machine does not let mails come again"
    client.post(path, data={"choice": "petition"})
    assert not suppressions.is_suppressed("ada@example.org")
    assert not signature.wants_updates
    client.post(path, data={"choice": "none"})
    assert signature.wants_updates
    assert signature.is_valid
    assert petition.signature_count == 2


def test_nothing_to_stop_changes_nothing(client: PageCheckingClient) -> None:
    signature = build.signature(build.open_petition(), wants_updates=False)
    path = path_of(links.unsubscribe(signature))
    assert client.post(path, data={"choice": "none"}).status_code == 303
    assert not signature.wants_updates
    assert signature.mails_stopped_at is None
    assert client.post(path, data={"choice": "x"}).status_code == 422


def test_the_mail_programs_own_button_works_without_page_or_cookie(client: PageCheckingClient) -> None:
    signature = build.signature(build.open_petition(), wants_updates=True)
    path = path_of(links.unsubscribe(signature))
    for _ in range(2):
        response = client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
        assert response.data == b""
        assert "Set-Cookie" not in response.headers
    assert not signature.wants_updates


def test_one_click_works_as_multipart_too(client: PageCheckingClient) -> None:
    signature = build.signature(build.open_petition(), wants_updates=True)
    response = client.post(
        path_of(links.unsubscribe(signature)),
        data={"List-Unsubscribe": "One-Click"},
        content_type="multipart/form-data",
    )
    assert response.status_code == 200
    assert not signature.wants_updates


# --- Find what you signed -----------------------------------------------------------------------------------------


def test_the_list_goes_to_the_mailbox_and_the_reply_is_the_same(client: PageCheckingClient) -> None:
    first, second, hidden = build.open_petition(), build.closed_petition(), build.open_petition()
    for petition in (first, second, hidden):
        build.signature(petition, email="ada@example.org", name="Ada Adeyemi")
    build.change(hidden, state=State.HIDDEN, hidden_at=clock.now())
    replies = set()
    for address in ("ada+x@example.org", "nobody@example.org"):
        response = client.post("/signatures/find", data={"email": address})
        replies.add((response.status_code, response.location))
    assert replies == {(303, "/signatures/find?sent=yes")}
    assert "Check your e-mail" in client.get("/signatures/find?sent=yes").text
    build.work()
    (mail,) = build.captured()
    assert mail["To"] == "ada+x@example.org"
    text = build.text_of(mail)
    assert first.action in text
    assert second.action in text
    assert hidden.action not in text
    assert "A petition that was taken down" in text
    assert text.count("/signatures/") == 3
    (signature,) = signatures_of(first)
    assert client.get(link(signature)).status_code == 200
    assert links.my_signature(signature) in text


def test_at_most_two_lists_a_day(client: PageCheckingClient) -> None:
    build.signature(build.open_petition(), email="ada@example.org")
    for _ in range(4):
        assert client.post("/signatures/find", data={"email": "ada@example.org"}).status_code == 303
    build.work()
    assert len(build.captured()) == 2


def test_many_petitions_are_searched_in_portions(
    client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("petitions.mail.messages.signing.HASHES_AT_ONCE", 2)
    petitions = [build.open_petition() for _ in range(5)]
    for petition in (petitions[0], petitions[4]):
        build.signature(petition, email="ada@example.org")
    client.post("/signatures/find", data={"email": "ada@example.org"})
    build.work()
    text = build.text_of(build.captured()[0])
    assert [petition.action in text for petition in petitions] == [True, False, False, False, True]


@pytest.mark.parametrize("email", ["", "ada", "a@b@c", "x" * 300 + "@example.org", "ada\x00@example.org"])
def test_an_address_that_is_none_is_told_what_to_do(client: PageCheckingClient, email: str) -> None:
    response = client.post("/signatures/find", data={"email": email})
    assert response.status_code == 422
    assert "There is a problem" in response.text
    assert db.session.execute(select(Mail)).first() is None
    assert client.get("/signatures/find").status_code == 200
