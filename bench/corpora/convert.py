"""Writes an archive out of a corpus: python -m bench.corpora.convert NAME DATA_DIR OUT_DIR."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from bench.corpora import alriyadh, fourforums, kixlab, percqa, rumoureval
from bench.corpora.exact import write_exact

from rostra.transfer.archive_format import FILES, HEAD, Kind, head_of, kind_of, line_of
from rostra.transfer.records import Record, Skipped

type Records = Iterator[Record | Skipped]

CORPORA: dict[str, Callable[[Path], Records]] = {
    "iac_fourforums": fourforums.records,
    "alriyadh_comments_ar": alriyadh.records,
    "percqa_fa": percqa.records,
}
# Those with claims: only an empty forum takes them over.
CLAIMS: dict[str, Callable[[Path], Records]] = {
    "claims_evidence_kixlab": kixlab.records,
    "rumoureval2017": rumoureval.records,
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
    known = CORPORA | CLAIMS
    if len(arguments) != 3 or arguments[0] not in known:
        print(f"{__doc__}\nNAME is one of: {', '.join(known)}", file=sys.stderr)
        return 2
    name, data, out = arguments[0], Path(arguments[1]), Path(arguments[2])
    write = write_exact if name in CLAIMS else write_archive
    counts = write(known[name](data), out, f"corpora/{name}")
    for kind, count in sorted(counts.items()):
        print(f"{count:>8} {kind}")
    if name == "rumoureval2017":
        print(f"\n{rumoureval.compared(data, out)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
