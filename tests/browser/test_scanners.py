"""Programs that open mailed links before the person does: no signature is there afterwards, and the person still signs.

Each robot gets as many links as `SCANNED_LINKS` says, five by default; `SCANNER_SECONDS` is how long a page with scripts is left open.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from petitions import clock, links, security
from petitions.extensions import db
from petitions.models import Petition, Signature, SignatureState
from petitions.signing import confirming
from tests import build, snapshot
from tests.browser.conftest import LiveServer
from tests.browser.robots import Choosing, Presser, click_everything
from tests.client import PageCheckingClient

LINKS = int(os.environ.get("SCANNED_LINKS", "5"))
SECONDS = float(os.environ.get("SCANNER_SECONDS", "1"))
#: Pages that one browser has open beside each other.
AT_A_TIME = 10

pytestmark = pytest.mark.settings(supporters_needed=0)


def mailed(number: int = LINKS) -> tuple[Petition, list[Signature]]:
    """An open petition, and signatures whose confirm links have been mailed."""
    petition = build.open_petition()
    return petition, [
        build.signature(petition, state="pending", link_sent_at=clock.now()) for _ in range(number)
    ]


def path(signature: Signature) -> str:
    """The confirm link."""
    return urlsplit(links.confirm_signature(signature)).path


def confirmed() -> list[int]:
    """Who has signed, but for petitioners."""
    db.session.rollback()
    wanted = select(Signature.id).where(
        Signature.state == SignatureState.VALIDATED, Signature.role != "creator"
    )
    return list(db.session.execute(wanted).scalars())


def fail_if_looking_signs(client: PageCheckingClient, paths: list[str]) -> None:
    """Look at every link twenty times in every harmless way."""
    before = snapshot.of_database()
    for each in paths:
        for _ in range(20):
            for method in ("GET", "HEAD", "OPTIONS"):
                assert client.open(each, method=method).status_code == 200
    assert snapshot.of_database() == before


@pytest.mark.database("sqlite")
def test_looking_signs_for_nobody_and_the_person_still_signs_with_one_press(
    client: PageCheckingClient,
) -> None:
    _, signatures = mailed()
    fail_if_looking_signs(client, [path(each) for each in signatures])
    assert confirmed() == []
    for each in signatures:
        assert client.post(path(each), data={"answer": "yes"}).status_code == 303
    assert confirmed() == [each.id for each in signatures]


@pytest.mark.database("sqlite")
def test_a_confirmation_by_looking_is_caught(app: Flask, client: PageCheckingClient) -> None:
    _, signatures = mailed(1)
    view = app.view_functions["signing.confirm"]

    def confirms(token: str) -> object:
        confirming.confirm(signature_id=signatures[0].id)
        return view(token)

    app.view_functions["signing.confirm"] = confirms
    with pytest.raises(AssertionError):
        fail_if_looking_signs(client, [path(signatures[0])])


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("choosing", Choosing)
@pytest.mark.parametrize("deep", [True, False])
@pytest.mark.parametrize("runs", [1, 2])
def test_pressing_every_button_signs_for_nobody_and_the_person_still_signs(
    client: PageCheckingClient, choosing: Choosing, deep: bool, runs: int
) -> None:
    petition, signatures = mailed()
    for each in signatures:
        for _ in range(runs):
            robot = Presser(client, deep=deep, choosing=choosing)
            robot.opens(path(each))
            assert "This wasn’t me" in {" ".join(key[3].split()) for key in robot.pressed} or runs == 2
        assert each.state is SignatureState.REFUSED
    build.work()
    assert confirmed() == []
    assert petition.signature_count == 1
    for each in signatures:
        assert client.post(path(each), data={"choice": "count"}).location.endswith("/confirmed")
    build.work()
    assert len(confirmed()) == len(signatures)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("choosing", Choosing)
@pytest.mark.parametrize("deep", [True, False])
def test_pressing_every_button_of_every_other_mail_starts_and_ends_nothing(
    client: PageCheckingClient, choosing: Choosing, deep: bool
) -> None:
    pending, petition = build.pending_petition(), build.open_petition()
    mine = build.signature(petition, email="ada@example.org", wants_updates=True)
    stale = build.signature(petition, state="pending", link_sent_at=clock.now() - timedelta(days=9))
    addresses = [
        links.petitioner(pending),
        links.my_signature(mine),
        links.unsubscribe(mine),
        links.confirm_signature(stale),
    ]
    for address in addresses:
        Presser(client, deep=deep, choosing=choosing).opens(urlsplit(address).path)
    build.work()
    db.session.refresh(pending)
    assert pending.confirmed_at is None
    assert mine.is_valid
    assert mine.email is not None
    assert confirmed() == [mine.id]


# --- Chromium -----------------------------------------------------------------------------------------------------


@pytest.fixture
def site(live_server: LiveServer) -> Iterator[tuple[LiveServer, list[str]]]:
    """The live site with mailed links, as addresses."""
    with live_server.app.app_context():
        _, signatures = mailed()
        yield live_server, [live_server.url + path(each) for each in signatures]


def fail_if_a_page_posts_by_itself(browser: Browser, addresses: list[str]) -> None:
    """Open each link with scripts on, some at a time, and wait."""
    posts: list[str] = []
    for first in range(0, len(addresses), AT_A_TIME):
        context = browser.new_context()
        context.on("request", lambda request: posts.append(request.url) if request.method != "GET" else None)
        pages = [context.new_page() for _ in addresses[first : first + AT_A_TIME]]
        for page, address in zip(pages, addresses[first:], strict=False):
            page.goto(address)
        pages[-1].wait_for_timeout(SECONDS * 1000)
        context.close()
    assert posts == []
    assert confirmed() == []


def test_a_browser_that_runs_scripts_signs_for_nobody_and_the_person_signs_with_one_press(
    browser: Browser, site: tuple[LiveServer, list[str]]
) -> None:
    _, addresses = site
    fail_if_a_page_posts_by_itself(browser, addresses)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for address in addresses:
        page.goto(address)
        page.get_by_role("button", name="Confirm my signature").click()
        expect(page.locator("h1")).to_have_text("Your signature is confirmed")
        assert address.rpartition("/")[2] not in page.url
    context.close()
    assert len(confirmed()) == len(addresses)


@pytest.fixture
def submits_itself(site: tuple[LiveServer, list[str]]) -> Callable[[], None]:
    """Plants a script that presses the button, into the page behind the link."""
    app = site[0].app

    def plant() -> None:
        loader = app.jinja_loader
        assert loader is not None
        name = "signing/confirm/waiting.html"
        source = loader.get_source(app.jinja_env, name)[0]
        script = "<script>document.querySelector('main button[value=yes]').click()</script>"
        before, end, _ = source.rpartition("{% endblock %}")
        planted = before + script + end
        app.jinja_env.loader = ChoiceLoader([DictLoader({name: planted}), loader])
        app.jinja_env.cache.clear()  # type: ignore[union-attr]

    return plant


def test_a_page_that_submits_itself_is_stopped_by_the_policy_and_caught_without_it(
    browser: Browser,
    site: tuple[LiveServer, list[str]],
    submits_itself: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, addresses = site
    submits_itself()
    fail_if_a_page_posts_by_itself(browser, addresses[:1])
    loose = security.TOKEN_POLICY.replace("default-src 'none'", "default-src 'self' 'unsafe-inline'")
    monkeypatch.setitem(security.TOKEN_HEADERS, "Content-Security-Policy", loose)
    with pytest.raises(AssertionError):
        fail_if_a_page_posts_by_itself(browser, addresses[:1])


def test_a_browser_that_clicks_everything_signs_for_nobody_and_the_person_still_signs(
    browser: Browser, site: tuple[LiveServer, list[str]]
) -> None:
    _, addresses = site
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(10_000)
    for address in addresses[: max(2, LINKS // 5)]:
        for _ in range(2):
            click_everything(page, address)
        assert confirmed() == []
        refused = select(Signature.id).where(Signature.state == SignatureState.REFUSED)
        assert len(db.session.execute(refused).all()) == 1
        page.goto(address)
        page.get_by_label("No, I signed it: count my signature").check()
        page.get_by_role("button", name="Send my answer").click()
        expect(page.locator("h1")).to_have_text("Your signature is confirmed")
        with_mine = confirmed()
        assert len(with_mine) == 1
        build.change(db.session.get_one(Signature, with_mine[0]), state=SignatureState.HELD, counted_at=None)
    context.close()
