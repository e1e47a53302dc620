"""How often each origin came, counted in this process: for where no Redis counts for all.

The library's own store starts a thread for nearly every request, which looks through everything that is counted. With ten
thousand visitors in an hour that costs more than answering them.
"""

from __future__ import annotations

from collections import deque
from threading import Lock
from time import time

from limits.storage import MemoryStorage

#: Seconds between two looks for what is over.
SWEPT_EVERY = 60


class OwnCounts(MemoryStorage):
    """The moments at which each key was counted, as long as its limit looks back."""

    STORAGE_SCHEME = ["own"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: str) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._turn = Lock()
        self._windows: dict[str, tuple[int, deque[float]]] = {}
        self._next_sweep = 0.0

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` more unless that would be more than `limit` in `expiry` seconds; tells whether it was counted."""
        now = time()
        with self._turn:
            if now >= self._next_sweep:
                self._sweep(now)
            window = self._windows.setdefault(key, (expiry, deque()))
            moments = _within(window, now)
            if len(moments) + amount > limit:
                return False
            moments.extend([now] * amount)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """The first moment that still counts, and how many do."""
        now = time()
        with self._turn:
            moments = _within(self._windows.get(key, (expiry, deque())), now)
            return (moments[0] if moments else now), len(moments)

    def _sweep(self, now: float) -> None:
        self._windows = {key: window for key, window in self._windows.items() if _within(window, now)}
        self._next_sweep = now + SWEPT_EVERY

    def clear(self, key: str) -> None:
        """Forget one key."""
        with self._turn:
            self._windows.pop(key, None)

    def reset(self) -> int | None:
        """Forget everything; returns how many keys there were."""
        with self._turn:
            number = len(self._windows)
            self._windows.clear()
            return number


def _within(window: tuple[int, deque[float]], now: float) -> deque[float]:
    """The moments of a window, without those that no longer count."""
    expiry, moments = window
    while moments and moments[0] < now - expiry:
        moments.popleft()
    return moments
