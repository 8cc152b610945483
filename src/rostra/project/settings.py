"""Django's settings, made from the configuration."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP

from rostra.project import config as configuration
from rostra.project import services

try:
    ROSTRA = ROSTRA_AT_START = configuration.load()  # rostra.kernel.chosen puts others in its place
    ROSTRA_SET = configuration.set_in()
    ROSTRA_FILE = configuration.file_of()
    SECRET_KEY = configuration.secret_of(ROSTRA)
except configuration.ConfigError as error:
    sys.exit(f"rostra: {error}")

SOURCE = Path(__file__).resolve().parent.parent
IS_HTTPS = ROSTRA.base_url.startswith("https://")
HOST = urlsplit(ROSTRA.base_url).hostname or ""

DEBUG = False
ALLOWED_HOSTS = [f"[{HOST}]" if ":" in HOST else HOST]
if ALLOWED_HOSTS == ["localhost"]:
    ALLOWED_HOSTS.append("127.0.0.1")  # answered with a redirect to localhost
CSRF_TRUSTED_ORIGINS = [ROSTRA.base_url]
ROOT_URLCONF = "rostra.project.urls"
WSGI_APPLICATION = "rostra.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rostra.kernel",
    "rostra.content.media",
    "rostra.forum.modlog",
    "rostra.forum.members",
    "rostra.forum.boards",
    "rostra.forum.access",
    "rostra.forum.words",
    "rostra.forum.smilies",
    "rostra.forum.notices",
    "rostra.forum.holds",
    "rostra.forum.threads",
    "rostra.forum.reactions",
    "rostra.forum.bookmarks",
    "rostra.forum.conversations",
    "rostra.forum.documents",
    "rostra.forum.notes",
    "rostra.forum.polls",
    "rostra.forum.claims",
    "rostra.forum.cleaning",
    "rostra.forum.seconds",
    "rostra.forum.sanctions",
    "rostra.forum.cases",
    "rostra.forum.appeals",
    "rostra.forum.choices",
    "rostra.forum.erasure",
    "rostra.forum.statistics",
    "rostra.forum.takeout",
    "rostra.forum.uploads",
    "rostra.effects.search",
    "rostra.effects.notifications",
    "rostra.transfer",
    "rostra.web",
]
MIDDLEWARE = [
    "rostra.web.headers.HeadersMiddleware",
    "rostra.web.errors.ErrorMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "rostra.web.request.ViewerMiddleware",
    "rostra.web.limits.LimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "rostra.web.resting.RestMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "rostra.web.jinja.Templates",
        "DIRS": sorted((SOURCE / "web").glob("*/jinja2")),
        "APP_DIRS": False,
        "OPTIONS": {},
    },
]
DATABASES = {"default": services.database_of(ROSTRA)}

AUTH_USER_MODEL = "members.Member"
AUTHENTICATION_BACKENDS = ["rostra.web.accounts.backend.NameBackend"]
PASSWORD_HASHERS = [
    "rostra.forum.members.hashing.Argon2id",
    "rostra.forum.members.hashing.Wrapped",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "rostra.web.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "name"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = False  # ours are exact and shared: rostra.web.accounts.tries
MFA_ADAPTER = "rostra.web.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"
MFA_RATE_LIMITS = False

SESSION_ENGINE = "rostra.forum.members.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
COOKIE_PREFIX = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
DEVICE_COOKIE_NAME = f"{COOKIE_PREFIX}device"  # of who was signed in here before
CSRF_FAILURE_VIEW = "rostra.web.errors.csrf_failed"

EMBED_HOSTS = {
    "youtube": "https://www.youtube-nocookie.com",
    "vimeo": "https://player.vimeo.com",
}
SECURE_CSP = {  # and frame-src, for the players that may be shown: rostra.web.headers
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
    "form-action": [CSP.SELF],
}

LANGUAGE_CODE = ROSTRA.language
LANGUAGES = [("en", "English"), ("ar", "العربية")]
LOCALE_PATHS = [SOURCE / "locale"]
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = SOURCE / "web" / "built"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 20
LARGEST_BODY = DATA_UPLOAD_MAX_MEMORY_SIZE + 64 * 1024  # with what a form adds around its fields
MAILERS = services.mailers_of(ROSTRA)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ROSTRA.mail_from or f"forum@{HOST}"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "rostra.kernel.logs.TextFormatter"},
        "json": {"()": "rostra.kernel.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": ROSTRA.log_format}},
    "root": {"handlers": ["console"], "level": ROSTRA.log_level.upper()},
    # Its lines hold whole addresses with their tokens; rostra.web.errors says it without them.
    "loggers": {"django.request": {"level": "CRITICAL"}},
}
