"""A petition in a frame on another site, in Chromium: it fits, sets nothing, runs nothing, and leads out of the frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from petitions import clock
from tests import build
from tests.accountability.duties import owed
from tests.browser.conftest import LiveServer
from tests.serving import answering

TITLE = "Require each council to publish the minutes of its meetings within seven days, ok"


class OtherSite(ThreadingHTTPServer):
    """Serves one page under every address, from an origin of its own."""

    page = ""

    def __init__(self) -> None:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(site.page.encode())

            def log_message(self, format: str, *args: object) -> None:
                """Keep the tests' output clean."""

        super().__init__(("127.0.0.1", 0), Handler)


@pytest.fixture
def other_site() -> Iterator[OtherSite]:
    """Another site on this machine."""
    server = OtherSite()
    thread = answering(server)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.database("sqlite")
def test_a_petition_stands_in_a_frame_of_another_site(
    browser: Browser, live_server: LiveServer, other_site: OtherSite, axe: Callable[[Page], None]
) -> None:
    with live_server.app.app_context():
        department = build.department("Department for Transport, Housing and the Regions")
        duty = owed(TITLE[:80], clock.now().date() - timedelta(days=140), department)
        number = duty.petition_id
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    # The code as the site hands it out, read without a script.
    for size in ("full", "compact"):
        page.goto(f"{live_server.url}/petitions/{number}/share?size={size}&theme=dark")
        axe(page)
        code = page.locator("#frame-code").inner_text()
        other_site.page = (
            f"<!doctype html><html lang=en><title>Elsewhere</title><main><h1>Elsewhere</h1>{code}"
        )
        problems.clear()
        page.goto(f"http://127.0.0.1:{other_site.server_port}/")
        frame = page.frames[1]
        expect(frame.locator("h1")).to_have_text(TITLE[:80])
        fits = frame.evaluate(
            "(e => [e.scrollHeight <= innerHeight, e.scrollWidth <= innerWidth])(document.documentElement)"
        )
        assert fits == [True, True], f"{size} does not fit its frame"
        assert frame.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
        assert frame.evaluate("document.scripts.length") == 0
        # A browser asks every site for its icon.
        assert [text for text in problems if "favicon" not in text] == []
    assert context.cookies() == []
    page.frames[1].locator("h1 a").click()
    page.wait_for_url(f"{live_server.url}/petitions/{number}")
    context.close()
