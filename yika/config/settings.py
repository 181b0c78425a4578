"""Settings from the environment. Without any, Yika runs for one machine on SQLite under ``var/``.

``YIKA_ENV=production`` demands what production needs and names everything that is missing or wrong at
once. Every variable is explained in docs/guide/production.md.
"""

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

BASE = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ("local", "production")
DEMANDED = ("SECRET_KEY", "ALLOWED_HOSTS", "YIKA_ORIGIN", "DATABASE_URL", "YIKA_DATA")
_problems: list[str] = []


def _text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def _number(name: str, default: int, highest: int) -> int:
    text = _text(name, str(default))
    if text.isdecimal() and int(text) <= highest:
        return int(text)
    _problems.append(f"{name}={text} 应为 0 至 {highest} 的整数 / must be a whole number from 0 to {highest}")
    return default


def _switch(name: str) -> bool:
    text = _text(name, "0")
    if text not in ("0", "1"):
        _problems.append(f"{name}={text} 应为 0 或 1 / must be 0 or 1")
    return text == "1"


def _listed(name: str) -> list[str]:
    return [part.strip() for part in _text(name).split(",") if part.strip()]


def _database_from(url: str) -> dict[str, Any]:
    try:
        return dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    except ValueError:  # its message would repeat the password
        _problems.append("DATABASE_URL 无法识别 / cannot be read (postgresql://user:password@host:5432/name)")
        return {"ENGINE": ""}


def _local_secret() -> str:
    """A key made once for this machine, so that a restart does not sign everybody out."""
    path = DATA / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


_environment = _text("YIKA_ENV", "local")
if _environment not in ENVIRONMENTS:
    _problems.append(f"YIKA_ENV={_environment} 应为 / must be one of: {', '.join(ENVIRONMENTS)}")
PRODUCTION = _environment != "local"
DEBUG = _switch("YIKA_DEBUG")
DATA = Path(_text("YIKA_DATA", "var")).resolve()
# How many reverse proxies stand before Yika; the sender's address is read that far from the right.
PROXIES = _number("YIKA_PROXIES", 1 if PRODUCTION else 0, 9)

if PRODUCTION:
    _problems += [f"缺少环境变量 {name} / {name} is missing" for name in DEMANDED if not _text(name)]
    if DEBUG:
        _problems.append("生产环境不能设置 YIKA_DEBUG / YIKA_DEBUG is not for production")
        DEBUG = False
    SECRET_KEY = _text("SECRET_KEY")
    if 0 < len(SECRET_KEY) < 50:
        _problems.append("SECRET_KEY 至少 50 个字符 / needs at least 50 characters")
    ALLOWED_HOSTS = _listed("ALLOWED_HOSTS")
    if "*" in ALLOWED_HOSTS:
        _problems.append("ALLOWED_HOSTS 不能是 *，请写明域名 / must name the hosts, not *")
    ORIGIN = _text("YIKA_ORIGIN").rstrip("/")
    if ORIGIN and not ORIGIN.startswith("https://"):
        _problems.append("YIKA_ORIGIN 必须以 https:// 开头 / must begin with https://")
    _database: dict[str, Any] = (
        _database_from(_text("DATABASE_URL")) if _text("DATABASE_URL") else {"ENGINE": ""}
    )
    if _database["ENGINE"] and _database["ENGINE"] != "django.db.backends.postgresql":
        _problems.append("DATABASE_URL 必须是 PostgreSQL / must be PostgreSQL")
    if not PROXIES:
        _problems.append("YIKA_PROXIES 至少为 1：前面须有终止 TLS 的代理 / a proxy must end TLS before Yika")
    CSRF_TRUSTED_ORIGINS = [ORIGIN]
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health$"]  # asked by the machine itself, not through the proxy
    SECURE_HSTS_SECONDS = 31_536_000
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
else:
    DATA.mkdir(parents=True, exist_ok=True)
    SECRET_KEY = _text("SECRET_KEY") or _local_secret()
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver", *_listed("ALLOWED_HOSTS")]
    ORIGIN = _text("YIKA_ORIGIN", "http://127.0.0.1:8000").rstrip("/")
    _database = (
        _database_from(_text("DATABASE_URL"))
        if _text("DATABASE_URL")
        else {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA / "yika.sqlite3")}
    )

if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
if _database["ENGINE"] == "django.db.backends.postgresql":
    # Every join here follows a key, in the order in which it is written. Letting the planner try all orders
    # costs more than such a query itself (17 ms against 1 for a list), as does compiling one (jit).
    # A statement that was seen before is not planned again, for as long as its connection lives.
    _database["OPTIONS"] = {
        "options": "-c join_collapse_limit=4 -c jit=off",
        "server_side_binding": True,
        "prepare_threshold": 2,
        **_database.get("OPTIONS", {}),
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
    "django.forms",  # its templates, after ours: a field's attributes are written in one step
    "yika.journal",
    "yika.people",
    "yika.files",
    "yika.notices",
    "yika.calendars",
    "yika.standards",
    "yika.contracts",
    "yika.commitments",
    "yika.assets",
    "yika.addresses",
    "yika.configurations",
    "yika.network",
    "yika.faults",
    "yika.changes",
    "yika.returns",
    "yika.worker",
    "yika.api",
    "yika.search",
    "yika.portal",
]
AUTH_USER_MODEL = "people.User"
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # single characters do; phrases take 40 MB
AUTHENTICATION_BACKENDS = ["yika.people.backends.LocalBackend"]  # single sign-on: one more line
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "yika.people.passwords.UnlikeThePerson",
        "OPTIONS": {"user_attributes": ("username", "name", "phone", "email")},
    },
    {"NAME": "yika.people.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
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

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

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
if not PRODUCTION:
    STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns of a folder that is not there
FILES_ROOT = DATA / "files"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 12_582_912  # of what is typed; files do not count
LARGEST_BODY = 64 * 1024 * 1024  # of a whole form with its files: three photos as a telephone takes them

TELL = "yika.notices.actions.tell"  # how lower rooms tell people something
TELEPHONE = _text("YIKA_TELEPHONE")  # where a fault is reported by voice; stands on the public pages
EMAIL_HOST = _text("EMAIL_HOST")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
EMAIL_PORT = _number("EMAIL_PORT", 25, 65535)
EMAIL_HOST_USER = _text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _switch("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = _text("EMAIL_FROM", "yika@localhost")

# Programs: how many requests one token may make a minute in each web process (0: no limit), and the hosts
# that webhooks may call; without any, none.
API_PER_MINUTE = _number("YIKA_API_PER_MINUTE", 1200, 1_000_000)
WEBHOOK_HOSTS = _listed("YIKA_WEBHOOK_HOSTS")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"yika": {"level": "INFO"}},
}

if _problems:
    raise ImproperlyConfigured(
        "配置有误，未启动。 / Not started, the settings are wrong:\n  - " + "\n  - ".join(_problems)
    )
