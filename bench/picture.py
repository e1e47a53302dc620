"""A picture of a run over time as SVG: lines over seconds, readable in light and in dark, with a scale that grows tenfold."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 260, 64, 170, 34, 34
STYLE = """
svg{color-scheme:light dark;background:#fff;color:#1d2429;font:13px system-ui,sans-serif}
text{fill:currentColor}.grid{stroke:currentColor;opacity:.15}.line{fill:none;stroke-width:2}
.s0{stroke:#0b6e4f}.s1{stroke:#b3261e;stroke-dasharray:6 3}.s2{stroke:#3949ab;stroke-dasharray:2 3}.s3{stroke:#8a5a00;stroke-width:3}.s4{stroke:#6b6f73;stroke-dasharray:8 4}
@media (prefers-color-scheme:dark){svg{background:#14191d;color:#e8edf0}
.s0{stroke:#5fd3a8}.s1{stroke:#ff8a80}.s2{stroke:#9fa8ff}.s3{stroke:#f0b95a}.s4{stroke:#b5bcc2}}
"""
Scale = Callable[[float], float]
Series = Mapping[str, Sequence[float]]


def chart(title: str, unit: str, times: Sequence[float], series: Series, marks: Mapping[float, str]) -> str:
    """One picture: each series by its name, a value for each time (seconds); `marks` name moments. Values of 0 leave a gap."""
    shown = [value for values in series.values() for value in values if value > 0] or [1.0]
    least, most = math.floor(math.log10(min(shown))), math.ceil(math.log10(max(shown)) + 1e-9)
    most = max(most, least + 1)
    last = max(times, default=1.0) or 1.0

    def across(moment: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * moment / last

    def up(value: float) -> float:
        share = (math.log10(value) - least) / (most - least)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">',
        f'<style>{STYLE}</style><text x="8" y="18" font-weight="600">{escape(title)} ({escape(unit)})</text>',
    ]
    for power in range(least, most + 1):
        y = up(10.0**power)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_number(power)}</text>')
    for moment, words in marks.items():
        x = across(moment)
        parts.append(f'<path class="grid" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"/>')
        parts.append(
            f'<text x="{x + 3:.1f}" y="{HEIGHT - BOTTOM + 16}" font-size="11">{escape(words)}</text>'
        )
    parts.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 4}" text-anchor="end">{last:.0f} s</text>')
    parts += [
        _line(number, name, values, times, across, up) for number, (name, values) in enumerate(series.items())
    ]
    return "".join([*parts, "</svg>\n"])


def _number(power: int) -> str:
    return f"{10**power:,}".replace(",", "\u202f") if power >= 0 else f"{10.0**power:g}"


def _line(
    number: int, name: str, values: Sequence[float], times: Sequence[float], across: Scale, up: Scale
) -> str:
    path: list[str] = []
    pen = "M"
    for moment, value in zip(times, values, strict=True):
        if value <= 0:
            pen = "M"
            continue
        path.append(f"{pen}{across(moment):.1f} {up(value):.1f}")
        pen = "L"
    y = TOP + 10 + 20 * number
    x = WIDTH - RIGHT + 14
    return (
        f'<path class="line s{number}" d="{"".join(path)}"/><path class="line s{number}" d="M{x} {y}h22"/>'
        f'<text x="{x + 28}" y="{y + 4}">{escape(name)}</text>'
    )
