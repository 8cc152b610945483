"""Writes an archive out of a corpus: python -m bench.corpora.convert NAME DATA_DIR OUT_DIR."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from bench.corpora import alriyadh, fourforums, percqa

from rostra.transfer.archive_format import FILES, HEAD, Kind, head_of, kind_of, line_of
from rostra.transfer.records import Record, Skipped

type Records = Iterator[Record | Skipped]

CORPORA: dict[str, Callable[[Path], Records]] = {
    "iac_fourforums": fourforums.records,
    "alriyadh_comments_ar": alriyadh.records,
    "percqa_fa": percqa.records,
}


def write_archive(records: Iterable[Record | Skipped], folder: Path, origin: str) -> Counter[str]:
    """Write records into a folder, and what was skipped beside them; count both by kind."""
    folder.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter()
    with ExitStack() as stack:
        files: dict[Kind, TextIO] = {
            kind: stack.enter_context((folder / name).open("w", encoding="utf-8", newline="\n"))
            for kind, name in FILES.items()
        }
        skipped = stack.enter_context((folder / "skipped.tsv").open("w", encoding="utf-8"))
        for record in records:
            if isinstance(record, Skipped):
                skipped.write(f"{record.why}\t{record.what}\n")
                counts[f"skipped: {record.why}"] += 1
                continue
            kind = kind_of(record)
            files[kind].write(line_of(record) + "\n")
            counts[kind] += 1
    (folder / HEAD).write_text(head_of(origin), encoding="utf-8")
    return counts


def main(arguments: list[str]) -> int:
    """Convert the corpus named by the first argument."""
    if len(arguments) != 3 or arguments[0] not in CORPORA:
        print(f"{__doc__}\nNAME is one of: {', '.join(CORPORA)}", file=sys.stderr)
        return 2
    name, data, out = arguments
    counts = write_archive(CORPORA[name](Path(data)), Path(out), f"corpora/{name}")
    for kind, count in sorted(counts.items()):
        print(f"{count:>8} {kind}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
