"""Somebody saves a search or follows a petition, confirms, hears of each thing once, and leaves with one press."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select

from petitions import audit, clock, engines, erasures, links
from petitions.alerts import actions, matching, telling
from petitions.browsing.queries import Asked
from petitions.extensions import db
from petitions.models import Alert, AlertMatch, Mail, Petition, Rhythm
from petitions.models.mail import QUEUED
from petitions.moderation import decisions
from petitions.retention import rules
from petitions.upkeep import purging
from petitions.worker import schedule
from tests import build, invariants
from tests.browsing.pages import words
from tests.client import PageCheckingClient

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
READER = "ada@example.org"


def ask(client: PageCheckingClient, query: str = "", **fields: object) -> int:
    """Fill in the form and send it. Returns the status."""
    filled = {"news": ["published", "crossed", "answered"], "rhythm": "at_once", "email": READER}
    return client.post(f"/alerts?{query}", data=filled | fields).status_code


def confirmed(client: PageCheckingClient, query: str = "", **fields: object) -> Alert:
    """Ask, open the mailed link, press the button."""
    assert ask(client, query, **fields) == 303
    build.work()
    mail = build.captured(kind="confirm_alert")[-1]
    link = build.extract_link(mail, "/alerts/confirm/")
    assert client.get(link).status_code == 200
    assert client.post(link, data={"answer": "yes"}).status_code == 303
    return db.session.execute(select(Alert).order_by(Alert.id.desc()).limit(1)).scalar_one()


def publish(action: str, **columns: object) -> Petition:
    petition = build.review_petition(action=action, **columns)
    decisions.publish(petition_id=petition.id, text_version=1, by=build.staff("moderator"))
    return petition


def tell() -> int:
    """Let the alerts look and write. Returns how many mails were queued."""
    while matching.match_due():
        pass
    return telling.tell_due()


def tell_later() -> int:
    """The same an hour on, when an alert that writes at once may write again."""
    with clock.fixed(clock.now() + timedelta(hours=1)):
        return tell()


def test_a_journalist_saves_a_search_hears_once_and_leaves_with_one_press(
    app: Flask, client: PageCheckingClient
) -> None:
    page = client.get("/petitions?q=bus").text
    assert "/alerts?q=bus" in page
    text = words(client.get("/alerts?q=bus").text)
    assert "About: All petitions with “bus”" in text
    confirmed(client, "q=bus", news="published")
    publish("More night buses: a bus for all")
    publish("Open the library")
    assert tell() == 1
    assert tell_later() == 0
    build.work()
    (mail,) = build.captured(to=READER, kind="alert_news")
    assert mail["Subject"] == "New petition: More night buses: a bus for all"
    assert "Open the library" not in build.text_of(mail)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = mail["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    answer = client.post(stop, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.data) == (200, b"")
    publish("Another bus")
    assert tell_later() == 0
    invariants.check()


def test_looking_at_a_link_changes_nothing_and_refusing_outlasts_confirming(
    app: Flask, client: PageCheckingClient
) -> None:
    assert ask(client) == 303
    build.work()
    link = build.extract_link(build.captured(kind="confirm_alert")[0], "/alerts/confirm/")
    for _ in range(2):
        assert "Did you ask for these e-mails?" in client.get(link).text
    alert = db.session.execute(select(Alert)).scalar_one()
    assert alert.confirmed_at is None
    # A program presses every button, then every one of the next page.
    for answer in ("yes", "no", "yes"):
        client.post(link, data={"answer": answer})
    db.session.expire_all()
    assert not alert.is_active
    assert client.post(link, data={}).status_code == 422
    for choice, active in (("leave", False), ("unsure", False), ("start", True)):
        client.post(link, data={"choice": choice})
        db.session.expire_all()
        assert alert.is_active is active


@pytest.mark.parametrize("silent", ["paused_at", "undeliverable_at"])
def test_who_asks_again_for_an_alert_that_is_silent_can_confirm_it(
    app: Flask, client: PageCheckingClient, silent: str
) -> None:
    alert = confirmed(client)
    build.change(alert, **{silent: clock.now()})
    assert ask(client) == 303
    build.work()
    link = build.extract_link(build.captured(kind="confirm_alert")[-1], "/alerts/confirm/")
    assert "Yes, send them" in client.get(link).text
    client.post(link, data={"answer": "yes"})
    db.session.expire_all()
    assert alert.is_active
    assert "Your alert is set" in client.get(link).text


def test_the_reply_is_the_same_for_everybody_and_a_mailbox_gets_few_mails(
    app: Flask, client: PageCheckingClient
) -> None:
    confirmed(client)
    known = client.post("/alerts", data={"news": "published", "rhythm": "daily", "email": READER})
    other = client.post("/alerts", data={"news": "published", "rhythm": "daily", "email": "new@example.org"})
    assert (known.status_code, known.headers["Location"]) == (other.status_code, other.headers["Location"])
    build.work()
    assert len(build.captured(to=READER, kind="alert_known")) == 1
    for number in range(9):
        assert ask(client, f"q=word{number}", email="victim@example.org") == 303
        assert ask(client, email="Victim+x@example.org") == 303
    build.work()
    assert len(build.captured(kind="confirm_alert")) == 1 + 1 + 5
    alert = db.session.execute(select(Alert).where(Alert.confirmed_at.is_not(None))).scalar_one()
    assert alert.rhythm is Rhythm.AT_ONCE, "who asks again changes nothing"
    invariants.check()


def test_a_mail_that_a_stranger_can_cause_says_no_word_that_was_typed(
    app: Flask, client: PageCheckingClient
) -> None:
    typed = "Your bank account is locked"
    query = urlencode({name: f"{typed} {name}" for name in ("q", "place", "topic", "department")})
    confirmed(client, query, email="victim@example.org")
    assert ask(client, query, email="victim@example.org") == 303
    build.work()
    for mail in build.captured(to="victim@example.org"):
        html = mail.get_body(("html",))
        assert html is not None
        for text in (mail["Subject"], build.text_of(mail), html.get_content()):
            assert "petitions that match a search" in text
            assert typed not in text
    assert len(build.captured(to="victim@example.org")) == 2


def test_topics_and_departments_that_there_are_none_of_are_not_kept(
    app: Flask, client: PageCheckingClient
) -> None:
    topic, roads = build.topic(), build.department("Department of Roads")
    known = f"topic={topic.code}&department={roads.slug}"
    alert = confirmed(client, f"{known}&topic=nonsense")
    assert (alert.search, "nonsense" in alert.title) == (f"department={roads.slug}&topic={topic.code}", False)
    text = words(client.get("/alerts?q=bus&topic=nonsense&department=nowhere").text)
    assert "About: All petitions with “bus” See what this finds now" in text


def test_each_kind_of_news_is_told_to_those_who_want_it(app: Flask, client: PageCheckingClient) -> None:
    roads = build.department("Department of Roads")
    petition = build.open_petition(action="Mend the bridge", departments=[roads])
    other = build.open_petition(action="Paint the bridge")
    owed = confirmed(client, "department=department-of-roads&state=awaiting_response", news="crossed")
    assert (owed.title, owed.news) == ("Petitions owed an answer: Department of Roads", ["crossed"])
    followed = confirmed(client, f"petition={petition.id}", news="crossed")
    assert followed.petition_id == petition.id
    build.cross(other)
    build.cross(petition)
    assert tell() == 2
    build.work()
    for mail in build.captured(kind="alert_news"):
        text = build.text_of(mail).replace("\r\n", "\n")
        assert "Mend the bridge\nIt reached 10,000 signatures: an answer is owed." in text
        assert "Paint" not in text
    invariants.check()


def test_a_list_offers_only_news_of_petitions_that_are_still_in_it(
    app: Flask, client: PageCheckingClient
) -> None:
    offered = {
        "all": {"published", "crossed", "answered", "rising"},
        "awaiting_response": {"crossed", "rising"},
        "with_response": {"answered", "crossed", "rising"},
        "closed": {"answered"},
    }
    for state, kinds in offered.items():
        page = client.get(f"/alerts?state={state}").text
        assert set(re.findall(r'name="news" value="(\w+)"', page)) == kinds, state
    assert ask(client, "state=awaiting_response", news=["crossed", "answered"]) == 422
    assert "About: All petitions" in words(client.get("/alerts?state=rejected").text)
    assert "/alerts" not in client.get("/petitions?state=rejected").text


def test_a_department_is_followed_from_what_it_owes_to_what_it_answers(
    app: Flask, client: PageCheckingClient
) -> None:
    roads = build.department("Department of Roads")
    petition = build.open_petition(action="Mend the bridge", departments=[roads])
    link = re.search(r'href="(/alerts\?[^"]+)"', client.get(f"/departments/{roads.slug}").text)
    assert link is not None
    address = link[1].replace("&amp;", "&")
    chosen = re.findall(r'name="news" value="(\w+)" checked', client.get(address).text)
    assert chosen == ["crossed", "answered"]
    confirmed(client, address.partition("?")[2], news=chosen)
    duty = build.cross(petition)
    assert tell() == 1
    build.answer(duty)
    build.transactional(audit.record)("response_published", petition=petition)
    assert tell_later() == 1


def test_a_petition_that_is_not_shown_cannot_be_followed(app: Flask, client: PageCheckingClient) -> None:
    hidden = build.petition("hidden", action="Something rude")
    for number in (hidden.id, 999_999, 10**9, "x", "٤"):
        assert client.get(f"/alerts?petition={number}").status_code == 404, number
        assert ask(client, f"petition={number}") == 404, number
    assert db.session.execute(select(func.count()).select_from(Alert)).scalar_one() == 0


def test_what_is_hidden_before_the_mail_leaves_is_not_told(app: Flask, client: PageCheckingClient) -> None:
    build.alert()
    petition = publish("Something rude")
    assert tell() == 1
    build.change(petition, state="hidden", hidden_at=clock.now())
    build.work()
    assert build.captured(kind="alert_news") == []


def test_a_digest_waits_for_the_morning_and_a_weeks_for_monday(
    app: Flask, client: PageCheckingClient
) -> None:
    zone = app.extensions["settings"].timezone
    for rhythm, expected in (
        (Rhythm.DAILY, datetime(2026, 11, 25, 7, tzinfo=zone)),
        (Rhythm.WEEKLY, datetime(2026, 11, 30, 7, tzinfo=zone)),
        (Rhythm.AT_ONCE, NOON + timedelta(minutes=10)),
    ):
        assert actions.next_turn(rhythm, NOON) == expected
    with clock.fixed(NOON):
        alert = confirmed(client, rhythm="daily")
        publish("one")
        publish("two")
        assert tell() == 0
    with clock.fixed(datetime(2026, 11, 25, 7, 1, tzinfo=zone)):
        assert tell() == 1
        build.work()
        (mail,) = build.captured(kind="alert_news")
        assert mail["Subject"] == "2 pieces of news: All petitions"
        publish("three")
        assert tell() == 0
        assert alert.mails == 1
        invariants.check()


def test_a_digest_tells_soon_what_was_too_much_for_one_mail(
    app: Flask, client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "MOST_TOLD", 2)
    zone = app.extensions["settings"].timezone
    morning = datetime(2026, 11, 25, 7, 1, tzinfo=zone)
    with clock.fixed(NOON):
        alert = confirmed(client, rhythm="daily")
        for action in ("one", "two", "three"):
            publish(action)
    for minutes, mails in ((0, 1), (5, 0), (11, 1), (60, 0)):
        with clock.fixed(morning + timedelta(minutes=minutes)):
            assert tell() == mails, minutes
    told = select(AlertMatch.told_in).order_by(AlertMatch.petition_id)
    assert list(db.session.execute(told).scalars()) == [1, 1, 2]
    assert alert.next_at == datetime(2026, 11, 26, 7, tzinfo=zone)


def test_a_crash_between_finding_and_telling_tells_nothing_twice(
    app: Flask, client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.alert()
    publish("one")

    def fail(*_: object, **__: object) -> bool:
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(telling.outbox, "queue", fail)
        with pytest.raises(RuntimeError):
            tell()
    with monkeypatch.context() as broken:
        broken.setattr(matching, "_move", fail)
        publish("two")
        with pytest.raises(RuntimeError):
            matching.match_due()
    assert tell() == 1
    assert db.session.execute(select(func.count()).select_from(AlertMatch)).scalar_one() == 2
    assert tell_later() == 0


def test_many_alerts_with_one_search_cost_one_search(
    app: Flask, client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        build.alert(f"reader{number}@example.org", search="q=bus" if number % 2 else "q=tram")
    made: list[object] = []
    real = matching.which_match

    def search(asked: Asked, ids: Collection[int]) -> set[int]:
        assert not engines.depth.get(), "nobody waits with writing while it is searched"
        made.append(asked)
        return real(asked, ids)

    monkeypatch.setattr(matching, "which_match", search)
    publish("A bus for all")
    assert tell() == 3
    assert len(made) == 2
    assert matching.match_due() == 0
    assert len(made) == 2


def test_what_rises_is_told_once_for_each_petition(app: Flask, client: PageCheckingClient) -> None:
    topic = build.topic()
    alert = confirmed(client, f"topic={topic.code}&news=rising", news="rising")
    petition = build.open_petition(topics=[topic], opened_at=clock.now() - timedelta(days=9))
    for number in range(3):
        build.open_petition(action=f"like it {number}", opened_at=clock.now() - timedelta(days=9))
    build.signatures(petition, 25)
    with clock.fixed(clock.now() + timedelta(minutes=2)):
        for _ in range(2):
            matching.match_rising()
        assert telling.tell_due() == 1
        build.work()
    with clock.fixed(clock.now() + timedelta(hours=1)):
        matching.match_rising()
        assert telling.tell_due() == 0
    (mail,) = build.captured(kind="alert_news")
    assert mail["Subject"] == f"Rising: {petition.action}"
    assert alert.mails == 1


def test_its_owner_sees_changes_pauses_stops_and_erases_it(
    app: Flask, client: PageCheckingClient, ledger: Path
) -> None:
    alert = confirmed(client)
    publish("one")
    tell()
    link = links.my_alert(alert).removeprefix("http://localhost")
    assert READER in words(client.get(link).text)
    client.post(link, data={"action": "pause"})
    publish("two")
    assert tell_later() == 0
    client.post(link, data={"action": "start"})
    assert tell_later() == 0, "what happened in the pause is not told later"
    assert client.post(link, data={"action": "change"}).status_code == 422
    assert client.get(f"{link}?step=change").status_code == 200
    client.post(link, data={"action": "change", "news": "answered", "rhythm": "weekly"})
    db.session.expire_all()
    assert (alert.news, alert.rhythm) == (["answered"], Rhythm.WEEKLY)
    client.post(link, data={"action": "stop"})
    db.session.expire_all()
    assert not alert.is_active
    number = alert.id
    assert client.get(f"{link}?step=erase").status_code == 200
    assert client.post(link, data={"action": "erase"}).headers["Location"] == "/alerts/erased"
    assert client.get("/alerts/erased").status_code == 200
    assert client.get(link).status_code == 404
    (line,) = erasures.read(ledger)
    assert (line.alert, line.signature) == (number, 0)
    invariants.check()


def test_an_erased_alert_is_erased_again_after_a_restore(app: Flask, ledger: Path) -> None:
    alert = build.alert()
    kept = build.alert("other@example.org")
    row_key, number = alert.row_key, alert.id
    actions.erase(alert_id=number)
    # The backup brings the row back, and another row with a number that was handed out again is left alone.
    build.alert(id=number, row_key=row_key)
    lines = erasures.read(ledger)
    lines.append(erasures.Erasure(at="", signature=0, row="other", withdrawn=False, alert=kept.id))
    assert build.transactional(lambda: erasures.replay(lines))() == 1
    assert list(db.session.execute(select(Alert.id)).scalars()) == [kept.id]


def test_what_nobody_confirmed_is_gone_after_a_week_and_what_was_stopped_after_a_month(
    app: Flask, client: PageCheckingClient
) -> None:
    ask(client)
    build.work()
    stopped = build.alert("other@example.org", stopped_at=clock.now()).id
    build.alert("third@example.org")
    with clock.fixed(clock.now() + timedelta(days=8)):
        assert purging.purge()[0]["alerts_unconfirmed"] == 1
    with clock.fixed(clock.now() + timedelta(days=31)):
        assert purging.purge()[0]["alerts"] == 1
        assert list(rules.overdue()) == []
    assert db.session.execute(select(Alert.email_sealed)).all() != []
    db.session.expire_all()
    assert db.session.get(Alert, stopped) is None


def test_what_is_news_only_once_is_not_told_again_when_its_mail_is_long_gone(
    app: Flask, client: PageCheckingClient
) -> None:
    alert = build.alert()
    petition = publish("one")
    build.cross(petition)
    assert tell() == 1
    with clock.fixed(clock.now() + timedelta(days=100)):
        assert purging.purge()[0]["alert_matches"] == 1
        assert list(rules.overdue()) == []
        assert list(db.session.execute(select(AlertMatch.news)).scalars()) == ["published"]
        build.transactional(audit.record)("published", petition=petition)
        assert tell() == 0
    assert alert.mails == 1


def test_an_alert_that_is_asked_for_again_lives_as_long_as_its_new_link(
    app: Flask, client: PageCheckingClient
) -> None:
    ask(client)
    with clock.fixed(clock.now() + timedelta(days=6)):
        ask(client)
        build.work()
        link = build.extract_link(build.captured(kind="confirm_alert")[-1], "/alerts/confirm/")
    with clock.fixed(clock.now() + timedelta(days=8)):
        purging.purge()
        assert client.get(link).status_code == 200
    with clock.fixed(clock.now() + timedelta(days=14)):
        assert purging.purge()[0]["alerts_unconfirmed"] == 1


@pytest.mark.database("sqlite")
def test_a_wrong_form_says_what_to_do(app: Flask, client: PageCheckingClient) -> None:
    page = client.post("/alerts?q=bus", data={"email": "nobody"})
    assert page.status_code == 422
    text = words(page.text)
    for sentence in (
        "Choose at least one kind of news.",
        "Enter an e-mail address in the form name@example.org.",
    ):
        assert sentence in text
    page = client.post(
        f"/alerts?q={'я' * 200}", data={"news": "published", "rhythm": "daily", "email": READER}
    )
    assert page.status_code == 422
    assert "This search is too long to be kept. Use fewer words or topics." in words(page.text)
    assert db.session.execute(select(func.count()).select_from(Mail)).scalar_one() == 0


@pytest.mark.database("sqlite")
def test_a_worker_does_all_of_it(app: Flask, client: PageCheckingClient) -> None:
    schedule.prepare()
    build.work()
    build.alert()
    publish("one")
    with clock.fixed(clock.now() + timedelta(minutes=2)):
        build.work()
        assert len(build.captured(kind="alert_news")) == 1
    assert db.session.execute(select(func.count()).where(Mail.state == QUEUED)).scalar_one() == 0
