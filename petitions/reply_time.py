"""When the reply to a form with an address in it goes out: never at the moment its work is done.

The work is the same whatever is known about the address, but for hundredths of a millisecond: a name that is unsealed, a row
that ends. On a machine that does nothing else they could be measured, so the reply waits for the next full step.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import request

View = TypeVar("View", bound=Callable[..., Any])

#: Replies go out this long after the form came, or twice as long, or three times, in seconds. Three times what signing takes
#: on a small machine, so nearly all go out at the first; a person does not notice it, and a thread that waits costs nothing
#: but its place.
STEP = 0.01


def in_full_steps(view: View) -> View:
    """Let a view's replies to posted forms go out a multiple of `STEP` after it began, errors too."""

    @wraps(view)
    def waiting(*args: Any, **values: Any) -> Any:
        if request.method != "POST":
            return view(*args, **values)
        begun = time.monotonic()
        try:
            return view(*args, **values)
        finally:
            time.sleep(_left(time.monotonic() - begun))

    return cast(View, waiting)


def _left(taken: float) -> float:
    """Seconds to the next full step."""
    return STEP - taken % STEP if STEP else 0.0
