"""Writing a petition: one question a page, nothing typed is lost, and nothing is stored before the end."""

import re

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from petitions import tokens
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import AuditEntry, Mail, Petition, PetitionText, Signature, SignatureState
from petitions.tokens import Purpose
from tests import build
from tests.client import PageCheckingClient
from tests.starting.writing import ADDRESS, ANSWERS, Writer, heading

UNUSABLE = [
    ("NUL", "a\x00b"),
    ("bidi", "abc \u202edef"),
    ("control", "a\x07b"),
    ("replacement", "a\ufffdb"),
    ("zero width", "a\u200bb"),
    ("stacked marks", "a" + "\u0301" * 9),
    ("private", "a\ue000"),
]


def stored() -> int:
    return db.session.execute(select(func.count()).select_from(Petition)).scalar_one()


def the_petition() -> Petition:
    return db.session.execute(select(Petition)).scalar_one()


def test_a_browser_goes_back_to_pages_that_name_nobody_and_no_page_sets_a_cookie(
    client: PageCheckingClient,
) -> None:
    writer = Writer(client)
    assert writer.stage == "eligible"
    seen = []
    for stage in ["action", "similar", "background", "additional_details", "about_you", "check"]:
        response = writer.go_to(stage)
        seen.append(writer.stage)
        names_somebody = stage == "check"
        assert response.headers["Cache-Control"] == ("no-store" if names_somebody else "private, no-cache")
        assert "Set-Cookie" not in response.headers
    assert seen == ["action", "similar", "background", "additional_details", "about_you", "check"]
    assert stored() == 0


def test_the_whole_way_stores_one_petition_that_waits_for_its_petitioner(client: PageCheckingClient) -> None:
    place_id = build.place(postcode_prefixes=["AB1"]).id
    writer = Writer(client)
    writer.go_to("check", updates="y")
    response = writer.press()
    assert response.status_code == 303
    assert response.location == "/petitions/thank-you"
    assert client.get(response.location).headers["Cache-Control"] == "no-store"

    petition = the_petition()
    assert petition.state is State.PENDING
    assert (petition.action, petition.background) == (ANSWERS["action"], ANSWERS["background"])
    assert petition.additional_details == ANSWERS["additional_details"]
    assert petition.creator_name == "Ines Okafor"
    text = db.session.get_one(PetitionText, (petition.id, 1))
    assert text.action == petition.action
    creator = build.creator_of(petition)
    assert (creator.name, creator.email, creator.postcode) == ("Ines Okafor", "ines@example.org", "AB1 2CD")
    assert creator.state is SignatureState.PENDING
    assert creator.place_id == place_id
    assert creator.wants_updates
    assert creator.ip == "127.0.0.1"
    assert petition.signature_count == 0
    line = db.session.execute(select(AuditEntry)).scalar_one()
    assert (line.action, line.actor, line.petition_id) == ("started", "petitioner", petition.id)


def test_the_check_page_shows_every_answer_as_text(client: PageCheckingClient) -> None:
    writer = Writer(client)
    page = writer.go_to(
        "check", action="Ban <script>alert(1)</script> & more", country="FR", postcode=""
    ).text
    assert "Ban &lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page
    assert "<script>alert" not in page
    for words in ["ines@example.org", "Ines Okafor", "France", "Not given", "They are full."]:
        assert words in page


def test_back_keeps_what_was_typed_even_when_it_could_not_be_taken(client: PageCheckingClient) -> None:
    writer = Writer(client)
    writer.go_to("background")
    long = "No bus. " * 59 + "No bus."
    writer.press("back", background=long)
    assert writer.stage == "similar"
    writer.press("back")
    assert (writer.stage, writer.typed["action"]) == ("action", ANSWERS["action"])
    writer.press()
    writer.press()
    assert writer.typed["background"] == long
    writer.press("back")
    writer.press("back")
    writer.press("back")
    assert (writer.stage, writer.typed["eligible"]) == ("eligible", "yes")


def test_back_from_the_first_page_stays_there(client: PageCheckingClient) -> None:
    writer = Writer(client)
    assert writer.press("back", eligible="no").status_code == 200
    assert (writer.stage, writer.typed["eligible"]) == ("eligible", "no")


