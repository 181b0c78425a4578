"""Settings from the environment. Without any, Yika runs for one machine on SQLite under ``var/``.

``YIKA_ENV=production`` demands what production needs and fails loudly when something is missing:
DATABASE_URL (PostgreSQL), SECRET_KEY, ALLOWED_HOSTS, YIKA_ORIGIN (the https address users type).
"""

import os
import secrets
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

BASE = Path(__file__).resolve().parent.parent
PRODUCTION = os.environ.get("YIKA_ENV", "local") == "production"
DATA = Path(os.environ.get("YIKA_DATA", "var")).resolve()


def _demanded(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(
            f"生产环境缺少环境变量 {name}，未启动。 / Production needs the environment variable {name}."
        )
    return value


def _local_secret() -> str:
    """A key made once for this machine, so that a restart does not sign everybody out."""
    DATA.mkdir(parents=True, exist_ok=True)
    path = DATA / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


DEBUG = os.environ.get("YIKA_DEBUG", "") == "1" and not PRODUCTION

if PRODUCTION:
    SECRET_KEY = _demanded("SECRET_KEY")
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("SECRET_KEY 至少 50 个字符。 / SECRET_KEY needs at least 50 characters.")
    ALLOWED_HOSTS = [host.strip() for host in _demanded("ALLOWED_HOSTS").split(",")]
    ORIGIN = _demanded("YIKA_ORIGIN").rstrip("/")
    if not ORIGIN.startswith("https://"):
        raise ImproperlyConfigured(
            "YIKA_ORIGIN 必须以 https:// 开头。 / YIKA_ORIGIN must begin with https://."
        )
    _database = dj_database_url.parse(_demanded("DATABASE_URL"), conn_max_age=600, conn_health_checks=True)
    if _database.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            "生产环境的 DATABASE_URL 必须是 PostgreSQL。 / Production runs on PostgreSQL."
        )
    CSRF_TRUSTED_ORIGINS = [ORIGIN]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
else:
    SECRET_KEY = os.environ.get("SECRET_KEY") or _local_secret()
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
    ALLOWED_HOSTS += [host for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host]
    ORIGIN = os.environ.get("YIKA_ORIGIN", "http://127.0.0.1:8000").rstrip("/")
    if os.environ.get("DATABASE_URL"):
        _database = dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=600)
    else:
        DATA.mkdir(parents=True, exist_ok=True)
        _database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA / "yika.sqlite3")}

# How many reverse proxies stand before Yika; the reporter's address is read that far from the right.
PROXIES = int(os.environ.get("YIKA_PROXIES", "1" if PRODUCTION else "0"))

if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",  # django.contrib.auth needs it; nothing of ours does
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "yika.lib",
    "yika.journal",
    "yika.people",
    "yika.files",
    "yika.notices",
    "yika.calendars",
    "yika.standards",
    "yika.contracts",
    "yika.commitments",
    "yika.assets",
    "yika.faults",
    "yika.worker",
    "yika.portal",
]
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["yika.people.backends.LocalBackend"]  # single sign-on: one more line
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "phone", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "portal:home"

MIDDLEWARE = [
    "yika.portal.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "yika.people.middleware.SessionLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yika.portal.middleware.Refusals",
]
ROOT_URLCONF = "yika.config.urls"
WSGI_APPLICATION = "yika.config.wsgi.application"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 86400
CSRF_FAILURE_VIEW = "yika.portal.views.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yika.portal.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "yika.lib.templatetags.yika",
            ],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
FILES_ROOT = DATA / "files"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 12_582_912

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("EMAIL_HOST")
    else "django.core.mail.backends.dummy.EmailBackend"
)
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "yika@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"yika": {"level": "INFO"}},
}
