"""Settings of the tests: the real ones, with a cheap password hash, in a folder of their own."""

import os
import tempfile

os.environ["ROSTRA_DATA"] = tempfile.mkdtemp(prefix="rostra-test-")
os.environ.pop("ROSTRA_CONFIG", None)
# Tests write as fast as they can; those of the limits switch them on.
os.environ["ROSTRA_POSTING_LIMITS"] = "off"
os.environ["DATABASE_URL"] = os.environ.get("ROSTRA_TEST_DATABASE_URL", "")

from rostra.project.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if not os.environ["DATABASE_URL"]:
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # noqa: F405 (as of Django's own backend)
