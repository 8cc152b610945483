"""The plot of growth: python -m bench.plot FILES… -o GROWTH.svg.

Each of FILES is what `bench.speed --json` wrote on a forum of another size. The plot has requests a
second against the posts of the forum, both by powers of ten, a line for each of the rows chosen; it
is readable on light and dark ground, by colour and by mark. What is drawn is printed as a table.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import escape


class Line(NamedTuple):
    """A row of `bench.speed` that is drawn, what it is called, and its points."""

    row: str
    label: str
    points: list[tuple[int, float]]


CHOSEN = {
    "guest, thread page kept": "guest, thread page",
    "guest, board page kept": "guest, board page",
    "member, board page": "member, board page",
    "member, large board, oldest page": "member, board's oldest page",
    "member, large board, page 50": "member, board's page 50",
    "member, thread page": "member, thread page",
    "member, long thread, last page": "member, long thread's last page",
    "guest, thread page afresh": "guest, thread page afresh",
}
WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 76, 236, 44, 60
MARKS = ("circle", "square", "diamond", "triangle")
# Eight colours that are told apart on white and, lighter, on black, also by who is colour-blind.
LIGHT = ["#0b61a4", "#b3450b", "#00735a", "#9c2f78", "#6b5a00", "#5646b5", "#a1262e", "#4d5359"]
DARK = ["#6cb6ff", "#ff9d5c", "#4fd1ae", "#f08bd0", "#e0c341", "#b0a4ff", "#ff8b8b", "#b5bdc6"]


def main() -> None:
    """Read the figures, draw, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("-o", "--out", type=Path, required=True)
    args = parser.parse_args()
    measured = sorted(
        (json.loads(file.read_text()) for file in args.files), key=lambda each: each["posts"]
    )
    lines = _lines(measured)
    if not lines:
        raise SystemExit("none of the rows that are drawn is in these files")
    args.out.write_text(drawn(lines, measured))
    sizes = [each["posts"] for each in measured]
    print(f"| {'requests/s at posts':34} | {' | '.join(f'{size:>10,}' for size in sizes)} |")
    print(f"|{'-' * 36}|{'|'.join('-' * 11 + ':' for _ in sizes)}|")
    for line in lines:
        at = dict(line.points)
        cells = " | ".join(f"{at[size]:10,.0f}" if size in at else " " * 10 for size in sizes)
        print(f"| {line.label:34} | {cells} |")


def _lines(measured: list[dict[str, Any]]) -> list[Line]:
    """Return the chosen rows that were measured, each with its points by size."""
    lines = []
    for row, label in CHOSEN.items():
        points = [
            (int(each["posts"]), float(found["requests_per_second"]))
            for each in measured
            for found in each["rows"]
            if found["name"] == row and found["requests_per_second"] > 0
        ]
        if points:
            lines.append(Line(row, label, points))
    return lines


