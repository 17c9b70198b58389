"""Settings, read top to bottom. The only place that reads the environment; nonsense stops the start."""

from __future__ import annotations

import logging
import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from badges_portal import logs
from badges_portal.database import embedded_url, settings_for
from badges_portal.mail import MailServer, mail_server

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Mode ---------------------------------------------------------------------------------------------------------

MODE = os.environ.get("PORTAL_MODE", "trial")
"""`trial` serves this machine only and needs nothing; `production` refuses to start without its settings."""
if MODE not in {"trial", "production"}:
    raise ImproperlyConfigured(f"PORTAL_MODE is {MODE!r}; it must be 'trial' or 'production'.")
PRODUCTION = MODE == "production"
DEBUG = False


def required(name: str, example: str, needed_by: str = "production") -> str:
    """The value of an environment variable that must not be missing here."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set; {needed_by} needs it, for example {name}={example}")
    return value


def whole_number(name: str, default: int, least: int = 1) -> int:
    """The environment variable as a whole number, `least` or above."""
    text = os.environ.get(name, str(default))
    if not text.isdigit() or int(text) < least:
        raise ImproperlyConfigured(f"{name} is {text!r}; it must be a whole number, {least} or above.")
    return int(text)


PORT = whole_number("PORT", 8000)
VAR_DIR = Path(os.environ.get("PORTAL_VAR", BASE_DIR / "var"))
"""Everything the portal writes outside the database: uploaded originals, the embedded database, collected files."""


def trial_secret() -> str:
    """A secret of this machine, made once and kept, so that a restart signs nobody out."""
    path = VAR_DIR / "secret_key"
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_text(secrets.token_urlsafe(64))
        path.chmod(0o600)
    return path.read_text()


SECRET_KEY = required("SECRET_KEY", "$(openssl rand -base64 48)") if PRODUCTION else trial_secret()
PUBLIC_URL = (
    required("PUBLIC_URL", "https://badges.example.edu.hk")
    if PRODUCTION
    else os.environ.get("PUBLIC_URL", f"http://127.0.0.1:{PORT}")
).rstrip("/")
"""The address that QR codes and links on paper lead to."""
if not PUBLIC_URL.startswith(("https://",) if PRODUCTION else ("https://", "http://")):
    raise ImproperlyConfigured(f"PUBLIC_URL is {PUBLIC_URL!r}; it must begin with https://.")
PUBLIC_HOST = PUBLIC_URL.split("://", 1)[1].split("/")[0].rsplit(":", 1)[0]
ALLOWED_HOSTS = [PUBLIC_HOST] if PRODUCTION else [PUBLIC_HOST, "127.0.0.1", "localhost", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# --- Database -----------------------------------------------------------------------------------------------------

DATABASE_URL = os.environ.get("DATABASE_URL", "")
if PRODUCTION:
    required("DATABASE_URL", "postgresql://badges:password@localhost:5432/badges")
DATABASE_URL_IN_USE = DATABASE_URL or embedded_url(VAR_DIR / "postgres")
DATABASES = {"default": settings_for(DATABASE_URL_IN_USE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- E-mail (off until there is a server: messages are read in the portal then) ---------------------------------------

MAIL_SERVER = mail_server(os.environ.get("SMTP_URL", ""))
MAIL_IS_ON = MAIL_SERVER is not None
DEFAULT_FROM_EMAIL = required("MAIL_FROM", "badges@example.edu.hk", "SMTP_URL") if MAIL_IS_ON else ""
_server = MAIL_SERVER or MailServer()
EMAIL_HOST, EMAIL_PORT = _server.host, _server.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _server.user, _server.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _server.starttls, _server.tls
EMAIL_TIMEOUT = 20

# --- The institution (assumptions: another institution changes them here, in the environment) -----------------------

INSTITUTION_NAME = os.environ.get(
    "INSTITUTION_NAME", "Technological and Higher Education Institute of Hong Kong (THEi)"
)
INSTITUTION_NAME_ZH = os.environ.get("INSTITUTION_NAME_ZH", "香港高等教育科技學院")
SCHEME_NAME_EN = os.environ.get("SCHEME_NAME_EN", "Digital Badges Scheme")
SCHEME_NAME_ZH = os.environ.get("SCHEME_NAME_ZH", "電子徽章計劃")
SCHEME_OFFICE_EN = os.environ.get("SCHEME_OFFICE_EN", "Learning Commons")
SCHEME_OFFICE_ZH = os.environ.get("SCHEME_OFFICE_ZH", "學習薈")
SCHEME_CONTACT = os.environ.get("SCHEME_CONTACT", "")
"""How to reach the office, as one line on the NAT: telephone, e-mail address, room."""
NAT_SIGNATORY_EN = os.environ.get("NAT_SIGNATORY_EN", "Scheme Administrator")
NAT_SIGNATORY_ZH = os.environ.get("NAT_SIGNATORY_ZH", "計劃管理員")
"""Who signs the NAT: the office held, not a name."""
STUDENT_NUMBER_DIGITS = whole_number("STUDENT_NUMBER_DIGITS", 9)
AFTER_REGISTER_IMPORT = ["awards.attendance.waking.wake_after_import"]
"""What is done once a register file was applied: functions that say in one sentence what they did, or nothing."""
ACADEMIC_YEAR_START_MONTH = whole_number("ACADEMIC_YEAR_START_MONTH", 9)
"""An academic year runs from the first day of this month; an activity belongs to the year in which it starts."""
TIME_ZONE = os.environ.get("PORTAL_TIME_ZONE", "Asia/Hong_Kong")
USE_TZ = True

# --- Verification of papers -----------------------------------------------------------------------------------------

VERIFICATIONS_PER_MINUTE = whole_number("VERIFICATIONS_PER_MINUTE", 60)
"""How many codes one address may try in a minute."""
REVERSE_PROXIES = whole_number("REVERSE_PROXIES", 1 if PRODUCTION else 0, least=0)
"""How many trusted proxies stand before the portal, each adding one address to X-Forwarded-For."""

# --- Uploads (limits of `awards/attendance`, each with its sentence) -----------------------------------------------

UPLOAD_DIR = VAR_DIR / "uploads"
UPLOAD_MAX_BYTES = whole_number("UPLOAD_MAX_BYTES", 5 * 2**20)
SHEET_LIMITS = {
    "max_inflated": whole_number("SHEET_MAX_UNPACKED_BYTES", 64 * 2**20),
    "max_entries": whole_number("SHEET_MAX_PARTS", 1_000),
    "max_sheets": whole_number("SHEET_MAX_WORKSHEETS", 50),
    "max_row": whole_number("SHEET_MAX_ROW", 20_000),
    "max_column": whole_number("SHEET_MAX_COLUMN", 256),
    "max_cells": whole_number("SHEET_MAX_CELLS", 200_000),
    "max_elements": whole_number("SHEET_MAX_ELEMENTS", 1_500_000),
    "max_strings": whole_number("SHEET_MAX_STRINGS", 300_000),
    "cpu_seconds": whole_number("SHEET_READ_CPU_SECONDS", 10),
    "wall_seconds": whole_number("SHEET_READ_SECONDS", 15),
    "address_space": whole_number("SHEET_READ_MEMORY_BYTES", 768 * 2**20, least=128 * 2**20),
}
"""What an attendance sheet may hold, and what reading it may cost the guarded child; each has its own sentence."""
FILE_UPLOAD_HANDLERS = ["badges_portal.upload_limit.LimitedUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50_000
DATA_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_MAX_BYTES + 2**20
"""A pasted list may be as large as a file; what is a little larger still gets its sentence on the page."""

# --- The house ----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "badges_portal",
    "accounts",
    "accounts.trail",
    "accounts.messages",
    "accounts.signin",
    "activities",
    "activities.guide",
    "awards",
    "awards.attendance",
    "awards.advising",
    "transcripts",
    "pgtrigger",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "badges_portal.logs.RequestLog",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.signin.sessions.SessionLimitMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "badges_portal.private.keep_out_of_caches",
    "badges_portal.busy.BusyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.signin.sessions.PasswordFirstMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "badges_portal.urls"
WSGI_APPLICATION = "badges_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "badges_portal.context.portal",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- People -------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.signin.backends.PortalBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "signin:sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = False
STAFF_IDLE_SECONDS = 30 * 60
SESSION_LONGEST_SECONDS = 12 * 60 * 60
"""Staff are signed out after half an hour without a click, everybody 12 hours after the sign-in."""
SIGN_IN_AGAIN_SECONDS = 30 * 60
"""What is hard to undo asks for the password again when the sign-in was longer ago."""
AXES_CLIENT_IP_CALLABLE = "accounts.signin.limits.client_address"
AXES_LOCKOUT_CALLABLE = "accounts.signin.views.too_many_attempts"
AXES_USERNAME_FORM_FIELD = "username"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
SIGN_IN_FAILURES_PER_ADDRESS = 300
SIGN_IN_FAILURES_PER_NAME = 50
"""Beside axes' limit for one name from one address: one address trying many names, many addresses trying one."""
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]