def test_changing_one_answer_at_the_end_leads_straight_back_there(client: PageCheckingClient) -> None:
    writer = Writer(client)
    writer.go_to("check")
    writer.press("change:background")
    assert (writer.stage, writer.typed["background"]) == ("background", ANSWERS["background"])
    writer.press(background="A shorter reason.")
    assert writer.stage == "check"
    assert "A shorter reason." in writer.page.text
    writer.press("change:about_you")
    writer.press(name="Ines B. Okafor")
    assert writer.stage == "check"
    writer.press()
    assert (the_petition().background, the_petition().creator_name) == ("A shorter reason.", "Ines B. Okafor")


def test_a_new_title_at_the_end_is_held_against_other_petitions_first(client: PageCheckingClient) -> None:
    writer = Writer(client)
    writer.go_to("check")
    writer.press("change:action")
    writer.press(action="Build more cycle lanes")
    assert writer.stage == "similar"
    writer.press()
    assert writer.stage == "check"


def test_unticking_the_box_for_mails_is_noticed(client: PageCheckingClient) -> None:
    writer = Writer(client)
    writer.go_to("check", updates="y")
    writer.press("change:about_you")
    assert writer.typed["updates"] == "y"
    without = {name: value for name, value in writer.typed.items() if name != "updates"}
    writer.page = client.post(ADDRESS, data=without)
    writer.press()
    assert not build.creator_of(the_petition()).wants_updates


def test_who_is_not_eligible_is_told_so_and_may_change_the_answer(client: PageCheckingClient) -> None:
    writer = Writer(client)
    page = writer.press(eligible="no")
    assert heading(page) == "You cannot start a petition here"
    writer.press("change:eligible")
    assert writer.typed["eligible"] == "no"
    writer.press(eligible="yes")
    assert writer.stage == "action"
    refused = client.post(ADDRESS, data=ANSWERS | {"eligible": "no"})
    assert refused.status_code == 422
    assert stored() == 0


@pytest.mark.parametrize(
    ("stage", "field", "wrong", "message"),
    [
        ("eligible", "eligible", "", "Choose yes or no."),
        ("eligible", "eligible", "perhaps", "Choose yes or no."),
        ("action", "action", "", "Enter what should be done."),
        ("action", "action", " \t ", "Enter what should be done."),
        ("action", "action", "a" * 81, "Shorten this by 1 character."),
        ("background", "background", "", "Enter why it should be done."),
        ("background", "background", "b" * 303, "Shorten this by 3 characters."),
        ("additional_details", "additional_details", "c" * 801, "Shorten this by 1 character."),
        ("about_you", "name", "", "Enter your name."),
        ("about_you", "name", "   ", "Enter your name."),
        ("about_you", "name", "see www.example.com", "Enter a name without a web address."),
        ("about_you", "email", "ines", "Enter an e-mail address"),
        ("about_you", "postcode", "", "Enter your postcode."),
        ("about_you", "country", "Atlantis", "Choose a country from the list."),
    ],
)
def test_a_refused_answer_says_what_to_do_and_loses_nothing(
    client: PageCheckingClient, stage: str, field: str, wrong: str, message: str
) -> None:
    writer = Writer(client)
    writer.go_to(stage)
    response = writer.press(**{field: wrong})
    assert response.status_code == 422
    assert writer.stage == stage
    title = re.search(r"<title>(.*?)</title>", response.text, re.DOTALL)
    assert title is not None
    assert title[1].strip().startswith("Error:")
    summary = response.text.partition('class="error-summary"')[2].partition("</div>")[0]
    assert message in summary
    target = re.search(r'href="#([\w-]+)"', summary)
    assert target is not None
    assert f'id="{target[1]}"' in response.text
    if field not in {"eligible", "country"}:
        assert writer.typed[field].strip() == wrong.strip()
    writer.press(**{field: ANSWERS[field]})
    writer.go_to("check")
    assert stored() == 0


