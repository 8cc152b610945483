"""Ratings that several tests look at."""

import numpy as np

from rostra.forum.notes.bridging import Ratings

# 9 raters (0-4 of one side, 5-8 of the other) and 6 notes; H helpful, S somewhat, X not, - none.
TABLE = ["HHXHX-", "HHXHXH", "HHSH-H", "SHX-XH", "HHXHXS", "HXHXXH", "HXHXX-", "HSHX-H", "-XHXXS"]
VALUES = {"H": 1.0, "S": 0.5, "X": 0.0}


def worked_example() -> Ratings:
    """The ratings of the worked example: notes 0 and 5 please both sides, 1 and 3 one, 2 the other."""
    rows = [
        (rater, note, VALUES[said])
        for rater, row in enumerate(TABLE)
        for note, said in enumerate(row)
        if said != "-"
    ]
    columns = list(zip(*rows, strict=True))
    return Ratings(
        np.array(columns[0], np.int64), np.array(columns[1], np.int64), np.array(columns[2])
    )


def joined(*parts: Ratings) -> Ratings:
    return Ratings(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def some(rows: list[tuple[int, int, float]]) -> Ratings:
    """Rater, note, value."""
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    return Ratings(
        np.array(columns[0], np.int64), np.array(columns[1], np.int64), np.array(columns[2], float)
    )
