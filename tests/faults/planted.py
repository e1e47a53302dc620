"""Bugs that can be planted into the running code, to see that the checks find them. The service knows nothing of this.

A bug is a change of the source of some functions, made in memory (`Change`), or a function of its own that breaks something
by hand. A change whose old words are no longer in the source raises `CannotPlant`: then it proves nothing any more.

In a test: `with planted("no lock"):`. In the processes of a fault run: the environment variable `FAULTS_PLANTED`.
"""

from __future__ import annotations

import importlib
import inspect
import logging
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


class CannotPlant(Exception):
    """The source is not what the bug was written for. The message names it."""


@dataclass(frozen=True)
class Change:
    """In the source of `function` (a function of `module`), the first word of each pair becomes the second, everywhere."""

    module: str
    function: str
    words: tuple[tuple[str, str], ...]

    def made(self) -> tuple[Any, Any]:
        """The function as it is, and as it would be."""
        module = importlib.import_module(self.module)
        before = getattr(module, self.function)
        source = textwrap.dedent(inspect.getsource(inspect.unwrap(before)))
        for old, new in self.words:
            if old not in source:
                raise CannotPlant(f"{self.module}.{self.function} has no {old!r}")
            source = source.replace(old, new)
        names: dict[str, Any] = dict(vars(module))
        code = "from __future__ import annotations\n" + source
        exec(compile(code, f"<planted in {self.module}>", "exec"), names)  # noqa: S102 - our own source
        changed = names[self.function]
        # It must see what the module has now and later, not what it had at this moment.
        return before, _with_globals(changed, vars(module))


def _with_globals(function: Any, names: dict[str, Any]) -> Any:
    inner = inspect.unwrap(function)
    moved = type(inner)(inner.__code__, names, inner.__name__, inner.__defaults__, inner.__closure__)
    moved.__kwdefaults__ = inner.__kwdefaults__
    if inner is function:
        return moved
    from petitions.database import transactional

    return transactional(moved)


def _replace(before: Any, after: Any) -> None:
    """Put one function in the place of another in every module that has it by name, and in every question that it writes."""
    from petitions.questions import Question

    for name, module in list(sys.modules.items()):
        if name.startswith("petitions") and module is not None:
            for attribute, value in list(vars(module).items()):
                if value is before:
                    setattr(module, attribute, after)
                elif isinstance(value, Question) and value._write is before:
                    # What it was translated into is forgotten.
                    value.__init__(after, *value._like)  # type: ignore[misc]


def _second_transaction() -> Callable[[], None]:
    """The mail with the confirm link is queued after the signature was committed, in a transaction of its own."""
    from petitions.database import transactional
    from petitions.extensions import db
    from petitions.mail import outbox
    from petitions.models import Signature
    from petitions.signing import actions

    queue, sign = outbox.queue, actions.sign
    later: list[tuple[str, str, int, Any]] = []

    def remembered(kind: str, *, key: str, signature: Any = None, **more: Any) -> bool:
        if kind != "confirm_signature":
            return queue(kind, key=key, signature=signature, **more)
        later.append((kind, key, signature.id, more))
        return True

    @transactional
    def in_its_own(kind: str, key: str, signature_id: int, more: Any) -> None:
        queue(kind, key=key, signature=db.session.get(Signature, signature_id), **more)

    def sign_then_queue(**given: Any) -> Any:
        result = sign(**given)
        while later:
            in_its_own(*later.pop())
        return result

    outbox.queue, actions.sign = remembered, sign_then_queue  # type: ignore[assignment]

    def undo() -> None:
        outbox.queue, actions.sign = queue, sign

    return undo


def _address_in_the_log() -> Callable[[], None]:
    """Every mail that is sent leaves its address in the log, and nothing leaves addresses out there."""
    from petitions import logs
    from petitions.mail import transport

    written, without_secrets = transport.written, logs.without_secrets

    def telling(message: Any) -> Any:
        sender, recipient, content = written(message)
        logging.getLogger("petitions").warning("sending to %s", recipient)
        return sender, recipient, content

    transport.written, logs.without_secrets = telling, str

    def undo() -> None:
        transport.written, logs.without_secrets = written, without_secrets

    return undo


_ROW_LOCK = ('with_for_update={"of": Signature}', "")
CHANGES: dict[str, tuple[Change, ...]] = {
    "no lock": (
        Change(
            "petitions.counts.counting", "lock_both", (_ROW_LOCK, (".with_for_update(key_share=True)", ""))
        ),
        Change("petitions.counts.counting", "uncount", (_ROW_LOCK,)),
        Change(
            "petitions.counts.counting",
            "_lock",
            ((".with_for_update(skip_locked=not wait, key_share=True)", ""),),
        ),
    ),
    "lost SKIP LOCKED guard": (
        Change("petitions.mail.claiming", "_due", ((".with_for_update(skip_locked=True, of=Mail)", ""),)),
    ),
    "mail marked before it was sent": (
        Change(
            "petitions.mail.delivery",
            "_deliver_one",
            (
                (
                    "    try:\n        sender.send",
                    "    marking.accepted({mail_id: ready.link_of})\n    try:\n        sender.send",
                ),
            ),
        ),
    ),
    "threshold == n": (
        Change("petitions.counts.crossings", "fire", ((".signatures <= after", ".signatures == after"),)),
    ),
}
BY_HAND: dict[str, Callable[[], Callable[[], None]]] = {
    "second-transaction outbox": _second_transaction,
    "an address in a log line": _address_in_the_log,
}


def plant(bug: str) -> Callable[[], None]:
    """Plant a bug by its name; returns what takes it out again. Raises `CannotPlant`, or `KeyError` for an unknown name."""
    if bug in BY_HAND:
        return BY_HAND[bug]()
    undone: list[tuple[Any, Any]] = []
    for change in CHANGES[bug]:
        before, after = change.made()
        _replace(before, after)
        undone.append((before, after))

    def undo() -> None:
        for before, after in reversed(undone):
            _replace(after, before)

    return undo


@contextmanager
def planted(bug: str) -> Iterator[None]:
    """The bug is there for the length of the block."""
    undo = plant(bug)
    try:
        yield
    finally:
        undo()
