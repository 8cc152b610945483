"""A colour for links and buttons that can be read, by day and by night. Pure.

One colour is chosen. By day it stands as it is, on every ground a page has; by night a paler one
of the same hue is made of it. Both keep the contrast of WCAG AA.
"""

from __future__ import annotations

import re
from colorsys import hls_to_rgb, rgb_to_hls
from typing import NamedTuple

CONTRAST = 4.5  # WCAG AA, of text
BY_NIGHT = 6.0  # more than is asked for: pale letters on dark ground look thinner
COLOUR = re.compile(r"#[0-9a-f]{6}")
# As in tokens.css: paper, card, sunk.
DAY = ("#fbfaf8", "#ffffff", "#f3f1ec")
NIGHT = ("#15171b", "#1c1f25", "#121418")
_STEPS = 200

type Rgb = tuple[float, float, float]


class Palette(NamedTuple):
    """What is made of one colour, by day and by night; `wash` is ground for the colour."""

    day: str
    night: str
    day_wash: str
    night_wash: str


def is_readable(colour: str) -> bool:
    """Return whether a colour (#rrggbb) can be read on every ground by day."""
    return _worst(_rgb(colour), (*DAY, _day_wash(colour))) >= CONTRAST


def nearest(colour: str) -> str:
    """Return the colour itself where it can be read, or the palest of its hue that can."""
    hue, light, saturation = rgb_to_hls(*_rgb(colour))
    darker = (hls_to_rgb(hue, light * (1 - step / _STEPS), saturation) for step in range(_STEPS))
    return next(filter(is_readable, (colour, *map(_hex, darker))), "#000000")


def palette(colour: str) -> Palette:
    """Return all that a stylesheet needs of a colour that can be read."""
    hue, light, saturation = rgb_to_hls(*_rgb(colour))
    night = next(
        paler
        for step in range(_STEPS + 1)
        if _worst(
            paler := hls_to_rgb(hue, light + (1 - light) * step / _STEPS, saturation),
            (*NIGHT, _night_wash(paler)),
        )
        >= BY_NIGHT
    )
    return Palette(colour, _hex(night), _day_wash(colour), _night_wash(night))


def stylesheet(colour: str) -> str:
    """Return the rules that put a colour in the place of the usual one; "" changes nothing."""
    if not colour:
        return ""
    made = palette(colour)
    return (
        "@layer tokens { :root { "
        f"--accent: light-dark({made.day}, {made.night}); "
        "--accent-ink: light-dark(#ffffff, #10131a); "
        f"--accent-wash: light-dark({made.day_wash}, {made.night_wash}) "
        "} }\n"
    )


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    return _contrast(_luminance(_rgb(one)), _luminance(_rgb(other)))


def _day_wash(colour: str) -> str:
    return _hex(_mixed(_rgb(colour), "#ffffff", 0.08))


def _night_wash(colour: Rgb) -> str:
    return _hex(_mixed(colour, NIGHT[1], 0.08))


def _worst(colour: Rgb, grounds: tuple[str, ...]) -> float:
    shown = _luminance(_rgb(_hex(colour)))
    return min(_contrast(shown, _luminance(_rgb(ground))) for ground in grounds)


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _luminance(colour: Rgb) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: Rgb, other: str, share: float) -> Rgb:
    """Return so much of a colour, and of another what is left."""
    red, green, blue = (
        share * a + (1 - share) * b for a, b in zip(colour, _rgb(other), strict=True)
    )
    return red, green, blue


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(colour: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)
