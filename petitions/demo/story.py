"""The shapes in which the demo's petitions are told; every time is in days before (or, negative, after) today."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

RESPONSE = 10_000
DEBATE = 100_000
RESPONSE_DAYS = 21

Shape = Literal["steady", "burst", "late", "waves"]


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock of a duty stands still from `since` to `until` days ago (negative: still to come)."""

    since: int
    until: int
    reason: str


@dataclass(frozen=True, slots=True)
class Extension:
    """A duty's date was moved to `until` (days from today), announced `decided` days ago."""

    decided: int
    until: int
    reason: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """A duty came from another department, so many days ago."""

    day: int
    before: str
    reason: str


@dataclass(frozen=True, slots=True)
class HoldingReply:
    """A word in between, so many days ago."""

    day: int
    body: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The overseeing body asked for a better answer, so many days ago."""

    day: int
    reason: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A later version of an answer, so many days ago: words of it replaced by others, for a public reason."""

    day: int
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Promise:
    """Something promised in an answer, for a day (days before or after today), and what was said of it after 6 months."""

    text: str
    due: int
    kept: Literal["", "kept", "partly", "not_kept"] = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A published response: `days_taken` after the threshold was reached; body in Markdown."""

    days_taken: int
    outcome: Literal["agreed", "partly_agreed", "not_agreed", "already_done", "not_for_us"]
    summary: str
    body: str
    role: str
    points: tuple[tuple[str, str, str], ...] = ()
    """What is asked, the answer, what it comes to."""
    links: tuple[tuple[str, str], ...] = ()
    """Title and address."""
    correction: Correction | None = None
    opinions: tuple[int, int, int] = (0, 0, 0)
    """How many signers said what they think; how many that it deals with what they asked, and that it is clear."""
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True)
class Business:
    """Something else that happened in the chamber `day` days ago, with its source."""

    day: int
    subject: str
    body: str
    url: str


@dataclass(frozen=True, slots=True)
class Debate:
    """A debate on `day` (days ago, negative: in the future), held with an overview, or refused with a reason."""

    day: int
    scheduled: int = 0
    considered: int = 0
    held: bool = False
    refused: bool = False
    reason: str = ""
    picture: str = ""
    """What a picture of it shows, for people who cannot see it."""
    business: tuple[Business, ...] = ()
    overview: str = ""
    transcript_url: str = ""
    video_url: str = ""
    research_url: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why and when (days ago) moderators refused or took down; the code decides whether the text may be shown."""

    code: str
    day: int
    explanation: str
    original: str | None = None  # the key of the petition that this one repeats


@dataclass(frozen=True, slots=True)
class Appealed:
    """An appeal made so many days ago, and, where it is decided, when, how and why. `refusal` is what it was against,
    where the petition no longer stands refused."""

    made: int
    reason: str
    decided: int | None = None
    upheld: bool = False
    explanation: str = ""
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """The background was another until so many days ago."""

    day: int
    before: str
    reason: str


@dataclass(frozen=True, slots=True)
class LookedInto:
    """What a moderator did with it so many days ago, before anything is decided. `question` waits for its answer."""

    day: int
    note: str = ""
    tags: tuple[str, ...] = ()
    question: str = ""
    in_hand: bool = False
    """Taken in hand a moment ago."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A reader reported it so many days ago; what came of it, where somebody has decided."""

    code: str
    day: int
    words: str = ""
    resolved: int | None = None
    outcome: Literal["acted", "no_action"] = "no_action"
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """One petition of the demo and all that happened to it."""

    key: str
    action: str
    background: str
    details: str
    creator: str
    state: str
    started: int
    department: str | None = None
    topics: tuple[str, ...] = ()
    published: int | None = None
    ended: int | None = None  # days ago: withdrawn or lapsed
    supporters: int = 5
    in_review: int | None = None  # days ago: reached its supporters
    count: int = 0
    last_hour: int = 0
    shape: Shape = "steady"
    home: str | None = None  # letter of the region that cares most
    reached: dict[int, int] = field(default_factory=dict)  # threshold → days ago
    pause: Pause | None = None
    extension: Extension | None = None
    transfer: Transfer | None = None
    holding_reply: HoldingReply | None = None
    escalated: tuple[int, ...] = ()  # days ago: the overseeing body was told that the answer is late
    follow_up: FollowUp | None = None
    answer: Answer | None = None
    debate: Debate | None = None
    refusal: Refusal | None = None
    appeal: Appealed | None = None
    corrected: Corrected | None = None
    looked_into: LookedInto | None = None
    reports: tuple[Reported, ...] = ()
    suspects: int = 0  # signatures of the last hours that are held, or were removed before they counted
