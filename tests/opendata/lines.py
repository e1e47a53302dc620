"""Made-up lines in the shape of the UK Parliament's petitions data."""

import gzip
import json
from pathlib import Path
from typing import Any

Line = dict[str, Any]

OPENED, CLOSED = "2021-03-05T15:48:39.806Z", "2021-09-05T22:59:59.999Z"


def petition(number: int, **attributes: Any) -> Line:
    """A closed petition with 40 signatures; `attributes` replace its own."""
    own: dict[str, Any] = {
        "action": f"Mend the bridge at Fairley ({number})",
        "background": "The bridge is shut.\r\nThe way round is twelve miles. ",
        "additional_details": "",
        "committee_note": None,
        "state": "closed",
        "signature_count": 40,
        "created_at": "2021-03-03T12:25:09.391Z",
        "updated_at": "2021-09-05T23:00:08.447Z",
        "rejected_at": None,
        "opened_at": OPENED,
        "closed_at": CLOSED,
        "moderation_threshold_reached_at": "2021-03-03T12:45:44.000Z",
        "response_threshold_reached_at": None,
        "government_response_at": None,
        "debate_threshold_reached_at": None,
        "scheduled_debate_date": None,
        "debate_outcome_at": None,
        "creator_name": None,
        "rejection": None,
        "government_response": None,
        "debate": None,
        "departments": [],
        "topics": [],
    }
    return {"type": "petition", "id": number, "attributes": own | attributes}


def open_petition(number: int, **attributes: Any) -> Line:
    """A petition that the data calls open."""
    own: dict[str, Any] = {"state": "open", "closed_at": None, "updated_at": "2021-08-31T12:00:00.000Z"}
    return petition(number, **(own | attributes))


def rejected_petition(number: int, code: str = "duplicate", **attributes: Any) -> Line:
    """A petition that was refused before it was published."""
    own: dict[str, Any] = {
        "state": "rejected",
        "opened_at": None,
        "closed_at": None,
        "rejected_at": "2021-03-06T09:00:00.000Z",
        "rejection": {"code": code, "details": "It repeats petition 12."},
        "signature_count": 6,
    }
    return petition(number, **(own | attributes))


def answered_petition(number: int, **attributes: Any) -> Line:
    """A petition with everything that can have happened to one."""
    own: dict[str, Any] = {
        "signature_count": 120_345,
        "response_threshold_reached_at": "2021-03-29T23:30:00.000Z",
        "government_response_at": "2021-04-30T09:00:00.160Z",
        "government_response": {
            "responded_on": "2021-04-29",
            "summary": "We will mend the bridge.",
            "details": "It opens in **May**.\r\n\r\nSee [the plan](https://example.org/plan).",
            "created_at": "2021-04-30T09:00:00.150Z",
            "updated_at": "2021-05-01T10:00:00.000Z",
        },
        "debate_threshold_reached_at": "2021-06-01T08:00:00.000Z",
        "scheduled_debate_date": "2021-07-05",
        "debate_outcome_at": "2021-07-06T12:00:00.051Z",
        "debate": {
            "debated_on": "2021-07-05",
            "transcript_url": "https://example.org/transcript",
            "video_url": "https://example.org/video",
            "debate_pack_url": "https://example.org/pack",
            "public_engagement_url": "https://example.org/asked",
            "debate_summary_url": "https://example.org/summary",
            "overview": "Members spoke of bridges.",
        },
        "departments": [
            {"name": "Roads and Bridges Office ", "acronym": "RBO", "url": "https://example.org/rbo"},
            {"name": "Board of Rivers", "acronym": None, "url": None},
        ],
        "topics": ["covid-19", "roads-and-bridges"],
        "signatures_by_country": [
            {"name": "United Kingdom", "code": "GB", "signature_count": 120_000},
            {"name": "British Antarctic Territory", "code": "BAT", "signature_count": 3},
        ],
        "signatures_by_constituency": [
            {"name": "Fairley", "ons_code": "E90000001", "mp": "Ada Bright MP", "signature_count": 100},
            {"name": "Old Mills", "ons_code": "E90000002", "mp": None, "signature_count": 20},
        ],
        "signatures_by_region": [{"name": "North East", "ons_code": "A", "signature_count": 120}],
        "other_parliamentary_business": [
            {
                "subject": "A letter about bridges",
                "body": "The committee wrote.",
                "occurred_on": "2021-06-02",
                "created_at": "2021-06-03T10:00:00.000Z",
                "updated_at": "2021-06-03T10:00:00.000Z",
            }
        ],
    }
    return petition(number, **(own | attributes))


def write(file: Path, *lines: Line | str | bytes) -> Path:
    """A file of these lines, as they are or as JSON; compressed where its name ends with `.gz`."""
    content = b"\n".join(
        line
        if isinstance(line, bytes)
        else line.encode()
        if isinstance(line, str)
        else json.dumps(line).encode()
        for line in lines
    )
    file.write_bytes(gzip.compress(content) if file.suffix == ".gz" else content)
    return file
