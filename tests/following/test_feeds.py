"""Whoever follows a list, a search, a department or a petition in a feed reader hears of everything once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from petitions import clock
from petitions.browsing.feeds import ENTERED
from petitions.browsing.lists import LISTS
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import Petition
from petitions.responses.queries import timeline
from tests import build, world
from tests.client import PageCheckingClient
from tests.following.feeds import read
from tests.reading import Page


def test_every_list_every_search_every_department_and_every_petition_is_a_feed_that_readers_understand(
    app: Flask, client: PageCheckingClient
) -> None:
    found = world.make()
    assert ENTERED.keys() == LISTS.keys()
    for state in LISTS:
        feed = read(client, "/petitions.atom" if state == "all" else f"/petitions.atom?state={state}")
        shown = re.findall(r'href="/petitions/(\d+)"', client.get(f"/petitions?state={state}&count=50").text)
        assert {entry.link.rpartition("/")[2] for entry in feed.entries} == set(shown), state
    for query in (
        "q=library",
        "q=%22on+Sundays%22&state=open",
        "topic=libraries",
        f"department={found.department}",
    ):
        assert read(client, f"/petitions.atom?{query}").entries
    assert read(client, f"/departments/{found.department}.atom").entries
    read(client, "/petitions/local/fairley-marsh.atom")
    for number in (found.petitions[State.OPEN], *found.more_petitions):
        petition = db.session.get_one(Petition, number)
        if client.get(f"/petitions/{number}").status_code == 200 and petition.was_published:
            feed = read(client, f"/petitions/{number}/timeline.atom")
            with app.test_request_context():
                events = timeline(db.session.get_one(Petition, number))
            assert len(feed.entries) == len(events)
            assert all(event.key for event in events)


def test_a_petition_keeps_its_id_in_every_list_and_comes_up_again_when_it_comes_into_one(
    app: Flask, client: PageCheckingClient
) -> None:
    then = clock.now() - timedelta(days=20)
    early = build.open_petition(opened_at=then)
    late = build.open_petition(opened_at=then + timedelta(days=1))
    assert [entry.title for entry in read(client, "/petitions.atom").entries] == [late.action, early.action]
    build.cross(late)
    with clock.fixed(clock.now() + timedelta(hours=1)):
        build.cross(early)
    owed = read(client, "/petitions.atom?state=awaiting_response").entries
    assert [entry.title for entry in owed] == [early.action, late.action]
    ids = {entry.link: entry.id for entry in read(client, "/petitions.atom").entries}
    assert ids == {entry.link: entry.id for entry in owed}


def test_a_list_page_and_a_petition_page_lead_to_their_feeds(app: Flask, client: PageCheckingClient) -> None:
    petition = build.open_petition()
    for path, feed in (
        ("/petitions?state=open&q=library", "/petitions.atom?q=library&state=open"),
        (f"/petitions/{petition.id}", f"/petitions/{petition.id}/timeline.atom"),
        (f"/petitions/{petition.id}", None),
    ):
        text = client.get(path).text
        links = re.findall(r'<link rel="alternate" type="application/([a-z+]+)"[^>]* href="([^"]+)"', text)
        if feed is not None:
            assert ("atom+xml", feed.replace("&", "&amp;")) in links
            read(client, feed)
        else:
            (address,) = [address for kind, address in links if kind == "json+oembed"]
            assert client.get(address).status_code == 200
    assert Page(client.get("/petitions").text)


@pytest.mark.database("sqlite")
def test_what_is_no_list_and_what_is_not_shown_is_not_found(app: Flask, client: PageCheckingClient) -> None:
    gathering, hidden = build.petition(State.GATHERING), build.petition(State.HIDDEN, opened_at=clock.now())
    for path, status in (
        ("/petitions.atom?state=secret", 404),
        (f"/petitions/{gathering.id}/timeline.atom", 404),
        (f"/petitions/{hidden.id}/timeline.atom", 410),
        ("/departments/nobody.atom", 404),
    ):
        assert client.get(path).status_code == status, path
