"""Spirit as its own project template sets it up for production; `base` is that template."""

import os

from spirit.extra.project_template.project_name.settings.base import *  # noqa: F403

FOLDER = os.environ["RIVAL_FOLDER"]
DEBUG = False
SECRET_KEY = "of a site that is only measured"  # noqa: S105
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "site_urls"
WSGI_APPLICATION = "site_wsgi.application"
# Its pages write as they are read: on SQLite they wait for one another.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        "USER": "rival",
        "HOST": "127.0.0.1",
        "PORT": os.environ["RIVAL_POSTGRES"],
        "CONN_MAX_AGE": None,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
# One process: what is kept in memory is kept for all, and costs less than the database's cache.
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in ("default", "st_rate_limit")
}
STATIC_ROOT = f"{FOLDER}/static"
MEDIA_ROOT = f"{FOLDER}/media"
STORAGES["staticfiles"]["BACKEND"] = (  # noqa: F405
    "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
)
# Nothing is searched, and no reader's address is written at every request.
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"
ST_SITE_URL = "http://localhost/"
LOGGING = {"version": 1, "disable_existing_loggers": True}
