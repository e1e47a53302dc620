"""The failpoints that a run goes through: each is passed by people who sign and by workers who count and send."""

#: Units of work of the web processes, then of the workers.
_UNITS = ("_sign", "confirm", "refuse", "withdraw", "erase", "_count", "claim", "accepted")

POINTS = (
    *(f"{when}_commit:{unit}" for unit in _UNITS for when in ("before", "after")),
    "mail:claimed",
    "mail:composed",
    "mail:accepted",
    "mail:marked",
)

#: One writer at a time has fewer gaps: before and after for one of each kind of process.
ON_SQLITE = (
    "before_commit:_sign",
    "after_commit:_sign",
    "after_commit:confirm",
    "after_commit:_count",
    "before_commit:accepted",
)
