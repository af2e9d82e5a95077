"""The settings. Everything a server decides comes from the environment or ``.env``."""

import sys
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.templatetags.static import static
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from portal.environment import BASE_DIR, VAR, database_urls, env, is_demonstration, redis_url, secret_key
from portal.logs import without_personal_data

TESTING = "pytest" in sys.modules
DEMONSTRATION = not TESTING and is_demonstration()
DEBUG = env.bool("DEBUG", default=False)
HTTPS = env.bool("HTTPS", default=False)
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)

SECRET_KEY = secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env("SITE_URL", default="http://localhost:8000")

# --- Applications ---------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_countries",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "pgtrigger",
    "rest_framework",
    "rules.apps.AutodiscoverRulesConfig",
    "portal.apps.PortalConfig",
    "firms.apps.FirmsConfig",
    "incentives.apps.IncentivesConfig",
    "investors.apps.InvestorsConfig",
]

MIDDLEWARE = [
    "portal.middleware.ApiMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "portal.middleware.BadInputMiddleware",  # after the language is known, in which it refuses
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "portal.middleware.ActorMiddleware",
    "portal.middleware.StaffLanguageMiddleware",
    "portal.middleware.StaffMfaMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Services -------------------------------------------------------------------------

DATABASE_APPLICATION_URL, DATABASE_OWNER_URL = database_urls()
_database = env.db_url_config(DATABASE_APPLICATION_URL)
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "portal.postgres",
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": True,  # no half writes, and the transaction knows who acts
        "OPTIONS": _database.get("OPTIONS", {})
        | ({} if TESTING else {"pool": {"min_size": 1, "max_size": 8, "timeout": 5}}),
    },
}
# So long a statement of a web process may take before PostgreSQL ends it and the visitor reads so: ten times what any
# page needs, and half of what gunicorn allows a request, which would kill the process without a word. 0 sets no limit.
WEB_STATEMENT_SECONDS = env.int("WEB_STATEMENT_SECONDS", default=15)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = redis_url()
if TESTING:  # each process of the tests keeps, and clears, what is its own; a demonstration beside them too
    _number = 1 + int(env("PYTEST_XDIST_WORKER", default="gw0")[2:]) % 7
    REDIS_URL = urlsplit(REDIS_URL)._replace(path=f"/{_number}").geturl()
CACHES = {
    "default": {
        "BACKEND": "portal.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
    },
}
# So long the figures of the service standard, and whom to call, are kept before they are read anew.
STANDARDS_SECONDS = 0 if TESTING else 300
CONTACT_SECONDS = 0 if TESTING else 60
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# PostgreSQL holds the work, Redis only wakes the workers: see portal/work.py.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000  # kilobytes, after a task: a large import must not keep what it took
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
}
CELERY_VISIBILITY_TIMEOUT = 300
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": 300}
CELERY_DB_REUSE_MAX = None
WORKER_PATIENCE = env.float("WORKER_PATIENCE", default=60.0)  # seconds; see portal/watchdog.py
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "portal.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "portal.tasks.sweep", "schedule": 20, "options": {"expires": 20}},
    "seal": {"task": "portal.tasks.seal_history", "schedule": 60, "options": {"expires": 60}},
    "sessions": {"task": "portal.tasks.delete_expired_sessions", "schedule": 3600, "options": {"expires": 600}},
}

DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Yangpu portal <noreply@localhost>")
_smtp = env.email_url("EMAIL_URL") if "EMAIL_URL" in env.ENVIRON else {}
MAILERS = {
    "default": {
        "BACKEND": "portal.mail.FolderBackend",
        "OPTIONS": {"file_path": str(VAR / "mail")},
    }
    if not _smtp
    else {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": _smtp["EMAIL_HOST"],
            "port": _smtp["EMAIL_PORT"],
            "username": _smtp["EMAIL_HOST_USER"],
            "password": _smtp["EMAIL_HOST_PASSWORD"],
            "use_tls": _smtp.get("EMAIL_USE_TLS", False),
            "use_ssl": _smtp.get("EMAIL_USE_SSL", False),
            "timeout": 20,
        },
    }
}

# --- Files ----------------------------------------------------------------------------

MEDIA_ROOT = VAR / "documents"
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "frontend" / "dist"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
# Without collected files, tests and development serve them from where they lie.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = TESTING or DEBUG
CLAMD_SOCKET = env("CLAMD_SOCKET", default="")
DOCUMENT_MAX_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_PERMISSIONS = 0o640

