"""Misago by the settings that its package carries, turned to production."""

import os

os.environ.setdefault("MISAGO_PLUGINS", "")

from devproject.settings import *  # noqa: F403

FOLDER = os.environ["RIVAL_FOLDER"]
DEBUG = False
SECRET_KEY = "of a site that is only measured"  # noqa: S105
ROOT_URLCONF = "devproject.urls"
WSGI_APPLICATION = "site_wsgi.application"
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
# Misago advises against it where several processes serve; here one does, and none is faster.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
INSTALLED_APPS = [name for name in INSTALLED_APPS if name != "debug_toolbar"]  # noqa: F405
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("debug_toolbar")]  # noqa: F405
STATIC_ROOT = f"{FOLDER}/static"
MEDIA_ROOT = f"{FOLDER}/media"
MISAGO_USER_DATA_DOWNLOADS_WORKING_DIR = f"{FOLDER}/userdata"
CELERY_TASK_ALWAYS_EAGER = True
LOGGING = {"version": 1, "disable_existing_loggers": True}