# --- Security -----------------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "badges_portal.views.csrf_failure"
LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "img-src": [SELF, "data:"],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- Languages ----------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English")), ("zh-hant", _("Traditional Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["badges_portal.formats"]

# --- Static files -------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": UPLOAD_DIR}},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"  # compressing takes half a minute
    },
}

# --- API ----------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 25,
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anon": "120/min"},
    "NUM_PROXIES": 1 if PRODUCTION else 0,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Digital Badges API",
    "DESCRIPTION": "Read what the Digital Badges Scheme offers, and one's own Activity History.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "supportedSubmitMethods": ["get"]},
    "ENUM_NAME_OVERRIDES": {
        "ActivityLanguageEnum": "activities.models.Activity.Language",
        "ActivityModeEnum": "activities.models.Activity.Mode",
    },
}
"""The OpenAPI document and its page."""

# --- Logs (no names, no student numbers; a request id in every line) -------------------------------------------------

LOG_LEVEL = os.environ.get("LOG_LEVEL", "INFO" if PRODUCTION else "WARNING")
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
    raise ImproperlyConfigured(f"LOG_LEVEL is {LOG_LEVEL!r}; it must be DEBUG, INFO, WARNING or ERROR.")
LOGGING = logs.logging_settings(LOG_LEVEL, trial=not PRODUCTION)
logs.configure()
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
