"""Hostile posts by the million (SEC-016), one thing for ever (SEC-103).

python -m bench.fuzz [--inputs 1000000] [--seed N] [--chromium 20000] [--resume FILE]
python -m bench.fuzz --pumped        a post of 32,000 signs of each token: what it takes
python -m bench.fuzz --patterns      each regular expression on 100 KB of what it repeats

ROSTRA_TEST_DATA names a folder with other people's suites; without it only our own are used.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from pathlib import Path

from bench.fuzz import patterns, pumped
from bench.fuzz.judge import MOST_MS
from bench.fuzz.run import Plan, run
from bench.fuzz.suites import data_folder

MOST_P99_MS = 50.0


def main() -> int:
    """Run what the command line asks for; return 1 where something fails."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--chromium", type=int, default=20_000)
    parser.add_argument("--resume", type=Path)
    parser.add_argument("--pumped", action="store_true")
    parser.add_argument("--patterns", action="store_true")
    args = parser.parse_args()
    if args.pumped:
        return pumped.table()
    if args.patterns:
        return patterns.table()
    return _fuzz(Plan(args.inputs, args.seed, args.chromium), args.resume)


def _fuzz(plan: Plan, resume: Path | None) -> int:
    suites = "with" if data_folder() else "WITHOUT"
    print(f"seed {plan.seed}, {suites} the suites of others", flush=True)
    began = time.monotonic()
    tally = run(plan, resume)
    p50, p99 = tally.ms_at(0.5), tally.ms_at(0.99)
    slowest = tally.slowest[0]
    is_passed = not tally.failures and p99 <= MOST_P99_MS and slowest <= MOST_MS
    print(f"slowest: seed={plan.seed} number={tally.slowest[1]}")
    print(
        f"SEC-016 {'PASS' if is_passed else 'FAIL'} inputs={tally.inputs} seed={plan.seed} "
        f"chromium={tally.shown} p50={p50:.1f}ms p99={p99:.1f}ms max={slowest:.1f}ms "
        f"failures={len(tally.failures)} seconds={time.monotonic() - began:.0f}"
    )
    return 0 if is_passed else 1


if __name__ == "__main__":
    sys.exit(main())
