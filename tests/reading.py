"""Reads a page as a visitor does: its forms with what stands in them, its links, and every piece of text on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

#: Attributes whose words a person reads or hears, or that a script writes into the page.
WORDED = (
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "aria-valuetext",
    "data-done",
    "data-left",
    "data-over",
    "data-text",
    "placeholder",
    "title",
)
#: Elements with no end.
VOID = {"br", "hr", "img", "input", "link", "meta", "source", "wbr", "col"}


@dataclass
class Form:
    """One form of a page: where it posts to, and each field with the values it offers or holds."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    """What a browser would send without the buttons; a choice has all that may be chosen."""
    buttons: list[tuple[str, str]] = field(default_factory=list)
    uploads: bool = False

    def first_values(self) -> dict[str, str]:
        """Each field with the first of its values."""
        return {name: (values[0] if values else "") for name, values in self.fields.items()}


@dataclass(frozen=True)
class Element:
    """One start tag."""

    tag: str
    attributes: dict[str, str]


class Page(HTMLParser):
    """`Page(html)` has `forms`, `links` (paths of this site), `texts` (where, words) and `elements`."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.elements: list[Element] = []
        self._open: list[str] = []
        self._form: Form | None = None
        self._named: str | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append(Element(tag, attributes))
        if tag not in VOID:
            self._open.append(tag)
        self.texts += [(f"{tag}@{name}", attributes[name]) for name in WORDED if attributes.get(name)]
        if tag == "meta" and attributes.get("name") == "description":
            self.texts.append(("meta@content", attributes["content"]))
        if tag == "input" and attributes.get("type") in {"submit", "button", "reset"}:
            self.texts.append(("input@value", attributes.get("value", "")))
        if tag == "a" and not urlsplit(attributes.get("href", "")).netloc:
            self.links.append(attributes.get("href", "").partition("#")[0])
        self._read_form(tag, attributes)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        if tag == "form":
            self._form = None
        if tag in {"textarea", "select"}:
            self._named = None

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        if inside == "textarea" and self._form and self._named:
            self._form.fields[self._named][0] += data.removeprefix("\n")
        elif data.strip() and inside not in {"script", "style"}:
            self.texts.append((inside, data))

    def _read_form(self, tag: str, attributes: dict[str, str]) -> None:
        name = attributes.get("name", "")
        if tag == "form":
            self._form = Form(attributes.get("action", ""), attributes.get("method", "get").lower())
            self.forms.append(self._form)
        if self._form is None:
            return
        if tag == "button" and attributes.get("type", "submit") == "submit" and name:
            self._form.buttons.append((name, attributes.get("value", "")))
        elif tag == "input" and name:
            self._form.fields.setdefault(name, []).append(attributes.get("value", ""))
        elif tag == "textarea" and name:
            self._named = name
            self._form.fields[name] = [""]
        elif tag == "select" and name:
            self._named = name
            self._form.fields[name] = []
        elif tag == "option" and self._named:
            self._form.fields[self._named].append(attributes.get("value", ""))
