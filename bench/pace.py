"""People who come at a pace of their own, whatever the site does: as many begin in a second as are told to."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future

from bench.asking import Connection
from bench.journeys import Crowd
from bench.reckoning import percentile
from bench.sink import Sink
from bench.site import Site

#: Looks of the clock in a second: so many at a time come together.
STEPS = 20
#: Seconds that who is under way gets to come to the end.
PATIENCE = 45.0


class Signing:
    """A crowd that begins `pace` journeys a second while the block lasts; after it, everybody may come to the end."""

    def __init__(self, made: Site, sink: Sink, petition_ids: Sequence[int], pace: float) -> None:
        self.crowd, self.sink, self.pace = Crowd(made.port, sink, petition_ids), sink, pace
        self.begun = self.late = 0
        self.seconds = 0.0
        self._over = asyncio.Event()
        self._kept: list[Connection] = []
        self._done: Future[None] | None = None

    def __enter__(self) -> Signing:
        self.sink.forget()
        self.sink.hear = self.crowd.hear
        self._began = time.perf_counter()
        self._done = asyncio.run_coroutine_threadsafe(self._go(), self.sink.loop)
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._began
        self.sink.loop.call_soon_threadsafe(self._over.set)
        assert self._done is not None
        self._done.result()

    async def _go(self) -> None:
        under_way: set[asyncio.Task[None]] = set()
        owed = 0.0
        last = time.perf_counter()
        while not self._over.is_set():
            await asyncio.sleep(1 / STEPS)
            now = time.perf_counter()
            owed, last = owed + (now - last) * self.pace, now
            while owed >= 1:
                owed -= 1
                task = asyncio.create_task(self._one())
                under_way.add(task)
                task.add_done_callback(under_way.discard)
        if under_way:
            _, left = await asyncio.wait(under_way, timeout=PATIENCE)
            for task in left:
                task.cancel()
            if left:
                self.crowd.wrong[f"not at the end {PATIENCE:.0f} s later"] += len(left)
                await asyncio.gather(*left, return_exceptions=True)
        for connection in self._kept:
            connection.close()

    async def _one(self) -> None:
        connection = self._kept.pop() if self._kept else Connection(self.crowd.port)
        began = time.perf_counter()
        self.begun += 1
        if await self.crowd.journey(connection):
            self.crowd.confirmed += 1
            self.crowd.taken.append((time.perf_counter() - began) * 1_000)
        self._kept.append(connection)

    @property
    def rate(self) -> float:
        """Journeys that came to their end, for each second in which people came."""
        return self.crowd.confirmed / self.seconds if self.seconds else 0.0

    @property
    def waits(self) -> str:
        """How long a journey took, in words."""
        return in_words(self.crowd.taken)

    def wrong(self) -> list[str]:
        """What went wrong on the journeys."""
        counted: Counter[str] = self.crowd.wrong
        return [f"{number} × {what}" for what, number in counted.items()]


def in_words(taken: Sequence[float]) -> str:
    """How long journeys took, in milliseconds."""
    return f"{len(taken)} journeys with their mail, p50 {percentile(taken, 0.5):.0f} ms, p99 {percentile(taken, 0.99):.0f} ms"
