"""Made-up objects for the gallery of components at /dev/components: every tone, every state, and the words that break layouts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

PUBLISHED = datetime(2026, 11, 11, 9, 0, tzinfo=UTC)
LONG_TITLE = "Give every village a doctor, a school, a bus, a shop and a bank it can reach on foot"
WIDE_TITLE = "W" * 80


@dataclass(frozen=True)
class SampleName:
    """A department or topic: only its name is shown."""

    name: str


@dataclass(frozen=True)
class SamplePetition:
    """What a list shows of a petition."""

    id: int
    action: str
    signature_count: int
    departments: list[SampleName] = field(default_factory=list)


@dataclass(frozen=True)
class SampleThreshold:
    """A number of signatures and what follows from it."""

    signatures: int
    label: str
    reached: bool


@dataclass(frozen=True)
class SampleDuty:
    """An answer owed, in the sentence of one tone."""

    tone: str
    sentence: str
    short: str
    detail: str

    @property
    def whole(self) -> str:
        """The sentence with how long there is."""
        is_running = self.tone in {"wait", "soon"}
        return f"{self.sentence.rstrip('.')}; {self.short}." if is_running else self.sentence


@dataclass(frozen=True)
class SampleEvent:
    """One entry of a timeline."""

    at: date
    title: str
    text: str = ""
    big: bool = False
    url: str | None = None


@dataclass(frozen=True)
class SampleMark:
    """A line across a chart: `value` signatures, and what they mean."""

    value: int
    label: str


@dataclass(frozen=True)
class SampleChart:
    """Signatures over time: points of (moment, signatures so far)."""

    title: str
    points: list[tuple[datetime, int]]
    marks: list[SampleMark]
    json_url: str | None = None
    csv_url: str | None = None
    reached: list[tuple[datetime, int, str]] = field(default_factory=list)

    @property
    def below(self) -> list[tuple[datetime, str]]:
        """Four moments that stand under it."""
        start, span = self.points[0][0], self.points[-1][0] - self.points[0][0]
        return [(start + span * part / 4, f"{start + span * part / 4:%d %b}") for part in range(1, 5)]


@dataclass(frozen=True)
class SamplePage:
    """Where a reader stands in a list of many pages."""

    number: int
    pages: int
    total: int
    previous_url: str | None
    next_url: str | None


class SampleForm(Form):
    """One field of each kind."""

    name = StringField("Your name", [InputRequired("Enter your name.")])
    email = EmailField("Your e-mail address", [InputRequired("Enter your e-mail address.")])
    postcode = StringField("Your postcode")
    country = SelectField("Country", choices=[("XA", "Arvenia"), ("GB", "United Kingdom"), ("DE", "Germany")])
    background = TextAreaField(
        "What do you want to happen?", [Length(max=300, message="Shorten this by 20 characters.")]
    )
    outcome = RadioField(
        "What is the answer?",
        [InputRequired("Choose an outcome.")],
        choices=[("agreed", "Agreed"), ("partly", "Partly agreed"), ("refused", "Not agreed")],
    )
    topics = SelectMultipleField(
        "Topics", choices=[("transport", "Transport"), ("health", "Health"), ("schools", "Schools")]
    )
    eligible = BooleanField(
        "I live in Arvenia or am its citizen", [InputRequired("Tick the box if you may sign.")]
    )
    updates = BooleanField("Tell me by e-mail what happens to this petition")


def _refused_form() -> SampleForm:
    form = SampleForm(MultiDict({"refused-country": "XA"}), prefix="refused")
    form.background.process(MultiDict({"refused-background": "Nineteen towns have no bus after eight. " * 8}))
    form.validate()
    return form


def _duties() -> list[SampleDuty]:
    owes = "The Department of Transport owes an answer by"
    reached = "10,000 signatures were reached on 18 November 2026 at 14:06."
    return [
        SampleDuty("wait", f"{owes} 9 December.", "16 days left", reached),
        SampleDuty("soon", f"{owes} 26 November.", "3 days left", reached),
        SampleDuty(
            "late", "The Department of Transport owed an answer by 14 November.", "12 days late", reached
        ),
        SampleDuty(
            "paused",
            "The Department of Transport owes an answer; the clock stands still.",
            "paused 31 days",
            "Election called.",
        ),
        SampleDuty("done", "The Department of Trade answered on 18 October.", "answered, 4 days early", ""),
    ]


def _petitions() -> list[SamplePetition]:
    transport, trade = SampleName("Department of Transport"), SampleName("Department of Trade")
    return [
        SamplePetition(81, "Guarantee a night bus to every town over 10,000 people", 38412, [transport]),
        SamplePetition(
            82,
            "Publish water quality for every river each day",
            9731,
            [SampleName("Department of the Environment")],
        ),
        SamplePetition(83, LONG_TITLE, 912406, [transport, trade]),
        SamplePetition(84, WIDE_TITLE, 1),
        SamplePetition(85, "وفّروا حافلة ليلية لكل بلدة يزيد سكانها على عشرة آلاف نسمة", 4120, [trade]),
    ]


def _slow_then_fast() -> list[tuple[datetime, int]]:
    counts = [0, 40, 310, 700, 1900, 4800, 8900, 13200, 19800, 26900, 32100, 35600, 38412]
    return [(PUBLISHED + timedelta(days=day), count) for day, count in enumerate(counts)]


def _fast_then_slow() -> list[tuple[datetime, int]]:
    return [(PUBLISHED + timedelta(days=day), int(912406 * (1 - 0.95**day))) for day in range(181)]


def _charts() -> list[SampleChart]:
    marks = [
        SampleMark(10_000, "10,000: an answer is owed"),
        SampleMark(100_000, "100,000: considered for debate"),
    ]
    first_hours = [(PUBLISHED + timedelta(hours=hour), hour * hour * 12) for hour in range(28)]
    return [
        SampleChart(
            "Signatures over time",
            _slow_then_fast(),
            marks,
            "/petitions/81/history.json",
            "/petitions/81/history.csv",
        ),
        SampleChart("Signatures over half a year", _fast_then_slow(), marks),
        SampleChart("Signatures in the first hours", first_hours, marks),
        SampleChart("A petition published this minute", [(PUBLISHED, 6)], marks),
    ]


def _events() -> list[SampleEvent]:
    reached = datetime(2026, 11, 18, 14, 6, tzinfo=UTC)
    return [
        SampleEvent(
            date(2026, 12, 7), "The Department of Transport answered", "2 days early", True, "#response"
        ),
        SampleEvent(reached, "Reached 10,000: an answer is owed", "7 days after publication", True),
        SampleEvent(
            date(2026, 11, 15),
            "212 signatures removed",
            "made by a program from one network; the petitioner was told",
        ),
        SampleEvent(date(2026, 11, 11), "Published", "checked in 4 working days"),
    ]


def samples() -> SimpleNamespace:
    """Everything the gallery shows, by name."""
    return SimpleNamespace(
        form=SampleForm(data={"background": "Four departures between 21:00 and 01:00."}),
        refused=_refused_form(),
        petitions=_petitions(),
        duties=_duties(),
        charts=_charts(),
        events=_events(),
        thresholds=[SampleThreshold(10_000, "answer", True), SampleThreshold(100_000, "debate", False)],
        thresholds_ahead=[
            SampleThreshold(10_000, "answer", False),
            SampleThreshold(100_000, "debate", False),
        ],
        thresholds_reached=[
            SampleThreshold(10_000, "answer", True),
            SampleThreshold(100_000, "debate", True),
        ],
        page=SamplePage(3, 12, 583, "?page=2", "?page=4"),
        first_page=SamplePage(1, 2, 61, None, "?page=2"),
        long_title=LONG_TITLE,
        wide_title=WIDE_TITLE,
    )
