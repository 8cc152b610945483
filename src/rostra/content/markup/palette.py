"""Colours and sizes that people type, brought to the few classes that a theme styles."""

from __future__ import annotations

import re

_SHADES = {
    "black": (0, 0, 0), "gray": (128, 128, 128), "white": (255, 255, 255), "red": (220, 20, 30),
    "orange": (255, 140, 0), "yellow": (240, 220, 0), "green": (0, 140, 0), "teal": (0, 140, 140),
    "blue": (20, 60, 230), "purple": (130, 0, 140), "pink": (255, 105, 180), "brown": (140, 70, 20),
}  # fmt: skip
_NAMES = {
    "black": "black",
    "gray": "gray grey silver dimgray dimgrey darkgray darkgrey lightgray lightgrey gainsboro "
    "slategray slategrey lightslategray lightslategrey darkslategray darkslategrey",
    "white": "white snow ivory whitesmoke ghostwhite floralwhite azure mintcream honeydew linen "
    "aliceblue seashell oldlace beige antiquewhite lavenderblush",
    "red": "red darkred crimson firebrick indianred tomato maroon orangered",
    "orange": "orange darkorange coral lightsalmon salmon darksalmon lightcoral sandybrown "
    "peachpuff",
    "yellow": "yellow gold khaki lightyellow darkkhaki goldenrod lemonchiffon palegoldenrod "
    "cornsilk "
    "lightgoldenrodyellow papayawhip moccasin",
    "green": "green lime darkgreen limegreen forestgreen olive seagreen darkolivegreen olivedrab "
    "lightgreen palegreen springgreen lawngreen chartreuse greenyellow yellowgreen mediumseagreen "
    "mediumspringgreen darkseagreen",
    "teal": "teal cyan aqua darkcyan turquoise mediumturquoise darkturquoise paleturquoise "
    "lightseagreen aquamarine mediumaquamarine cadetblue lightcyan",
    "blue": "blue navy darkblue mediumblue royalblue dodgerblue deepskyblue skyblue lightskyblue "
    "lightblue steelblue lightsteelblue cornflowerblue midnightblue powderblue slateblue "
    "darkslateblue mediumslateblue",
    "purple": "purple indigo violet darkviolet blueviolet mediumpurple rebeccapurple darkorchid "
    "orchid mediumorchid darkmagenta magenta fuchsia plum thistle lavender",
    "pink": "pink hotpink deeppink lightpink palevioletred mediumvioletred mistyrose",
    "brown": "brown saddlebrown sienna chocolate peru tan rosybrown burlywood wheat bisque "
    "blanchedalmond navajowhite darkgoldenrod",
}
_BY_NAME = {name: shade for shade, names in _NAMES.items() for name in names.split()}
_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})[^()]{0,20}\)")
_SIZE = re.compile(r"([+-]?\d{1,3})(?:\.\d+)?\s*(px|pt|%|em)?")
_SIZE_NAMES = {
    "xx-small": "small", "x-small": "small", "small": "small", "smaller": "small", "large": "large",
    "larger": "large", "x-large": "huge", "xx-large": "huge", "huge": "huge",
}  # fmt: skip


def color_class(typed: str) -> str | None:
    """Return the class of the nearest colour of the palette, or None for no colour."""
    typed = typed.strip().lower()
    if typed in _BY_NAME:
        return f"c-{_BY_NAME[typed]}"
    if found := _HEX.fullmatch(typed):
        digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
        return _nearest((int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)))
    if found := _RGB.fullmatch(typed):
        return _nearest((int(found[1]), int(found[2]), int(found[3])))
    return None


def size_class(typed: str) -> str | None:
    """Return the class of a size, or None for one near the usual."""
    typed = typed.strip().lower()
    if typed in _SIZE_NAMES:
        return f"size-{_SIZE_NAMES[typed]}"
    found = _SIZE.fullmatch(typed)
    if not found:
        return None
    small, large, huge = _bounds(typed, int(found[1]), found[2] or "")
    size = int(found[1])
    if size < small:
        return "size-small"
    if size >= huge:
        return "size-huge"
    return "size-large" if size >= large else None


def _bounds(typed: str, size: int, unit: str) -> tuple[int, int, int]:
    """Return below what a number is small, and from what on it is large and huge."""
    if typed[0] in "+-":
        return 0, 1, 3
    if unit == "em":
        return 1, 2, 3
    if unit == "%" or (not unit and size >= 50):
        return 90, 116, 151
    if unit or size > 7:
        return (10, 15, 20) if unit == "pt" else (12, 18, 24)
    return 3, 5, 6


def _nearest(color: tuple[int, int, int]) -> str:
    def distance(shade: str) -> int:
        return sum((a - b) ** 2 for a, b in zip(color, _SHADES[shade], strict=True))

    return f"c-{min(_SHADES, key=distance)}"
