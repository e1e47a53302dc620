"""Somebody who uses the keyboard alone: goes with Tab, ticks with Space, presses with Enter."""

from __future__ import annotations

from playwright.sync_api import Page

#: What a control is called: its label, else its words.
NAME = """() => {
  const here = document.activeElement;
  const words = here.labels?.[0]?.innerText || here.getAttribute("aria-label") || here.innerText || "";
  return words.replace(/\\s+/g, " ").trim();
}"""
#: The longest way to a control of any page.
MOST_TABS = 150


class Keyboard:
    """The keys that lead through one page. What cannot be reached with them fails the test."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def goes_to(self, name: str) -> None:
        """Tab on until the control with this name has the focus."""
        passed = []
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            here = self.page.evaluate(NAME)
            if here == name:
                return
            passed.append(here)
        raise AssertionError(f"{self.page.url}: Tab never comes to {name!r}, only to {sorted(set(passed))}")

    def writes(self, name: str, text: str) -> None:
        """Write into a field."""
        self.goes_to(name)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def ticks(self, name: str) -> None:
        """Tick a box, or choose the option that Tab comes to."""
        self.goes_to(name)
        self.page.keyboard.press("Space")

    def chooses(self, first: str, name: str) -> None:
        """Come to a question with none of its answers chosen, by its first, and go down to the answer `name`."""
        self.goes_to(first)
        for _ in range(MOST_TABS):
            self.page.keyboard.press("ArrowDown")
            if self.page.evaluate(NAME) == name:
                return
        raise AssertionError(f"{self.page.url}: the arrow never comes to {name!r}")

    def opens(self, name: str) -> None:
        """Open what is folded away."""
        self.goes_to(name)
        self.page.keyboard.press("Enter")

    def presses(self, name: str) -> None:
        """Press a button or follow a link, and wait for the page that it leads to."""
        self.goes_to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
