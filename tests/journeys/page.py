"""A page as a person has it before them: its words, its links and its forms, read from the HTML and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

#: Elements whose text nobody sees.
UNSEEN = frozenset({"script", "style", "template", "title"})
TYPED = frozenset({"datetime-local", "text", "email", "search", "password", "date", "number", "tel", "url"})
CHOSEN = frozenset({"checkbox", "radio"})


@dataclass
class Field:
    """One control of a form. `value` is what would be sent, `chosen` whether a box or an option is ticked."""

    kind: str
    name: str
    value: str = ""
    chosen: bool = False
    options: list[str] = field(default_factory=list)


@dataclass
class Button:
    """What sends a form, by the words on it."""

    text: str
    name: str
    value: str


@dataclass
class PageForm:
    """A form: where it goes, what stands in it, and its buttons."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def fill(self, **answers: str | bool | list[str]) -> PageForm:
        """Type into fields, tick boxes, choose options; a dash in a field's name is written as two underscores.

        Fails where the page has no such field or does not offer the choice.
        """
        for name, answer in answers.items():
            self._fill(name.replace("__", "-"), answer)
        return self

    def _fill(self, name: str, answer: str | bool | list[str]) -> None:
        found = [each for each in self.fields if each.name == name and each.kind != "hidden"]
        assert found, f"the form has no field {name!r}, only {sorted({each.name for each in self.fields})}"
        if found[0].kind in CHOSEN:
            wanted = answer if isinstance(answer, list) else [answer]
            offered = {each.value for each in found}
            assert all(isinstance(each, bool) or each in offered for each in wanted), (
                f"{answer!r} of {offered}"
            )
            for each in found:
                each.chosen = each.value in wanted or (len(found) == 1 and wanted == [True])
            return
        assert isinstance(answer, str)
        if found[0].kind == "select":
            assert answer in found[0].options, f"{answer!r} is not offered for {name}"
        found[0].value = answer

    def value(self, name: str) -> str:
        """What stands in a field, or which option is chosen."""
        found = [each for each in self.fields if each.name == name]
        assert found, f"no field {name!r}"
        if found[0].kind in CHOSEN:
            return next((each.value for each in found if each.chosen), "")
        return found[0].value

    def sent_by(self, button: Button) -> dict[str, list[str]]:
        """What the browser sends when `button` is pressed."""
        sent: dict[str, list[str]] = {}
        for each in self.fields:
            if each.name and (each.kind not in CHOSEN or each.chosen):
                sent.setdefault(each.name, []).append(each.value)
        if button.name:
            sent.setdefault(button.name, []).append(button.value)
        return sent


class Page(HTMLParser):
    """One answer of the site. `words` is everything that can be read on it, `main` what stands between header and footer."""

    def __init__(self, html: str, *, path: str, status: int) -> None:
        super().__init__(convert_charrefs=True)
        self.path, self.status = path, status
        self.title = self.heading = ""
        self.links: list[tuple[str, str]] = []
        self.main_links: list[tuple[str, str]] = []
        self.values: list[str] = []
        self.forms: list[PageForm] = []
        self._texts: list[str] = []
        self._main: list[str] = []
        self._open: list[str] = []
        self._link: tuple[str, list[str]] | None = None
        self._textarea: Field | None = None
        self._select: Field | None = None
        self._button: Button | None = None
        self._form: PageForm | None = None
        self.feed(html)
        self.close()

    @property
    def words(self) -> str:
        """Everything that can be read, in one line."""
        return " ".join("".join(self._texts).split())

    @property
    def main(self) -> str:
        """The words of the page's own part, in one line."""
        return " ".join("".join(self._main).split())

    def form_with(self, button: str) -> tuple[PageForm, Button]:
        """The form that has a button with these words, or with this value."""
        for form in self.forms:
            for each in form.buttons:
                if button in (" ".join(each.text.split()), each.value):
                    return form, each
        offered = [" ".join(each.text.split()) for form in self.forms for each in form.buttons]
        raise AssertionError(f"{self.path} has no button {button!r}, only {offered}")

    def form(self, name: str) -> PageForm:
        """The form that has a field of this name."""
        for form in self.forms:
            if any(each.name == name for each in form.fields):
                return form
        raise AssertionError(f"{self.path} has no form with a field {name!r}")

    def shows_value(self, ending: str) -> bool:
        """Whether an input, in a form or outside any, holds text with this ending: an address to copy."""
        return any(value.endswith(ending) for value in self.values)

    def link(self, text: str) -> str:
        """Where the link with these words leads: one in the page's own part, else in its header or footer."""
        found = {href for words, href in self.main_links if words == text}
        found = found or {href for words, href in self.links if words == text}
        assert len(found) == 1, f"{self.path} has {len(found)} links {text!r}: {sorted(self.links)}"
        return found.pop()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what begins here."""
        given = {name: value or "" for name, value in attrs}
        if tag in {
            "p",
            "li",
            "div",
            "h1",
            "h2",
            "h3",
            "dt",
            "dd",
            "td",
            "th",
            "tr",
            "br",
            "label",
            "button",
            "option",
        }:
            self.handle_data(" ")
        if tag == "a":
            self._link = (given.get("href", ""), [])
        elif tag == "form":
            self._form = PageForm(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._form)
        elif tag == "input":
            self._input(given)
        elif tag == "textarea":
            self._textarea = self._field(Field("textarea", given.get("name", "")))
        elif tag == "select":
            self._select = self._field(Field("select", given.get("name", "")))
        elif tag == "option" and self._select is not None:
            self._option(self._select, given)
        elif tag == "button":
            self._button = Button("", given.get("name", ""), given.get("value", ""))
            if self._form is not None and given.get("type", "submit") == "submit":
                self._form.buttons.append(self._button)
        if tag not in {"input", "br", "meta", "link", "img", "hr", "path", "line", "circle", "rect"}:
            self._open.append(tag)

    def _field(self, made: Field) -> Field:
        if self._form is not None:
            self._form.fields.append(made)
        return made

    def _input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind == "file":
            # Nobody in these stories has a picture to send, and an empty one is sent as none.
            return
        default = "on" if kind in CHOSEN else ""
        made = Field(kind, given.get("name", ""), given.get("value", default), "checked" in given)
        assert kind in TYPED | CHOSEN | {"hidden"}, f"an input of type {kind}"
        self._field(made)
        self.values.append(made.value)

    @staticmethod
    def _option(select: Field, given: dict[str, str]) -> None:
        if "selected" in given or not select.options:
            select.value = given.get("value", "")
        select.options.append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        """Note what is written here."""
        if "title" in self._open and "svg" not in self._open:
            self.title += data
        if self._textarea is not None:
            # A browser leaves out the line break that stands first.
            self._textarea.value += data.replace("\r\n", "\n").removeprefix("\n")
        if self._button is not None:
            self._button.text += data
        if "h1" in self._open:
            self.heading = " ".join((self.heading + data).split())
        if UNSEEN.intersection(self._open):
            return
        if self._link is not None:
            self._link[1].append(data)
        self._texts.append(data)
        if "main" in self._open:
            self._main.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Note what ends here."""
        if tag not in self._open:
            return
        while self._open.pop() != tag:
            pass
        if tag == "a" and self._link is not None:
            href, texts = self._link
            link = (" ".join("".join(texts).split()), href)
            (self.main_links if "main" in self._open else self.links).append(link)
            self._link = None
        elif tag == "form":
            self._form = None
        elif tag == "textarea":
            self._textarea = None
        elif tag == "select":
            self._select = None
        elif tag == "button":
            self._button = None
