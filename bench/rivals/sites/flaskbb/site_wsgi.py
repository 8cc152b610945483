"""FlaskBB by the defaults of its package, for production."""

import os

from flaskbb.app import create_app
from flaskbb.configs.default import DefaultConfig

FOLDER = os.environ["RIVAL_FOLDER"]


class Config(DefaultConfig):
    """One process: what is kept in memory is kept for all, no Redis beside it."""

    DEBUG = False
    TESTING = False
    SERVER_NAME = os.environ["RIVAL_HOST"]
    TRUSTED_HOSTS = None
    PREFERRED_URL_SCHEME = "http"
    SESSION_COOKIE_SECURE = False
    SQLALCHEMY_DATABASE_URI = f"sqlite:///{FOLDER}/flaskbb.sqlite3"
    SECRET_KEY = "of a site that is only measured"  # noqa: S105
    WTF_CSRF_SECRET_KEY = "of a site that is only measured"  # noqa: S105
    REDIS_ENABLED = False
    CACHE_TYPE = "SimpleCache"
    RATELIMIT_STORAGE_URI = "memory://"
    LOG_PATH = f"{FOLDER}/logs"
    USE_DEFAULT_LOGGING = False
    DEBUG_TB_ENABLED = False


os.makedirs(Config.LOG_PATH, exist_ok=True)
application = create_app(config=Config, instance_path=f"{FOLDER}/instance")
