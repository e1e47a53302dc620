"""The table of a run: on the screen line by line, and as a page in `bench/results/`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bench.reckoning import Line, each_costs, middle, short

RESULTS = Path(__file__).with_name("results")
HEAD = (
    "what", "a second", "floor", "of the floor (least–most)", "p50 ms", "p99 ms", "CPU µs: service + database", "errors",
    "goals",
)  # fmt: skip


def cells(line: Line) -> tuple[str, ...]:
    """One line of the table."""
    floor = f"{short(middle(line.floors, 'rate'))} {line.floor}" if line.floors else "–"
    ratios = line.ratios
    ratio = f"**{line.ratio:.2f}** ({min(ratios):.2f}–{max(ratios):.2f})" if ratios else "–"
    costs = (
        f"{each_costs(line.rounds, 'web_seconds'):.0f} + {each_costs(line.rounds, 'database_seconds'):.0f}"
    )
    return (
        line.what,
        short(line.rate) if line.rounds else "–",
        floor,
        ratio,
        *(short(found) if (found := middle(line.rounds, name)) else "–" for name in ("p50", "p99")),
        costs if line.rounds else "–",
        f"**FAILED**: {line.errors[0]}" if line.failed else "0",
        "; ".join(str(goal) for goal in line.goals) or "–",
    )


def say(line: Line) -> None:
    """Print a line when it is measured."""
    what, *rest = cells(line)
    print(what)
    for name, cell in zip(HEAD[1:], rest, strict=True):
        if cell != "–":
            print(f"    {name:<28} {cell.replace('**', '')}")
    for note in (*line.errors[1:], *line.notes):
        print(f"    {note}")
    print(flush=True)


def page(facts: Sequence[str], sections: Sequence[tuple[str, Sequence[Line]]]) -> str:
    """The whole run in Markdown."""
    parts = ["# What it costs", "", *(f"- {fact}" for fact in facts), ""]
    for title, lines in sections:
        parts += [f"## {title}", "", f"| {' | '.join(HEAD)} |", "|---" * len(HEAD) + "|"]
        parts += [f"| {' | '.join(cell.replace('|', '/') for cell in cells(line))} |" for line in lines]
        parts.append("")
        for line in lines:
            parts += [f"- {line.what}: {note}" for note in (*line.errors[1:], *line.notes)]
        parts.append("")
    missed = [
        f"{line.what}: {goal}"
        for _, lines in sections
        for line in lines
        for goal in line.goals
        if not goal.is_met
    ]
    parts += ["## Not met", "", *(f"- {each}" for each in missed or ["nothing: every goal is met"]), ""]
    return "\n".join(parts).replace("\n\n\n", "\n\n")


def write(text: str, parts: Sequence[str]) -> Path:
    """Keep the page of today's run; that of a part is called after its parts."""
    RESULTS.mkdir(exist_ok=True)
    name = "-".join([date.today().isoformat(), *parts])  # noqa: DTZ011 - the day on the wall
    file = RESULTS / f"{name}.md"
    file.write_text(text)
    return file
