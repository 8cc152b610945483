"""Pairs of a source and its html, as files. `python -m tests.content.markup.pairs` rewrites them.

Read the difference before keeping it: a changed pair is a changed post.
"""

from __future__ import annotations

from pathlib import Path

from rostra.content.markup.references import Dialect, Known, LocalRef, MemberRef, PostRef
from rostra.content.markup.render import render

CORPUS = Path(__file__).parents[2] / "markup_corpus"
DIALECTS: tuple[Dialect, ...] = ("native", "bbcode")
KNOWN = Known(
    members={
        "Jo Ferreira": MemberRef(7, "Jo Ferreira"),
        "יעל כהן": MemberRef(8, "יעל כהן"),
        "Ольга Берг": MemberRef(9, "Ольга Берг"),
    },
    posts={
        "34": PostRef(34, 5, "Ann", "The barrier costs too much. It is late and nobody asked us."),
        "12:3": PostRef(99, 6, "Bo", "Yes."),
    },
    local={
        "https://forum.test/threads/12": LocalRef("thread", 12),
        "https://forum.test/posts/34": LocalRef("post", 34),
    },
)


def sources() -> list[tuple[Dialect, Path]]:
    """Return the dialect and the file of every source."""
    return [(name, path) for name in DIALECTS for path in sorted((CORPUS / name).glob("*.txt"))]


def html_of(dialect: Dialect, path: Path) -> str:
    """Render the source in a file."""
    return render(path.read_text(encoding="utf-8"), dialect, KNOWN).html


if __name__ == "__main__":
    for dialect, path in sources():
        path.with_suffix(".html").write_text(html_of(dialect, path), encoding="utf-8")