@pytest.mark.parametrize(
    ("field", "limit"), [("action", 80), ("background", 300), ("additional_details", 800)]
)
def test_the_limit_is_counted_in_characters_and_may_be_used_up(
    client: PageCheckingClient, field: str, limit: int
) -> None:
    writer = Writer(client)
    page = writer.go_to(field).text
    assert f"You can use up to {limit} characters" in page
    assert f'data-limit="{limit}"' in page
    full = "🚌" * (limit - 1) + "é"
    assert writer.press(**{field: full + "x"}).status_code == 422
    assert writer.press(**{field: full}).status_code == 200
    # A line break is one character, however the browser sends it.
    assert (
        client.post(ADDRESS, data=ANSWERS | {"background": "a" * 149 + "\r\n" + "b" * 150}).status_code == 303
    )


def test_a_title_is_one_line(client: PageCheckingClient) -> None:
    client.post(ADDRESS, data=ANSWERS | {"action": " Guarantee\r\na  night\u2028bus "})
    assert the_petition().action == "Guarantee a night bus"


@pytest.mark.parametrize("field", ["action", "background", "additional_details", "name", "email"])
@pytest.mark.parametrize("bad", [text for _, text in UNUSABLE], ids=[name for name, _ in UNUSABLE])
@pytest.mark.database("sqlite")
def test_characters_that_mislead_or_cannot_be_shown_are_refused(
    client: PageCheckingClient, field: str, bad: str
) -> None:
    refused = client.post(ADDRESS, data=ANSWERS | {field: f"x{bad}@example.org" if field == "email" else bad})
    assert refused.status_code == 422
    assert stored() == 0


def test_names_and_titles_of_every_script_pass(client: PageCheckingClient) -> None:
    words = {"name": "محمد Nguyễn 李 O’Neil", "action": "שיפור התחבורה · बस सेवा · عدالة"}
    assert client.post(ADDRESS, data=ANSWERS | words).status_code == 303
    assert (the_petition().creator_name, the_petition().action) == (words["name"], words["action"])


@pytest.mark.parametrize("marked", [{}, {"stage": "check"}, {"stage": "check", "move": "next"}])
def test_a_plain_client_may_send_all_answers_at_once(
    client: PageCheckingClient, marked: dict[str, str]
) -> None:
    response = client.post(ADDRESS, data=ANSWERS | marked)
    assert response.status_code == 303
    assert the_petition().action == ANSWERS["action"]


def test_at_the_end_everything_is_checked_again_and_the_first_fault_is_shown(
    client: PageCheckingClient,
) -> None:
    wrong = ANSWERS | {"stage": "check", "background": "b" * 301, "name": ""}
    response = client.post(ADDRESS, data=wrong)
    assert response.status_code == 422
    writer = Writer(client)
    writer.page = response
    assert writer.stage == "background"
    assert writer.typed["background"] == "b" * 301
    writer.press(background="Shorter.")
    assert writer.stage == "additional_details"
    writer.press()
    writer.press(name="Ines Okafor")
    assert writer.stage == "check"
    assert client.post(ADDRESS, data={}).status_code == 422


def test_a_page_that_was_jumped_over_is_asked_before_the_end(client: PageCheckingClient) -> None:
    response = client.post(
        ADDRESS, data={"stage": "about_you", "move": "next", "name": "Ines Okafor"} | ANSWERS | {"action": ""}
    )
    assert response.status_code == 422
    assert 'value="action"' in response.text


def test_only_the_fields_of_the_form_are_read(client: PageCheckingClient) -> None:
    more = {
        "state": "open",
        "signature_count": "9",
        "id": "77",
        "opened_at": "2020-01-01",
        "mark": "m",
        "creator_name": "X",
    }
    assert client.post(ADDRESS, data=ANSWERS | more).status_code == 303
    petition = the_petition()
    assert (petition.state, petition.signature_count, petition.opened_at) == (State.PENDING, 0, None)
    assert petition.creator_name == "Ines Okafor"


def test_of_a_repeated_field_the_first_counts(client: PageCheckingClient) -> None:
    posted = MultiDict(ANSWERS)
    posted.add("action", "Another title")
    assert client.post(ADDRESS, data=posted).status_code == 303
    assert the_petition().action == ANSWERS["action"]


