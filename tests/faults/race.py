"""Starting things at the same instant, and telling what came of it from what may come of it.

A race of verbs is judged by the verbs themselves: what they leave when started together must be what they leave one after
the other, in one order or another.
"""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Sequence
from itertools import permutations
from typing import Any

from flask import Flask

from petitions.errors import PetitionsError
from petitions.extensions import db

Verb = Callable[[], object]


class Broke(AssertionError):
    """Something was raised that no page can explain."""


def together(app: Flask, verbs: Sequence[Verb]) -> list[Any]:
    """Start every verb at the same instant, each in a thread with a session of its own. Returns what each returned.

    A refusal by name (`PetitionsError`) is returned as its class; anything else that is raised is a fault: `Broke`.
    """
    barrier = threading.Barrier(len(verbs))
    results: list[Any] = [None] * len(verbs)

    def run(index: int, verb: Verb) -> None:
        with app.app_context():
            try:
                barrier.wait(30)
                results[index] = verb()
            except PetitionsError as refusal:
                results[index] = type(refusal)
            except Exception as fault:
                results[index] = Broke(f"{type(fault).__name__}: {fault}")
            finally:
                db.session.remove()

    threads = [
        threading.Thread(target=contextvars.Context().run, args=(run, index, verb))
        for index, verb in enumerate(verbs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    if broken := [str(result) for result in results if isinstance(result, Broke)]:
        raise Broke("; ".join(broken))
    return results


def one_by_one(verbs: Sequence[Verb]) -> None:
    """Do one after the other; a refusal by name is an answer."""
    for verb in verbs:
        try:
            verb()
        except PetitionsError:
            pass
        finally:
            db.session.remove()


def outcomes_in_any_order(
    make: Callable[[], Any], verbs: Callable[[Any], Sequence[Verb]], look: Callable[[Any], Any]
) -> set[Any]:
    """Everything that `look` can see after the verbs were done in each order, every time on something new."""
    number = len(verbs(make()))
    seen = set()
    for order in permutations(range(number)):
        thing = make()
        chosen = verbs(thing)
        one_by_one([chosen[index] for index in order])
        seen.add(look(thing))
    return seen
