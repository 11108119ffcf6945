"""Django settings. Everything a machine may differ in comes from the environment; nothing secret has a default."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

ROOT = Path(__file__).resolve().parent
HOME = Path(os.environ.get("HOTLINE_HOME", ROOT.parent / ".home")).resolve()


def _database(url: str) -> dict:
    """Turn DATABASE_URL (libpq URI or keyword string) into Django's form; libpq's own parser decides what is valid."""
    parts = conninfo_to_dict(url)
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    settings = {django: str(parts.pop(libpq)) for libpq, django in known.items() if libpq in parts}
    # A page of a case joins a dozen small tables in the order that is best already; trying every other order took the
    # planner 7 ms each time, five times as long as the answer. With at most four at a time it takes under 2 ms.
    parts["options"] = f"{parts.get('options') or ''} -c join_collapse_limit=4".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        # A database that was killed and came back is found again on the next request, not on the next restart.
        "CONN_HEALTH_CHECKS": True,
        # Only what `statements` asks is prepared: it says so itself, the number is never reached.
        "OPTIONS": {**parts, "prepare_threshold": 1_000_000},
        **settings,
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql:///hotline"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# `hotline run` makes a lasting key in its home; a separately started process must be given one: without it Django
# refuses to start.
SECRET_KEY = os.environ.get("HOTLINE_SECRET_KEY", "")
DEBUG = os.environ.get("HOTLINE_DEBUG") == "1"
SITE_URL = os.environ.get("HOTLINE_SITE_URL", f"http://127.0.0.1:{os.environ.get('HOTLINE_PORT', '8022')}")
SITE_HTTPS = urlsplit(SITE_URL).scheme == "https"
ALLOWED_HOSTS = [
    h for h in os.environ.get("HOTLINE_HOSTS", "").split(",") if h
] or ["127.0.0.1", "localhost", "[::1]", urlsplit(SITE_URL).hostname or "localhost"]
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_HTTPS else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SITE_HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "hotline.people.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # a shift and a half
SECURE_HSTS_SECONDS = 31_536_000 if SITE_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "hotline.people",  # before auth: the user model
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",  # the templates of its widgets, for FORM_RENDERER
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "procrastinate.contrib.django",
    "hotline.jobs",
    "hotline.live",
    "hotline.journal",
    "hotline.calendars",
    "hotline.organisation",
    "hotline.hotlines",
    "hotline.citizens",
    "hotline.conversations",
    "hotline.routing",
    "hotline.knowledge",
    "hotline.experts",
    "hotline.cases",
    "hotline.sealed",
    "hotline.packs",
    "hotline.simulation",
    "hotline.reorganisation",
    "hotline.relocation",
    "hotline.intake",
    "hotline.notifications",
    "hotline.documents",
    "hotline.dialogues",
    "hotline.channels.email",
    "hotline.channels.web",
    "hotline.assets",
    "hotline.console",
    "hotline.portal",
    "hotline.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hotline.people.middleware.ContentSecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hotline.people.middleware.LanguageMiddleware",
    "hotline.assets.middleware.WordsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hotline.people.middleware.ViewerMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "hotline.urls"
WSGI_APPLICATION = "hotline.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "hotline.assets.context.site",
                "hotline.console.context.console",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("username", "full_name", "email")}},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/console/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "hotline.people.adapter.ClosedAccountAdapter"  # no self sign-up: posts are given
ACCOUNT_SESSION_REMEMBER = False
# Passwords are guarded by django-axes below, which locks sooner; codes of the second factor by "key" here. An office may
# come from one network address, so what is counted by address is wide.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,10/5m/key"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "hotline.console.account.forms.AddKeyForm", "edit_webauthn": "hotline.console.account.forms.EditKeyForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SITE_HTTPS
USERSESSIONS_TRACK_ACTIVITY = False
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_SENSITIVE_PARAMETERS: list[str] = ["password"]
AXES_VERBOSE = False

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
# Of the console, with catalogues of their own.
_PLACES = ("desk", "documents", "administration", "reports", "sealed", "simulation")
LOCALE_PATHS = [ROOT / "locale", *(ROOT / "console" / place / "locale" for place in _PLACES)]
LANGUAGE_COOKIE_NAME = "lang"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("HOTLINE_STATIC", ROOT.parent / ".static"))
STATICFILES_DIRS = [d for d in (ROOT / "assets" / "built",) if d.is_dir()]
MEDIA_ROOT = HOME / "files"
STORAGES = {
    "default": {"BACKEND": "hotline.conversations.storage.DurableStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG and STATIC_ROOT.joinpath("staticfiles.json").exists()
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_ROOT.joinpath("staticfiles.json").exists()
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# The cache only counts (rate limits); it lives in the database so that every process counts together.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "counters"}}

# --- what is ours -----------------------------------------------------------------------------------------------------
PACKS = Path(os.environ.get("HOTLINE_PACKS", ROOT.parent / "packs"))
PUSH_URL = os.environ.get("HOTLINE_PUSH_URL", "/push/")
REACTIONS = "hotline.reactions"  # the journal defers by name; this module says what follows from what
LETTERBOX = "hotline.sealed.actions.follow"  # what follows a sealed matter falls in here; only whether it did comes out
CHANNELS = {  # transports are loaded on first use: an arrow that would point up
    "email": "hotline.channels.email.transport.deliver",
    "web": "hotline.channels.email.transport.deliver",  # a web report is answered by e-mail and on its page
    "phone": "hotline.channels.email.transport.deliver",
    "sms": "hotline.channels.email.transport.deliver",  # by e-mail, until a modem or a provider is a folder of its own
    "zalo": "hotline.channels.email.transport.deliver",  # by e-mail, until Zalo is a folder of its own
}
MAP_TILES = os.environ.get("HOTLINE_TILES", "")  # none: outlines and pins only, no third party is told where people live
REPORTS_PER_HOUR = int(os.environ.get("HOTLINE_REPORTS_PER_HOUR", "60"))  # from one network address; 0: no limit
PROXIES = int(os.environ.get("HOTLINE_PROXIES", "0"))  # our own in front: whose word on the asker's address is believed
MAIL_SINK = os.environ.get("HOTLINE_MAIL_SINK", "")  # the folder of mail that `hotline run` catches instead of sending
SWEEP_SECONDS = float(os.environ.get("HOTLINE_SWEEP_SECONDS", "5"))

PROCRASTINATE_IMPORT_PATHS = ["hotline.reactions"]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

EMAIL_HOST = os.environ.get("HOTLINE_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("HOTLINE_SMTP_PORT", "8025"))
EMAIL_HOST_USER = os.environ.get("HOTLINE_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("HOTLINE_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("HOTLINE_SMTP_TLS") == "1"
EMAIL_TIMEOUT = 20

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("HOTLINE_LOG", "WARNING")},
    "loggers": {"hotline": {"level": os.environ.get("HOTLINE_LOG", "INFO")}},
}