def drawn(lines: list[Line], measured: list[dict[str, Any]]) -> str:
    """Return the plot as an SVG."""
    sizes = [size for line in lines for size, _ in line.points]
    speeds = [speed for line in lines for _, speed in line.points]
    across = _Scale(sizes, LEFT + 12, WIDTH - RIGHT)
    up = _Scale(speeds, HEIGHT - BOTTOM, TOP)
    latest = measured[-1]
    summary = "; ".join(
        f"{line.label}: "
        + ", ".join(f"{speed:,.0f} at {size:,} posts" for size, speed in line.points)
        for line in lines
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="title summary" font-family="system-ui, sans-serif" font-size="12">',
        '<title id="title">Requests a second against the size of the forum</title>',
        f'<desc id="summary">{escape(summary)}</desc>',
        f"<style>{_style()}</style>",
        f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>',
        _text(LEFT - 60, 22, "Requests a second on one core", "start", "bold"),
        *_axes(across, up, sorted({each["posts"] for each in measured})),
        *_drawn_lines(lines, across, up),
        _text(
            (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12,
            f"posts in the forum · {latest['date']}, Rostra {latest['rostra']}", "middle",
        ),
        "</svg>",
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


class _Scale:
    """Places values by their logarithm between two edges, with whole decades at the ends."""

    def __init__(self, values: list[int] | list[float], start: float, end: float) -> None:
        self.low = math.floor(math.log10(min(values)) + 1e-9)
        self.high = max(self.low + 1, math.ceil(math.log10(max(values)) - 1e-9))
        self.start, self.end = start, end

    def at(self, value: float) -> float:
        """Return where a value stands."""
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def decades(self) -> list[int]:
        """Return the powers of ten from edge to edge."""
        return [10**power for power in range(self.low, self.high + 1)]


def _axes(across: _Scale, up: _Scale, sizes: list[int]) -> list[str]:
    left, right = LEFT, WIDTH - RIGHT + 12
    parts = []
    for value in up.decades():
        y = up.at(value)
        parts.append(f'<path class="grid" d="M{left} {y}H{right}"/>')
        parts.append(_text(left - 8, y + 4, f"{value:,}", "end"))
    floor = HEIGHT - BOTTOM
    for value in across.decades():
        x = across.at(value)
        parts.append(f'<path class="grid" d="M{x} {TOP}V{floor}"/>')
        parts.append(_text(x, floor + 20, _short(value), "middle"))
    parts += [f'<path class="axis" d="M{across.at(size)} {floor}v6"/>' for size in sizes]
    parts.append(f'<path class="axis" d="M{left} {TOP}V{floor}H{right}"/>')
    return parts


def _short(value: int) -> str:
    """Return a size in words: 10 thousand, 1 million."""
    for name, unit in (("million", 10**6), ("thousand", 10**3)):
        if value >= unit:
            return f"{value // unit:,} {name}"
    return str(value)


def _drawn_lines(lines: list[Line], across: _Scale, up: _Scale) -> list[str]:
    """Return each line with its marks, and its name at its end, names kept apart."""
    ordered = sorted(lines, key=lambda line: up.at(line.points[-1][1]))
    names: dict[str, float] = {}
    lowest = 0.0
    for line in ordered:
        lowest = names[line.row] = max(up.at(line.points[-1][1]) + 4, lowest + 17)
    parts = []
    for number, line in enumerate(lines):
        places = [(across.at(size), up.at(speed)) for size, speed in line.points]
        way = "L".join(f"{x} {y}" for x, y in places)
        x, y = places[-1]
        end, name = WIDTH - RIGHT + 16, names[line.row]
        parts.append(f'<g class="line c{number}">')
        parts.append(f'<path class="way" d="M{way}"/>')
        parts.append(f'<path class="lead" d="M{x} {y}L{end} {name - 4}"/>')
        parts += [
            _mark(number, size, speed, place)
            for (size, speed), place in zip(line.points, places, strict=True)
        ]
        parts.append(_text(end + 4, name, f"{line.label}: {line.points[-1][1]:,.0f}", "start"))
        parts.append("</g>")
    return parts


def _mark(number: int, size: int, speed: float, place: tuple[float, float]) -> str:
    """Return the mark of a point, of another shape for lines of neighbouring numbers."""
    shape = {
        "circle": "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
        "square": "m-4-4h8v8h-8z",
        "diamond": "m0-5.5l5.5 5.5l-5.5 5.5l-5.5-5.5z",
        "triangle": "m0-5l5 9h-10z",
    }[MARKS[number % len(MARKS)]]
    told = f"{speed:,.0f} requests/s, {size:,} posts"
    return f'<path class="mark" d="M{place[0]} {place[1]}{shape}"><title>{told}</title></path>'


def _text(x: float, y: float, words: str, anchor: str, weight: str = "normal") -> str:
    bold = ' font-weight="bold"' if weight == "bold" else ""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}"{bold}>{escape(words)}</text>'


def _style() -> str:
    """Return the colours for light ground, and for dark where that is preferred."""
    light = "".join(f".c{n}{{color:{colour}}}" for n, colour in enumerate(LIGHT))
    dark = "".join(f".c{n}{{color:{colour}}}" for n, colour in enumerate(DARK))
    return (
        "svg{color:#1c2024}.ground{fill:#fff}text{fill:currentColor}"
        ".grid{stroke:currentColor;opacity:.15}.axis{stroke:currentColor;fill:none}"
        ".way{stroke:currentColor;fill:none;stroke-width:2}.mark{fill:currentColor}"
        ".lead{stroke:currentColor;fill:none;opacity:.5;stroke-dasharray:2 3}"
        f"{light}@media(prefers-color-scheme:dark){{svg{{color:#e6e8ea}}.ground{{fill:#14171a}}{dark}}}"
    )


if __name__ == "__main__":
    main()
