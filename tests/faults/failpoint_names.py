"""The failpoints that a run goes through: each is passed by people who sign and by workers who count and send."""

#: Units of work of the web processes, then of the workers.
_UNITS = ("_sign", "confirm", "refuse", "withdraw", "erase", "_count", "_claim", "_finish")

POINTS = tuple(f"{when}_commit:{unit}" for unit in _UNITS for when in ("before", "after"))

#: One writer at a time has fewer gaps: before and after for one of each kind of process.
ON_SQLITE = (
    "before_commit:_sign",
    "after_commit:_sign",
    "after_commit:confirm",
    "after_commit:_count",
    "before_commit:_finish",
)
