"""The worker knows every job that anything queues, and every clock."""

from __future__ import annotations

import json
import subprocess
import sys

# As the worker begins, then with everything there is.
LOOKED_FOR = """
import importlib, json, pkgutil
import django
django.setup()
import rostra.project.schedule
from rostra.kernel import events, jobs
def known():
    heard = {(name, path) for name, paths in events.listeners.items() for path in paths}
    return set(jobs.jobs) | {one.name for one in jobs.clockworks} | {" ".join(one) for one in heard}
before = known()
import rostra
for module in pkgutil.walk_packages(rostra.__path__, "rostra."):
    if not module.name.endswith("__main__") and ".migrations." not in module.name:
        importlib.import_module(module.name)
print(json.dumps([len(before), sorted(known() - before)]))
"""


def test_no_job_is_unknown_to_the_worker(tmp_path):
    """PRV-002: erasures were queued and never carried out, because the worker knew no such job."""
    said = subprocess.run(
        [sys.executable, "-c", LOOKED_FOR],
        env={"ROSTRA_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "rostra.project.settings"},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    count, missing = json.loads(said.splitlines()[-1])
    assert count > 50
    assert missing == []