# --- Language and time ----------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale" / part for part in ("portal", "firms", "incentives", "investors")]
LANGUAGE_COOKIE_NAME = "language"
FORMAT_MODULE_PATH = ["portal.formats"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
COUNTRIES_OVERRIDE = {
    "HK": _("Hong Kong, China"),
    "MO": _("Macao, China"),
    "TW": _("Taiwan, China"),
}

# --- Accounts -------------------------------------------------------------------------

AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_ADAPTER = "portal.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "portal.accounts.SignupForm"
ACCOUNT_FORMS = {"signup": "portal.signing_up.SteadySignupForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900  # seconds: mail takes its time
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# --- Security -------------------------------------------------------------------------

_prefix = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_prefix}session"
CSRF_COOKIE_NAME = f"{_prefix}csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # balancers ask without TLS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}
# The admin's theme needs inline script and eval: the one exception.
ADMIN_CSP = {
    **SECURE_CSP,
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
}

# --- The public API -------------------------------------------------------------------

API_RATE = env("API_RATE", default="120/min")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],  # what it tells, it tells everybody
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_THROTTLE_CLASSES": ["portal.api.limits.PerAddress"],
    "DEFAULT_THROTTLE_RATES": {"anon": API_RATE},
    "NUM_PROXIES": 1 if BEHIND_PROXY else 0,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "portal.api.problems.handle",
    "URL_FORMAT_OVERRIDE": None,
}
DATA_LICENCE = env("DATA_LICENCE", default="")  # blank until set: the terms are the district's to choose
DATA_LICENCE_URL = env("DATA_LICENCE_URL", default="")
SPECTACULAR_SETTINGS = {
    "TITLE": _("Yangpu investor portal: open data"),
    "DESCRIPTION": _("The listed firms of Yangpu District, its clusters and subdistricts, read-only."),
    "VERSION": "1",
    "SERVERS": [{"url": SITE_URL}],
    "SORT_OPERATION_PARAMETERS": False,
}

# --- Personal data --------------------------------------------------------------------

INQUIRY_RETENTION_YEARS = env.int("INQUIRY_RETENTION_YEARS", default=3)  # after the last thing that happened to it

# --- Inquiries of people without an account ---------------------------------------------

INQUIRY_LINKS_PER_HOUR = env.int("INQUIRY_LINKS_PER_HOUR", default=3)  # mails to one e-mail address
INQUIRIES_PER_PLACE = env.int("INQUIRIES_PER_PLACE", default=20)  # in an hour from one network address
INQUIRIES_PER_MINUTE = env.int("INQUIRIES_PER_MINUTE", default=1500)  # from everywhere

# --- Brochures ------------------------------------------------------------------------

BROCHURES_PER_HOUR = env.int("BROCHURES_PER_HOUR", default=10)  # of one person, or of one session without an account
BROCHURES_PER_PLACE = env.int("BROCHURES_PER_PLACE", default=60)  # in an hour from one network address

# --- The official footer: blank until set, never invented ------------------------------

SITE_OWNER = env("SITE_OWNER", default="")
SITE_ICP = env("SITE_ICP", default="")
SITE_POLICE_FILING = env("SITE_POLICE_FILING", default="")
SITE_CODE = env("SITE_CODE", default="")
SITE_TELEPHONE = env("SITE_TELEPHONE", default="")
SECURITY_CONTACT = env("SECURITY_CONTACT", default="")  # of security.txt: mailto:…, https://… or tel:…

# --- Logs -----------------------------------------------------------------------------

DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
_processors: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
    without_personal_data,
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                without_personal_data,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            "foreign_pre_chain": _processors,
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", default="WARNING" if TESTING else "INFO")},
    "loggers": {
        "weasyprint.progress": {"level": "WARNING"},  # tells each of its steps
        "fontTools": {"level": "WARNING"},
    },
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_processors,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=not TESTING,
)

# --- The admin ------------------------------------------------------------------------

UNFOLD = {
    "SITE_TITLE": _("Yangpu investor portal: staff"),
    "SITE_HEADER": _("Yangpu investor portal"),
    "SITE_SUBHEADER": _("Staff workplace"),
    "SITE_URL": "/",
    "SITE_ICON": lambda _request: static("mark.svg"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("mark.svg")}],
    "STYLES": [lambda _request: static("portal/staff.css")],
    "SCRIPTS": [lambda _request: static("portal/staff.js")],
    "SHOW_LANGUAGES": True,
    "SHOW_HISTORY": False,
    "ENVIRONMENT": "portal.context.admin_environment",
    "SIDEBAR": {"show_search": True, "show_all_applications": False, "navigation": "portal.admin_site.navigation"},
    "COLORS": {
        "primary": {
            "50": "oklch(97% .014 240)",
            "100": "oklch(94% .03 240)",
            "200": "oklch(88% .055 240)",
            "300": "oklch(80% .09 240)",
            "400": "oklch(68% .12 240)",
            "500": "oklch(56% .12 240)",
            "600": "oklch(48% .11 240)",
            "700": "oklch(41% .095 240)",
            "800": "oklch(35% .08 240)",
            "900": "oklch(30% .065 240)",
            "950": "oklch(22% .045 240)",
        },
    },
}
