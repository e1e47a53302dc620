"""A petition's page says what may be said in its state, shows the words as they were written, and no more."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import Debate, Outcome, Petition, Rejection, Response, ResponseVersion
from tests import build
from tests.browsing.pages import count_queries, words
from tests.client import PageCheckingClient

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECRET = "zebra crossing for hedgehogs"


@transactional
def answer(petition: Petition, **columns: object) -> None:
    values = {
        "summary": "We will do it.",
        "body": "# Why\n\nBecause **you** asked.\n\n* one\n* two\n\n<script>alert(1)</script> [x](javascript:alert(1))",
        "outcome": Outcome.PARTLY_AGREED,
        "responded_on": date(2026, 11, 20),
        "published_at": NOON,
    }
    row = Response(petition_id=petition.id, **values | columns)
    db.session.add(row)
    db.session.flush()
    for version in (1, 2):
        db.session.add(
            ResponseVersion(
                response_id=row.id, version=version, summary=row.summary, body=row.body, published_at=NOON
            )
        )


def get(client: PageCheckingClient, petition: Petition) -> tuple[int, str]:
    response = client.get(f"/petitions/{petition.id}")
    return response.status_code, response.text


@pytest.mark.parametrize(
    ("state", "published", "status", "shows_text"),
    [
        (State.PENDING, False, 404, False),
        (State.GATHERING, False, 200, False),
        (State.REVIEW, False, 200, False),
        (State.OPEN, True, 200, True),
        (State.CLOSED, True, 200, True),
        (State.REJECTED, False, 200, True),
        (State.REJECTED, True, 200, True),
        (State.HIDDEN, False, 404, False),
        (State.HIDDEN, True, 410, False),
        (State.WITHDRAWN, False, 404, False),
        (State.WITHDRAWN, True, 200, False),
        (State.LAPSED, False, 404, False),
    ],
)
def test_each_state_has_its_page(
    client: PageCheckingClient, state: State, published: bool, status: int, shows_text: bool
) -> None:
    opened: dict[str, Any] = (
        {"opened_at": clock.now()} if published and state not in {State.OPEN, State.CLOSED} else {}
    )
    petition = build.petition(state, action=f"Paint a {SECRET}", background=f"Many a {SECRET}.", **opened)
    code, page = get(client, petition)
    assert code == status
    assert (f"Many a {SECRET}" in page) is shows_text
    if not published and not shows_text:
        assert SECRET not in page
    assert ("Sign this petition" in page) is (state is State.OPEN)


def test_gathering_and_checking_say_what_happens_next(client: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        gathering, review = build.gathering_petition(), build.review_petition()
        assert "gathering support" in words(get(client, gathering)[1])
        assert "Being checked since 23 November 2026. We promise a decision by 7 December 2026." in words(
            get(client, review)[1]
        )
    with clock.fixed(NOON + timedelta(days=20)):
        assert "We promised a decision by 7 December 2026 and are late." in words(get(client, review)[1])
    with clock.fixed(NOON + timedelta(days=31)):
        assert get(client, gathering)[0] == 404


@pytest.mark.parametrize(
    "number", ["0", "999", "2147483647", "2147483648", "9223372036854775808", "9" * 30, "-1", "x", "1.0", "١"]
)
@pytest.mark.parametrize("rest", ["", "/count.json", "/history.json", "/history.csv"])
def test_a_number_that_is_no_petition_is_not_found(
    client: PageCheckingClient, number: str, rest: str
) -> None:
    assert client.get(f"/petitions/{number}{rest}").status_code == 404


def test_an_open_petition_shows_its_words_its_count_and_its_goals(client: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        topic, department = build.topic("Libraries"), build.department("Department of Culture")
        petition = build.open_petition(
            action="Open the library on Sundays",
            background="One line.\nThe next.\n\nA new thought.",
            creator="Priya Petitioner",
            topics=[topic],
            departments=[department],
            count=9_731,
        )
        page = get(client, petition)[1]
    text = words(page)
    assert "<p>One line.<br>The next.</p>\n<p>A new thought.</p>" in page
    assert "started by Priya Petitioner" in text
    assert "open until 23 May 2027" in text
    assert "9,731 confirmed signatures" in text
    assert "10,000 for an answer 269 to go" in text
    assert "100,000 for a debate 90,269 to go" in text
    assert "Department of Culture" in text
    assert 'href="/petitions?topic=libraries"' in page
    assert f'data-count-url="/petitions/{petition.id}/count.json"' in page
    assert f'href="/petitions/{petition.id}/signatures/new"' in page
    assert f'<link rel="canonical" href="http://localhost/petitions/{petition.id}">' in page
    assert '<meta name="description" content="One line. The next.  A new thought.">' in page
    assert '<meta property="og:title" content="Open the library on Sundays">' in page


def test_the_clock_closes_a_petition_and_takes_its_petitioners_name_off(client: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        petition = build.open_petition(creator="Priya Petitioner", count=50)
    assert petition.closes_at is not None
    with clock.fixed(petition.closes_at + timedelta(milliseconds=1)):
        page = get(client, petition)[1]
    assert "Sign this petition" not in page
    assert "data-count-url" not in page
    assert "Priya" not in page
    assert "Closed" in words(page)
    assert "closed on 23 May 2027" in words(page)
    assert "50 confirmed signatures" in words(page)
    assert "to go" not in words(page)


def test_signatures_of_the_last_hour_are_told_exactly(client: PageCheckingClient) -> None:
    with clock.fixed(NOON - timedelta(hours=3)):
        petition = build.open_petition()
    # The 60 minutes before the present one: the first of them is that of 60 minutes ago.
    for minutes in (90, 61, 60, 59, 1, 0):
        with clock.fixed(NOON - timedelta(minutes=minutes)):
            build.signature(petition)
    with clock.fixed(NOON + timedelta(seconds=30)):
        assert "+3 in the last hour" in words(get(client, petition)[1])


def test_the_duty_stands_on_the_page_in_its_sentence(client: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        petition = build.open_petition(departments=[build.department("Department of Transport")])
        build.cross(petition)
        text = words(get(client, petition)[1])
    assert "The Department of Transport owes an answer by 14 December; 21 days left." in text
    assert "reached" in text
    assert "What happened Reached 10,000: an answer is owed" in text


def test_the_answer_is_shown_with_safe_markdown_and_its_versions(client: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        petition = build.open_petition()
        build.cross(petition)
        answer(petition, department_id=build.department("Department of Culture").id)
        page = get(client, petition)[1]
    assert "Partly agreed" in words(page)
    assert "Department of Culture · answered on 23 November 2026" in words(page)
    assert "We will do it." in words(page)
    assert "<h3>Why</h3>" in page
    assert "<strong>you</strong>" in page
    assert "<script>alert" not in page
    assert 'href="javascript:' not in page
    assert f'href="/petitions/{petition.id}/response/versions"' in page


def test_the_debate_is_shown_before_and_after(client: PageCheckingClient) -> None:
    to_come, held, refused = (build.open_petition() for _ in range(3))

    @transactional
    def add() -> None:
        db.session.add_all(
            [
                Debate(petition_id=to_come.id, scheduled_on=date(2026, 12, 1), scheduled_at=NOON),
                Debate(
                    petition_id=held.id, debated=True, debated_on=date(2026, 11, 3), outcome_at=NOON,
                    overview="Members spoke.", transcript_url="https://example.org/t", video_url="https://example.org/v",
                ),
                Debate(petition_id=refused.id, debated=False, outcome_at=NOON, overview="No time was found."),
            ]
        )  # fmt: skip

    add()
    assert "It is set for 1 December 2026 in Parliament." in words(get(client, to_come)[1])
    page = get(client, held)[1]
    assert "Held on 3 November 2026 in Parliament. Members spoke. Transcript Video" in words(page)
    assert 'href="https://example.org/t"' in page
    assert "There will be no debate. Decided on 23 November 2026. No time was found." in words(
        get(client, refused)[1]
    )


def test_a_refusal_gives_its_reason_and_no_total(client: PageCheckingClient) -> None:
    original = build.open_petition(action="The first of its kind")
    hidden = build.petition("hidden", action="Not to be named")
    refused, other = build.petition("rejected", supporters=5), build.petition("rejected", supporters=5)

    @transactional
    def point(petition: Petition, to: Petition) -> None:
        row = db.session.get_one(Rejection, petition.id)
        row.code, row.details, row.original_id = "duplicate", "It is <b>the same</b>.", to.id

    point(refused, original)
    point(other, hidden)
    page = get(client, refused)[1]
    text = words(page)
    assert "Rejected: It repeats another petition It is <b>the same</b>." in text
    assert "This petition already asks for the same: The first of its kind" in text
    assert f'href="/petitions/{original.id}"' in page
    assert "confirmed signature" not in text
    assert "Signatures over time" not in text
    assert "Not to be named" not in get(client, other)[1]


def test_a_withdrawn_petition_shows_its_title_and_a_notice(client: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        petition = build.petition(
            "withdrawn", action="Save the bench", opened_at=NOON - timedelta(days=3), count=12
        )
        text = words(get(client, petition)[1])
    assert "Save the bench" in text
    assert "Its petitioner took it back on 23 November 2026." in text
    assert "12 people had signed it." in text


@pytest.mark.parametrize(
    "title",
    [
        "W" * 80,
        "<b>&amp;</b> \"quoted\" 'words'",
        "شارع آمن لكل طفل",
        "{{ 7*7 }} %(x)s {n}",
        "e\u0301\u0301\u0301 🚲 \u200b",
    ],
)
def test_odd_words_are_shown_as_they_are(client: PageCheckingClient, title: str) -> None:
    petition = build.open_petition(
        action=title, background=title * 3, additional_details="\r\n\r\n" + title, count=901_913
    )
    text = words(get(client, petition)[1])
    assert " ".join(title.split()) in text
    assert "901,913" in text
    for path in ("/", "/petitions", "/trending"):
        assert client.get(path).status_code == 200


def test_a_petition_page_takes_at_most_twelve_queries(client: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        petition = build.open_petition(
            departments=[build.department()], topics=[build.topic("A"), build.topic("B")], supporters=5
        )
        build.cross(petition)
        build.cross(petition, "debate")
        answer(petition)
        refused = build.petition("rejected")
        for shown in (petition, refused):
            path = f"/petitions/{shown.id}"
            with count_queries() as statements:
                client.get(path)
            assert len(statements) <= 12, "\n".join(statements)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/petitions",
        "/trending",
        "/petitions/{}",
        "/petitions/{}/count.json",
        "/petitions/{}/history.csv",
    ],
)
def test_reading_touches_no_session_and_may_be_kept_for_seconds(
    client: PageCheckingClient, path: str
) -> None:
    with clock.fixed(NOON):
        path = path.format(build.open_petition().id)
        response = client.get(path, headers={"Cookie": "staff=anything"})
        assert response.status_code == 200
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")
        assert response.cache_control.public
        # People watch the count move; the rest may be ten seconds old.
        assert response.cache_control.s_maxage == (2 if path.endswith("count.json") else 10)
        assert client.get(path, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
        assert client.head(path).status_code == 200
