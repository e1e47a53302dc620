"""Staff of the demo. The passwords are printed by `make run`: they protect nothing but made-up petitions."""

from __future__ import annotations

from typing import NamedTuple


class SignIn(NamedTuple):
    """One member of staff: what `make run` prints, and what the loader stores."""

    label: str
    email: str
    password: str
    role: str
    department: str | None
    name: str


SIGN_INS = (
    SignIn(
        "Moderator",
        "maren@petitions.example.org",
        "lantern-harbour-seven-gulls",
        "moderator",
        None,
        "Maren Holt",
    ),
    SignIn(
        "Moderator",
        "idris@petitions.example.org",
        "quiet-orchard-two-ladders",
        "moderator",
        None,
        "Idris Vale",
    ),
    SignIn(
        "Official, Transport",
        "oskar@transport.example.org",
        "timetable-copper-nine-bells",
        "official",
        "transport",
        "Oskar Lindgren",
    ),
    SignIn(
        "Official, Environment",
        "salome@environment.example.org",
        "hedgerow-amber-four-wrens",
        "official",
        "environment",
        "Salome Ferreira",
    ),
    SignIn(
        "Official, Education",
        "benedikt@education.example.org",
        "chalkboard-maple-six-swings",
        "official",
        "education",
        "Benedikt Amadi",
    ),
    SignIn(
        "Approver, Transport",
        "yusra@transport.example.org",
        "viaduct-silver-eight-clocks",
        "approver",
        "transport",
        "Yusra Kamal",
    ),
    SignIn(
        "Overseer, petitions committee",
        "ottilie@petitions.example.org",
        "gavel-juniper-twelve-benches",
        "overseer",
        None,
        "Ottilie Brandt",
    ),
    SignIn(
        "Press reader",
        "thijs@petitions.example.org",
        "newsprint-velvet-five-inks",
        "press",
        None,
        "Thijs Mulder",
    ),
    SignIn(
        "Auditor", "greta@petitions.example.org", "ledger-granite-three-keys", "auditor", None, "Greta Osei"
    ),
    SignIn(
        "Administrator",
        "administrator@petitions.example.org",
        "lighthouse-cedar-ten-stairs",
        "administrator",
        None,
        "Noor Castellan",
    ),
)