def test_pressing_the_last_button_twice_starts_one_petition(client: PageCheckingClient) -> None:
    writer = Writer(client)
    writer.go_to("check")
    last = writer.page
    assert writer.press().status_code == 303
    writer.page = last
    assert writer.press().status_code == 303
    assert stored() == 1
    assert db.session.execute(select(func.count()).select_from(Mail)).scalar_one() == 1
    writer.page = last
    writer.press("change:action")
    writer.press(action="Another petition altogether")
    writer.press()
    assert writer.press().status_code == 303
    assert stored() == 2


@pytest.mark.parametrize("draft", ["x", "cut", "altered", "other purpose", "huge"])
def test_a_draft_that_is_not_ours_is_said_to_be_lost_and_what_was_typed_stays(
    client: PageCheckingClient, draft: str
) -> None:
    writer = Writer(client)
    writer.go_to("background")
    token = writer.typed["draft"]
    broken = {
        "x": "x",
        "cut": token[:-3],
        "altered": ("A" if token[5] != "A" else "B").join([token[:5], token[6:]]),
        "other purpose": tokens.sign(Purpose.PETITIONER, {"action": "Forged"}),
        "huge": token + "x" * 60_000,
    }[draft]
    response = writer.press(draft=broken, background="Only this is left.")
    assert response.status_code == 422
    assert "We could not read your earlier answers" in response.text
    assert writer.stage == "eligible"
    writer.press(eligible="yes")
    writer.press(action="Again")
    writer.press()
    assert writer.typed["background"] == "Only this is left."


@pytest.mark.parametrize(
    "posted",
    [
        {"stage": "nowhere"},
        {"stage": "not_eligible"},
        {"stage": "action", "move": "jump"},
        {"stage": "action", "move": "change:nowhere"},
        {"stage": ""},
    ],
)
def test_a_page_or_a_move_that_does_not_exist_is_a_bad_request(
    client: PageCheckingClient, posted: dict[str, str]
) -> None:
    assert client.post(ADDRESS, data=ANSWERS | posted).status_code == 400
    assert stored() == 0


def test_bodies_of_every_kind_have_a_clear_answer(client: PageCheckingClient) -> None:
    assert client.post(ADDRESS, data=ANSWERS | {"background": "b" * 70_000}).status_code == 413
    form = "application/x-www-form-urlencoded"
    # What is no UTF-8 is refused as a whole: it would be stored as percent signs.
    page = client.post(ADDRESS, data=b"stage=action&move=back&action=%ff%fe", content_type=form)
    assert page.status_code == 400
    assert client.post(ADDRESS, data=b"\x00\xff\xfe", content_type=form).status_code == 400
    assert client.post(ADDRESS, data=b"{}", content_type="application/json").status_code == 422
    assert client.post(ADDRESS, data=b"--x", content_type="multipart/form-data; boundary=y").status_code in {
        400,
        422,
    }
    assert client.post(ADDRESS, data=ANSWERS, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert stored() == 0


@pytest.mark.settings(ratelimit_enabled="yes")
def test_only_submitting_is_limited(client: PageCheckingClient) -> None:
    for _ in range(30):
        assert client.post(ADDRESS, data={"stage": "eligible", "eligible": "yes"}).status_code == 200
    codes = [client.post(ADDRESS, data=ANSWERS).status_code for _ in range(22)]
    assert codes[:20] == [303] * 20
    assert codes[-1] == 429


def test_opening_the_pages_stores_nothing(client: PageCheckingClient) -> None:
    for path in ["/petitions/start", ADDRESS, "/petitions/thank-you"]:
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert stored() == 0


@pytest.mark.settings(
    response_threshold=1234, debate_threshold=5678, supporters_needed=7, eligibility="I live on this island"
)
def test_the_first_page_says_the_rules_as_they_are_set(client: PageCheckingClient) -> None:
    response = client.get("/petitions/start")
    assert "public" in response.headers["Cache-Control"]
    for words in ["1,234", "5,678", "7 people", "I live on this island", 'href="/petitions/new"']:
        assert words in response.text


def test_abroad_needs_no_postcode_and_gives_no_place(client: PageCheckingClient) -> None:
    build.place(postcode_prefixes=["AB1"])
    assert client.post(ADDRESS, data=ANSWERS | {"country": "FR", "postcode": "AB1 2CD"}).status_code == 303
    creator = db.session.execute(select(Signature)).scalar_one()
    assert (creator.country, creator.place_id) == ("FR", None)
