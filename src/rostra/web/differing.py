"""What two texts have differently, line by line, for pages that show it."""

from __future__ import annotations

from rostra.kernel.worddiff import compare


def differences(old: str, new: str, *, is_masked: bool = False) -> list[list[tuple[str, str]]]:
    """Return the pieces of a comparison line by line: each paragraph has its own direction.

    is_masked: of what is only in the old text it is said that it was there, and no more.
    """
    lines: list[list[tuple[str, str]]] = [[]]
    for piece in compare(old, new):
        if is_masked and piece.kind == "out":
            lines[-1].append(("gone", ""))
            continue
        for at, text in enumerate(piece.text.split("\n")):
            if at:
                lines.append([])
            if text:
                lines[-1].append((piece.kind, text))
    return lines
