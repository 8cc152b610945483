"""`python -m bench.faults NAME [--database sqlite|postgresql] [--rounds N] [--seed N]`."""

from __future__ import annotations

import argparse
import importlib
import os
import secrets
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from bench.faults.place import Drill, Failed, Unfit


class Case(NamedTuple):
    """A drill: what it proves, the module that runs it, its databases, rounds short and long."""

    number: str
    module: str
    databases: tuple[str, ...]
    short: int
    long: int
    about: str


BOTH = ("sqlite", "postgresql")
CASES = {
    case.module: case
    for case in (
        Case("REL-001", "kill", BOTH, 20, 200, "killed while 32 clients write"),
        Case("REL-002", "power", ("sqlite",), 300, 10_000, "images of a disk after a power cut"),
        Case("REL-003", "damage", ("sqlite",), 10, 100, "bytes flipped, a page and a journal gone"),
        Case("REL-019", "crowd", ("sqlite",), 10, 60, "eight writers, long reading, a backup (s)"),
        Case("REL-021", "twice", ("sqlite",), 1, 1, "two servers, links, network disks, forks"),
        Case("REL-022", "full", ("sqlite",), 1, 10, "a full disk"),
        Case("REL-024", "calls", BOTH, 3, 12, "the n-th call fails, in each way of writing"),
        Case("REL-025", "taken", ("sqlite",), 1, 1, "no inodes, the secret gone or damaged"),
        Case("REL-044", "crawlers", ("sqlite",), 2, 10, "a storm of 1000 addresses a round"),
        Case("REL-055", "search", BOTH, 1, 5, "the index of words lost, broken, late"),
        Case("REL-056", "importer", BOTH, 3, 20, "an import killed"),
        Case("REL-062", "offline", ("sqlite",), 1, 1, "no network but loopback"),
    )
}


def main(words: list[str]) -> int:
    """Run what the words say; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    parser.add_argument("name", nargs="?", help="a name or a number, `night` or `report`")
    parser.add_argument("--database", choices=BOTH, default="sqlite")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--folder", type=Path, help="of `night`: where it notes how far it came")
    parser.add_argument("--minutes", type=float, default=9.0, help="of `night`: at most so many")
    chosen = parser.parse_args(words)
    if chosen.name is None:
        for name, case in CASES.items():
            print(f"{name:9} {case.number}  {', '.join(case.databases):18}  {case.about}")
        return 0
    if chosen.name in ("night", "report"):
        from bench.faults import night

        folder = chosen.folder or Path("var-nightly")
        return (
            night.report(folder) if chosen.name == "report" else night.go_on(folder, chosen.minutes)
        )
    names = {case.number: name for name, case in CASES.items()}
    name = names.get(chosen.name.upper(), chosen.name)
    if name not in CASES:
        parser.error(f"there is no {chosen.name}; there are: {', '.join(CASES)}")
    case = CASES[name]
    seed = secrets.randbelow(2**31) if chosen.seed is None else chosen.seed
    return run(case, chosen.database, chosen.rounds or case.short, seed)


def run(case: Case, database: str, rounds: int, seed: int) -> int:
    """Run one drill and print its line."""
    began = time.monotonic()
    verdict, facts = "PASS", {}
    drill = None
    try:
        drill = Drill(database, rounds, seed)
        facts = importlib.import_module(f"bench.faults.{case.module}").run(drill)
    except Failed as error:
        verdict, facts = "FAIL", {"because": repr(str(error))}
    except Unfit as error:
        verdict, facts = "SKIP", {"because": repr(str(error))}
    finally:
        if drill is not None and "KEEP" not in os.environ:
            drill.close()
    told: dict[str, Any] = {
        **facts, "database": database, "took_s": round(time.monotonic() - began), "seed": seed,
    }  # fmt: skip
    print(case.number, verdict, *(f"{key}={value}" for key, value in told.items()), flush=True)
    return int(verdict == "FAIL")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
