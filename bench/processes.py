"""Programs that are measured, and how long processors worked for them: user and system time of a whole family of processes."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class _Stat:
    parent: int
    own: int
    of_dead_children: int


def _stat(pid: int) -> _Stat | None:
    with suppress(OSError):
        # The name, in brackets, may hold anything.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        user, system, dead_user, dead_system = (int(each) for each in fields[11:15])
        return _Stat(int(fields[1]), user + system, dead_user + dead_system)
    return None


def _all() -> dict[int, _Stat]:
    found = {int(name): _stat(int(name)) for name in os.listdir("/proc") if name.isdigit()}
    return {pid: stat for pid, stat in found.items() if stat is not None}


def family(roots: Iterable[int]) -> set[int]:
    """These processes and everything they started that still runs."""
    return _family(roots, _all())


def _family(roots: Iterable[int], stats: dict[int, _Stat]) -> set[int]:
    children: dict[int, list[int]] = {}
    for pid, stat in stats.items():
        children.setdefault(stat.parent, []).append(pid)
    members: set[int] = set()
    waiting = [pid for pid in roots if pid in stats]
    while waiting:
        pid = waiting.pop()
        members.add(pid)
        waiting += children.get(pid, [])
    return members


def worked(roots: Iterable[int]) -> float:
    """Seconds of a processor that these processes and all their descendants have worked, the dead included."""
    stats = _all()
    return sum(stats[pid].own + stats[pid].of_dead_children for pid in _family(roots, stats)) / TICKS


def start(log: Path, *command: str, environment: dict[str, str], folder: Path) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own; what it says goes to `log`."""
    with log.open("ab") as file:
        return subprocess.Popen(
            command, cwd=folder, env=environment, stdout=file, stderr=file, start_new_session=True
        )


def end(program: subprocess.Popen[bytes], patience: float = 20.0) -> None:
    """Ask a program to stop; it and what it started are killed when they do not."""
    members = family([program.pid])
    if program.poll() is None:
        program.send_signal(signal.SIGTERM)
    try:
        program.wait(patience)
    except subprocess.TimeoutExpired:
        for pid in members:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        program.wait()
