"""The board and the pages of a debate in Chromium: wide and narrow, light and dark, with the keyboard, held to the rules."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from petitions import clock
from petitions.permissions import Role
from petitions.responses import duty_actions
from tests import build
from tests.accountability.duties import owed
from tests.accountability.opinions import said
from tests.browser.conftest import LiveServer
from tests.browser.test_journey import signs_in, window


@pytest.fixture
def petition_id(live_server: LiveServer) -> int:
    """Answers that are late, paused and given, and a petition to be considered for a debate."""
    with live_server.app.app_context():
        today = clock.now().date()
        administrator = build.staff(Role.ADMINISTRATOR)
        build.staff(Role.MODERATOR, name="Mara Moderator", email="mara@staff.example.org")
        transport = build.department("Department of Transport")
        owed("Ban night flights over the capital", today - timedelta(days=40), transport)
        paused = owed("Repair the northern ferry", today - timedelta(days=12), transport)
        answered = today - timedelta(days=70)
        kept = owed(
            "Keep village post offices", answered, transport, answered_on=answered + timedelta(days=9)
        )
        for day, addressed in ((today - timedelta(days=40), 28), (today, 100)):
            said(kept, day, 100, addressed=addressed, clear=90)
        duty_actions.pause(
            paused.id, starts_on=today, ends_on=None, reason="The Assembly is dissolved.", by=administrator
        )
        debated = build.open_petition(action="Guarantee a night bus", departments=[transport])
        build.cross(debated)
        build.cross(debated, "debate")
        return debated.id


def test_a_reader_finds_who_is_late_with_the_keyboard_alone(
    browser: Browser, live_server: LiveServer, petition_id: int
) -> None:
    with window(browser, live_server, script=False) as reader:
        reader.opens("/accountability")
        expect(reader.page.locator("tbody tr[id]")).to_have_count(4)
        reader.keys.presses("Overdue 1")
        expect(reader.page.locator("tbody tr[id]")).to_have_count(1)
        expect(reader.page.get_by_text("days late").first).to_be_visible()
    with window(browser, live_server) as reader:
        reader.opens("/accountability")
        reader.watch.look("board")
        reader.page.locator("summary", has_text="Show as a table").click()
        reader.watch.look("board-with-table")
        reader.keys.writes("Words in the title", "ferry")
        reader.keys.presses("Search")
        expect(reader.page.locator("tbody tr[id]")).to_have_count(1)
        reader.page.locator("tbody tr[id] a.plain-link").click()
        expect(reader.page.locator("h1")).to_have_text("Answer owed: Repair the northern ferry")
        reader.watch.look("duty")
        reader.opens("/departments/department-of-transport")
        reader.watch.look("department")
        reader.page.locator("summary", has_text="Show as a table").click()
        reader.watch.look("department-with-table")
        reader.opens("/statistics")
        reader.page.locator("#answers ~ details summary", has_text="Show as a table").click()
        reader.watch.look("statistics-of-answers")
        reader.opens("/departments/department-of-transport/embed")
        reader.watch.look("embed")


def test_a_moderator_shows_a_picture_and_a_letter(
    browser: Browser, live_server: LiveServer, petition_id: int
) -> None:
    file = BytesIO()
    Image.new("RGB", (640, 360), (29, 58, 95)).save(file, "PNG")
    with window(browser, live_server) as mara:
        signs_in(mara, "mara@staff.example.org")
        mara.opens(f"/staff/petitions/{petition_id}/debate")
        mara.watch.look("debate-staff")
        mara.keys.presses("Publish the outcome")
        expect(mara.page.get_by_role("link", name="Choose whether it was debated.")).to_be_visible()
        mara.watch.look("debate-refused")
        mara.page.get_by_label("Yes").check()
        mara.page.get_by_label("Day of the debate").last.fill(date.today().isoformat())  # noqa: DTZ011
        mara.keys.presses("Publish the outcome")
        mara.page.get_by_label("Picture: a JPEG").set_input_files(
            {"name": "chamber.png", "mimeType": "image/png", "buffer": file.getvalue()}
        )
        mara.page.get_by_label("What the picture shows").fill("A full chamber.")
        mara.keys.presses("Show this picture")
        expect(mara.page.get_by_role("img", name="A full chamber.")).to_be_visible()
        mara.watch.look("debate-with-picture")
        mara.keys.presses("Letters and other business of this petition")
        mara.keys.presses("Add it")
        mara.watch.look("business-refused")
        mara.keys.writes("What happened", "The committee wrote to the minister")
        mara.page.get_by_label("Day", exact=True).fill(date.today().isoformat())  # noqa: DTZ011
        mara.keys.presses("Add it")
        mara.watch.look("business")
        mara.opens(f"/petitions/{petition_id}")
        expect(mara.page.get_by_role("img", name="A full chamber.")).to_be_visible()
        mara.watch.look("petition-debated")
