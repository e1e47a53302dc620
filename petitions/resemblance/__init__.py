"""Which petitions ask for the same as a text does. What was tried, and how often it is right: `docs/decisions/similar-petitions.md`."""

from petitions.resemblance.finding import Likeness, likest

__all__ = ["Likeness", "likest"]
