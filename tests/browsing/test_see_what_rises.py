"""What rises is worked out as the page says, for readers, programs and feeds, and home shows it beside what is owed."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from petitions import clock
from petitions.browsing import home, ranks, trailing, trending, unusual
from petitions.browsing.trending import Period
from petitions.counts import counting, rollups
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import MinuteCount, Petition, PublishedPlaceCount, RisingRank, Signature, TrailingCount
from tests import build, invariants
from tests.browsing.pages import count_queries, titles, words
from tests.client import PageCheckingClient

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def signed(petition: Petition, minutes_ago: float, number: int = 1) -> None:
    with clock.fixed(NOON - timedelta(minutes=minutes_ago)):
        build.signatures(petition, number)


@transactional
def signed_many(petition: Petition, hours_ago: float, number: int) -> None:
    """Many signatures that were counted at one moment."""
    with clock.fixed(NOON - timedelta(hours=hours_ago)):
        for _ in range(number):
            build.signature(petition, counted=False)
        counting.sweep()


def open_for(days: int, action: str = "", **columns: object) -> Petition:
    with clock.fixed(NOON - timedelta(days=days)):
        return build.open_petition(**({"action": action} if action else {}), **columns)


def test_the_hour_is_60_minutes_to_the_beginning_of_the_minute(client: PageCheckingClient) -> None:
    petition = open_for(9)
    for minutes in (60.5, 60, 59.9, 0.1, 0):
        signed(petition, minutes)
    with clock.fixed(NOON + timedelta(seconds=59)):
        at = trending.this_minute()
        window = trending.window_of(Period.HOUR, at)
        assert (window.since, window.until) == (NOON - HOUR, NOON)
        assert [row.signatures for row in trending.rising(Period.HOUR, at, 5)] == [3]
        assert trending.counted_lately(petition.id) == 3
        invariants.check()


def test_the_most_signed_come_first_and_the_day_decides_between_equals(client: PageCheckingClient) -> None:
    quiet, busy, equal, closed = (open_for(9, title) for title in ("quiet", "busy", "equal", "closed"))
    signed(busy, 5, 3)
    signed(quiet, 5, 2)
    signed(equal, 5, 2)
    signed(equal, 300, 4)
    signed(closed, 5, 9)
    with clock.fixed(NOON):
        build.change(closed, closes_at=NOON - timedelta(minutes=1))
        page = client.get("/trending").text
        assert titles(page) == ["busy", "equal", "quiet"]
        assert "From 23 November 2026, 11:00 up to 23 November 2026, 12:00." in words(page)
        page = client.get("/trending?period=day").text
        assert titles(page) == ["equal", "busy", "quiet"]
        assert "From 22 November 2026, 13:00 up to 23 November 2026, 12:00." in words(page)
        assert titles(client.get("/").text) == ["busy", "equal", "quiet"]


def test_a_week_is_168_hours_of_the_clock(client: PageCheckingClient) -> None:
    petition = open_for(30)
    for hours in (1, 30, 166.9, 167.1):
        signed(petition, 60 * hours)
    with clock.fixed(NOON):
        assert [row.signatures for row in trending.rising(Period.WEEK, NOON, 5)] == [3]
        assert titles(client.get("/trending?period=week").text) == [petition.action]


def test_what_is_taken_back_held_or_removed_no_longer_rises(client: PageCheckingClient) -> None:
    with clock.fixed(NOON - timedelta(minutes=9)):
        petition = build.open_petition()
        row, removed = build.signatures(petition, 2)
        build.signature(petition, state="held")

    @transactional
    def take_off() -> None:
        counting.uncount(db.session.get_one(Signature, row.id))
        petition_row = counting.lock_petition(petition.id)
        counting.uncount_many(petition_row, [removed.id])
        for each in (row.id, removed.id):
            counting.end(db.session.get_one(Signature, each), build.SignatureState.INVALIDATED)

    with clock.fixed(NOON):
        for period in Period:
            assert trending.rising(period, NOON, 5)[0].signatures == 3
        take_off()
        for period in Period:
            assert trending.rising(period, NOON, 5)[0].signatures == 3, "the list of that minute stays"
            assert trending.rising(period, NOON + MINUTE, 5)[0].signatures == 1
        invariants.check()


def test_minutes_are_forgotten_and_what_comes_back_late_breaks_nothing(client: PageCheckingClient) -> None:
    petition = open_for(2)
    signed(petition, 181)
    with clock.fixed(NOON - 5 * HOUR):
        row = build.signature(petition, counted=False)
    with clock.fixed(NOON):
        # Put back by staff: it counts in the hour where it stood, whose minutes nobody asks for any more.
        build.change(row, counted_before=NOON - 4 * HOUR)
        assert counting.sweep() == 1
        assert rollups.forget_minutes() == 2
        assert db.session.query(MinuteCount).count() == 0
        invariants.check()


def test_the_second_page_belongs_to_the_first(client: PageCheckingClient) -> None:
    first, second = open_for(9, "first"), open_for(9, "second")
    signed(first, 5, 3)
    signed(second, 5, 2)
    with clock.fixed(NOON):
        for path in ("/trending?count=1", "/trending?count=1&period=day"):
            page = client.get(path).text
            assert titles(page) == ["first"]
            assert "at=2026-11-23T12:00Z" in page.replace("%3A", ":")
        document = client.get("/trending.json?count=1&period=day").get_json()
        assert document["links"]["prev"] is None
        further = document["links"]["next"]
    signed(second, -5, 9)
    with clock.fixed(NOON + timedelta(minutes=20)):
        assert titles(client.get("/trending?count=1&period=day").text) == ["second"]
        page2 = client.get(further).get_json()
        assert [each["id"] for each in page2["data"]] == [second.id]
        assert page2["meta"]["updated_at"] == "2026-11-23T12:00:00.000Z"
        assert page2["links"]["next"] is None
    with clock.fixed(NOON + timedelta(hours=2)):
        # Too long ago: the list of now.
        assert client.get(further).get_json()["meta"]["updated_at"] == "2026-11-23T14:00:00.000Z"


@pytest.mark.parametrize("period", ["hour", "day", "week", "rising"])
def test_pages_of_a_list_miss_and_repeat_nothing_while_people_sign_and_withdraw(
    client: PageCheckingClient, period: str
) -> None:
    every = [open_for(9, f"petition {number}") for number in range(6)]
    for number, petition in enumerate(every):
        signed_many(petition, 0.5, 26 - number)
    seen: list[int] = []
    url, turn = f"/trending.json?count=2&period={period}", 0
    while url:
        with clock.fixed(NOON + turn * MINUTE + timedelta(seconds=20)):
            page = client.get(url).get_json()
            seen += [each["id"] for each in page["data"]]
            url, turn = page["links"]["next"], turn + 1
            # The first loses so many that it would come last, the last gains so many that it would come first.
            lose(every[0], 8)
            build.signatures(every[-1], 8)
            build.open_petition(action=f"new {turn}")
            if turn == 1:
                build.change(every[1], state="closed", closes_at=clock.now(), closed_at=clock.now())
    assert seen == [petition.id for petition in every]


def test_a_page_has_the_rows_that_the_whole_list_has_there(client: PageCheckingClient) -> None:
    for number in range(7):
        petition = open_for(9, f"petition {number}")
        signed_many(petition, 0.2, 3 if number == 4 else 2)
        signed_many(petition, 5, number * 2 % 5 + 1)
    with clock.fixed(NOON + timedelta(seconds=30)):
        whole = [tuple(row) for row in trending.most_signed(Period.HOUR, NOON, 50)]
        pages = [trending.most_signed(Period.HOUR, NOON, 2, skip=skip) for skip in range(0, 8, 2)]
    assert [tuple(row) for page in pages for row in page] == whole
    assert [row[1] for row in whole] == [3, 2, 2, 2, 2, 2, 2]
    assert {row[3] for row in whole} == {7}


def lists_at(at: datetime) -> list[object]:
    """What every list is made of at a moment."""
    with clock.fixed(at + timedelta(seconds=30)):
        ranked = [[tuple(row) for row in trending.most_signed(period, at, 50)] for period in Period]
        return [*ranked, sorted(unusual.figures(at), key=lambda each: each.petition_id)]


def test_sums_of_the_hour_and_of_an_hour_before_give_what_the_hours_give(client: PageCheckingClient) -> None:
    every = [open_for(9, f"petition {number}") for number in range(5)]
    for number, petition in enumerate(every):
        for hours in (0.2, 0.8, 1.5, 22.5, 23.5, 24.5, 100, 166.5, 167.5, 168.5, 190.5, 191.5):
            signed_many(petition, hours + 0.1 * number, 1 + number)
    for before in (timedelta(minutes=50), timedelta()):
        with clock.fixed(NOON - before + timedelta(seconds=20)):
            assert trailing.add_up() == 5
            assert trailing.add_up() == 0, "once in an hour"
        with clock.fixed(NOON + MINUTE):
            for petition in every[1:3]:
                lose(petition, 9)
        for minutes in (1, 2, 30):
            at = NOON + minutes * MINUTE
            from_sums = lists_at(at)
            with pytest.MonkeyPatch.context() as patch:
                for each in (trending, unusual):
                    patch.setattr(each, "newest_sums", lambda _at: None)
                assert lists_at(at) == from_sums, (before, minutes)
    with clock.fixed(NOON + 3 * HOUR + timedelta(seconds=20)):
        trailing.add_up()
        assert {row.hour for row in db.session.query(TrailingCount)} == {NOON + 3 * HOUR}


def test_the_places_written_down_are_those_worked_out(
    client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [open_for(9, f"petition {number}") for number in range(5)]
    for number, petition in enumerate(every):
        signed_many(petition, 0.2, 4 if number == 3 else 2)
        signed_many(petition, 5, 1 + number % 3)
    for each in (trending, ranks):
        monkeypatch.setattr(each, "PLACES", 3)
    addresses = ["/", *(f"/trending.json?period={period}&count=2" for period in Period)]
    with clock.fixed(NOON + timedelta(seconds=30)):
        whole, pages = lists_at(NOON), [client.get(address).text for address in addresses]
        assert ranks.write_down() == 9
        assert ranks.write_down() == 0, "once in a minute"
        with count_queries() as statements:
            assert [client.get(address).text for address in addresses[1:]] == pages[1:]
        assert not [each for each in statements if "_counts" in each]
        monkeypatch.setattr(home, "RISING_SHOWN", 3)
        assert titles(client.get("/").text) == titles(pages[0])[:3]
        lose(every[3], 4)
        for number, period in enumerate(Period):
            parts = [trending.most_signed(period, NOON, 2, skip=skip) for skip in (0, 1, 3)]
            assert [tuple(row) for row in (*parts[0], *parts[1][1:], *parts[2])] == whole[number], period


def test_the_list_of_the_minute_before_is_shown_until_the_next_is_written_down(
    client: PageCheckingClient,
) -> None:
    signed(open_for(9), 5)

    def shown_at(seconds: float, *, is_written: bool = False) -> str:
        with clock.fixed(NOON + timedelta(seconds=seconds)):
            if is_written:
                ranks.write_down()
            until: str = client.get("/trending.json").get_json()["meta"]["until"]
            return until[11:16]

    assert shown_at(5) == "12:00"
    assert shown_at(9, is_written=True) == "11:59", "somebody may still be counting for the present one"
    assert shown_at(11) == "11:59"
    assert shown_at(12, is_written=True) == "12:00"
    assert shown_at(119) == "12:00"
    assert shown_at(121) == "12:02", "no worker runs"
    assert shown_at(12 * 60, is_written=True) == "12:11"
    assert {row.minute for row in db.session.query(RisingRank)} == {NOON + 11 * MINUTE}


@transactional
def lose(petition: Petition, number: int) -> None:
    """Signatures are taken back."""
    mine = db.select(Signature).where(Signature.petition_id == petition.id, Signature.role == "signer")
    counted = mine.where(Signature.counted_at.is_not(None)).order_by(Signature.id).limit(number)
    for row in db.session.execute(counted).scalars():
        counting.uncount(row)
        counting.end(row, build.SignatureState.WITHDRAWN)


def test_programs_get_the_shape_of_the_uks_api(client: PageCheckingClient) -> None:
    petition = open_for(9)
    signed(petition, 5, 2)
    with clock.fixed(NOON + timedelta(seconds=30)):
        response = client.get("/trending.json")
    document = response.get_json()
    (item,) = document["data"]
    own = f"http://localhost/petitions/{petition.id}.json"
    assert {key: item[key] for key in ("type", "id", "links")} == {
        "type": "petition",
        "id": petition.id,
        "links": {"self": own},
    }
    assert item["attributes"]["signature_count"] == 2
    assert item["attributes"]["action"] == petition.action
    assert document["links"]["self"] == "http://localhost/trending.json"
    assert document["meta"]["updated_at"] == "2026-11-23T12:00:00.000Z"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_a_topic_narrows_every_list_and_the_feed_names_each_day_once(client: PageCheckingClient) -> None:
    topic = build.topic()
    narrow, wide = open_for(9, "narrow", topics=[topic]), open_for(9, "wide")
    for petition in (narrow, wide):
        signed_many(petition, 0.2, 30)
    with clock.fixed(NOON):
        for period in ("hour", "day", "week", "rising"):
            address = f"period={period}&topic={topic.code}"
            assert titles(client.get(f"/trending?{address}").text) == ["narrow"], period
            assert client.get(f"/trending.json?{address}").get_json()["meta"]["total"] == 1
        assert titles(client.get("/trending?topic=unknown").text) == []
        (entry,) = entries(client.get(f"/trending.atom?topic={topic.code}").data)
        assert entry["title"] == "narrow"
        assert entry["id"] == f"tag:localhost,2026-11-23:trending/hour/{narrow.id}"
        assert entry["summary"] == "30 signatures in the last hour."


def entries(document: bytes) -> list[dict[str, str]]:
    """The entries of a feed."""
    atom = "{http://www.w3.org/2005/Atom}"
    return [
        {part.tag.removeprefix(atom): part.text or "" for part in entry}
        for entry in ElementTree.fromstring(document).findall(f"{atom}entry")  # noqa: S314
    ]


def test_a_small_petition_that_is_signed_more_than_usual_comes_before_a_large_one(
    client: PageCheckingClient,
) -> None:
    small, large, tiny = open_for(20, "small"), open_for(20, "large", count=50_000), open_for(20, "tiny")
    signed_many(large, 60, 60)
    signed_many(large, 2, 40)
    signed_many(small, 2, 25)
    signed_many(tiny, 2, 3)
    for number in range(3):
        open_for(20, f"like small {number}")
    with clock.fixed(NOON):
        found = {each.petition_id: each for each in unusual.figures(NOON)}
        # Its own week was silent, and so were half of those that are as old and as small.
        assert (found[small.id].last_day, found[small.id].before, found[small.id].like_it) == (25, 0, 0)
        assert found[small.id].rise == 3.5
        assert found[large.id].expected == (60 + 40) / 8
        page = client.get("/trending?period=rising").text
        assert titles(page) == ["small", "large"]
        text = words(page)
        assert "3.5 times what was expected: 0 in a day." in text
        assert "Expected are (350 + 30) ÷ (7 + 1) = 47.5 in a day." in text
        assert "= 7.1: about seven times the usual." in text


def test_a_young_petition_is_held_to_others_of_its_age(client: PageCheckingClient) -> None:
    young = open_for(0, "young", opened_at=NOON - timedelta(hours=20))
    others = [open_for(0, f"other {each}", opened_at=NOON - timedelta(hours=22)) for each in range(2)]
    signed_many(young, 1, 30)
    for other in others:
        signed_many(other, 1, 28)
    with clock.fixed(NOON):
        figures = {each.petition_id: each for each in unusual.figures(NOON)}[young.id]
        assert (figures.usual_days, figures.like_it, figures.expected) == (0, 28, 28)
        assert not figures.is_rising
        assert titles(client.get("/trending?period=rising").text) == []


@pytest.mark.database("sqlite")
def test_home_counts_the_day_when_nobody_signed_in_the_hour(client: PageCheckingClient) -> None:
    with clock.fixed(NOON - timedelta(hours=5)):
        build.open_petition(action="this morning")
    with clock.fixed(NOON):
        page = client.get("/").text
        assert titles(page) == ["this morning"]
        assert "Confirmed signatures in the last day." in words(page)
        assert "No signature was counted in this hour." in words(client.get("/trending").text)


def test_home_without_a_single_petition_still_says_what_to_do(client: PageCheckingClient) -> None:
    text = words(client.get("/").text)
    assert "Ask Parliament to act" in text
    assert "With 10,000 signatures the Government owes you an answer within 21 days." in text
    assert "Nobody has signed a petition since yesterday." in text
    assert "No answer is owed now." in text
    assert "Answered lately" not in text
    for period, sentence in (
        ("hour", "No signature was counted in this hour."),
        ("week", "No signature was counted in this time."),
        ("rising", "No petition is signed much more than usual now."),
    ):
        assert sentence in words(client.get(f"/trending?period={period}").text)


def test_home_shows_what_is_owed_and_takes_few_queries(client: PageCheckingClient) -> None:
    with clock.fixed(NOON - MINUTE):
        for number in range(3):
            petition = build.open_petition(
                action=f"owed {number}", departments=[build.department(f"Department {number}")]
            )
            build.cross(petition)
    with clock.fixed(NOON + timedelta(seconds=30)):
        ranks.write_down()
        with count_queries() as statements:
            text = words(client.get("/").text)
    assert "Answers owed 3 now" in text
    assert "The Department 2 owes an answer by 14 December; 21 days left." in text
    assert len(statements) <= 13, "\n".join(statements)


def test_a_place_orders_by_its_share_of_published_figures_and_shows_no_other(
    client: PageCheckingClient,
) -> None:
    marsh = build.place("Fairley Marsh")
    local, wide, few = open_for(9, "local"), open_for(9, "wide"), open_for(9, "few")
    for petition, number, figure in ((local, 30, 20), (wide, 60, 10), (few, 20, 0)):
        signed_many(petition, 0.2, number)
        if figure:
            build.add(PublishedPlaceCount(petition_id=petition.id, place_id=marsh.id, signature_count=figure))
    with clock.fixed(NOON):
        page = client.get("/trending?place=fairley+marsh").text
        assert titles(page) == ["local", "wide"]
        # 30 x 20/31 and 60 x 10/61
        assert "About 19 of them from there." in words(page)
        assert "About 10 of them from there." in words(page)
        document = client.get("/trending.json?place=Fairley+Marsh").get_json()
        assert [each["attributes"]["estimated_place_count"] for each in document["data"]] == [19, 10]
        assert titles(client.get("/trending?period=rising&place=Fairley+Marsh").text) == ["wide", "local"]
        assert titles(client.get("/trending?place=Nowhere").text) == []
