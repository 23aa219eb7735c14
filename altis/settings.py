"""Every setting, read from the environment. A production setting that is missing ends the start with its name."""

import secrets
import sys
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from altis.api import openapi, transport
from altis.backoffice import theme
from altis.devstack.state import running_urls
from altis.insight.routing import analytics_database
from altis.store.addresses import broker_url, postgres_database, redis_caches
from altis.store.kafka_address import kafka_address
from altis.telemetry.logging import logging_config

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

ENVIRONMENT = env.str("ALTIS_ENV", "development")
if ENVIRONMENT not in ("development", "test", "production"):
    raise ImproperlyConfigured("ALTIS_ENV must be development, test or production")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = False
STATE_DIR = Path(env.str("ALTIS_STATE_DIR", str(BASE_DIR / ".altis"))).absolute()

# Beside a running `make up`, other commands find its servers without being told.
_running = {} if ENVIRONMENT != "development" else running_urls(STATE_DIR)


def _required(name: str, development: str) -> str:
    """A variable that production must set; elsewhere a running stack's value, or `development`."""
    value = env.str(name, "") or _running.get(name, "")
    if value or not PRODUCTION:
        return value or development
    raise ImproperlyConfigured(f"{name} must be set")


def _key_ring(name: str) -> str:
    """A ring `kid:base64url,…`; a throw-away key where nothing outlives the process."""
    return _required(name, f"dev:{secrets.token_urlsafe(32)}")


# Secrets
SECRET_KEY = _required("ALTIS_SECRET_KEY", secrets.token_hex(32))
ALTIS_SIGNING_KEYS = _key_ring("ALTIS_SIGNING_KEYS")
ALTIS_KEK_RING = _key_ring("ALTIS_KEK_RING")
ALTIS_VOUCHER_KEYS = _key_ring("ALTIS_VOUCHER_KEYS")
ALTIS_BLIND_INDEX_KEY = _required("ALTIS_BLIND_INDEX_KEY", secrets.token_urlsafe(32))
ALTIS_WEBHOOK_SECRETS = [part for part in _required("ALTIS_WEBHOOK_SECRETS", secrets.token_hex(32)).split(",") if part]

# Django
ALLOWED_HOSTS = transport.hosts(_required("ALTIS_ALLOWED_HOSTS", "*"), production=PRODUCTION)
ROOT_URLCONF = "altis.urls"
WSGI_APPLICATION = "altis.wsgi.application"
INSTALLED_APPS = [
    "unfold.contrib.filters",
    "unfold.apps.BasicAppConfig",  # the default one would put its own admin site in the place of ours
    "unfold.contrib.import_export",
    "altis.backoffice.apps.SiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "import_export",
    "django_prometheus",
    "django_otp",
    "django_htmx",
    "corsheaders",
    "csp",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "altis.devstack",
    "altis.store",
    "altis.privacy",
    "altis.accounts",
    "altis.accounts.second_factor.apps.SecondFactorConfig",
    "altis.backoffice.apps.BackofficeConfig",
    "altis.shop",
    "catalog",
    "offers",
    "orders",
    "payments",
    "altis.insight",
    "altis.audit",
]
MIDDLEWARE = [
    "altis.api.middleware.RequestGuard",
    "altis.telemetry.middleware.CountAll",
    "django.middleware.security.SecurityMiddleware",
    "altis.api.policies.PolicyMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "altis.api.pages.PageSessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "altis.api.pages.PageUsers",
    "altis.api.pages.PageSecondFactors",
    "altis.api.pages.PageMessages",
    "altis.audit.middleware.NoteStaff",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "altis.telemetry.middleware.CountViews",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
APPEND_SLASH = False
LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = "altis.backoffice.formats"
USE_TZ = True
TIME_ZONE = "UTC"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["altis.accounts.hashers.Argon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = ["altis.accounts.backends.EmailBackend"]
LOGIN_URL = "admin:login"
CSRF_FAILURE_VIEW = "altis.shop.error_views.csrf_refused"
# The e-mail is unique through its blind index; the column itself holds ciphertext.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

# PostgreSQL
DEVELOPMENT_DATABASE = "postgresql://altis@127.0.0.1:5432/altis"
DATABASES = {
    "default": postgres_database(
        env.db_url_config(_required("DATABASE_URL", DEVELOPMENT_DATABASE)),
        pool_min=env.int("ALTIS_DB_POOL_MIN", 1),
        pool_max=env.int("ALTIS_DB_POOL_MAX", 8),
        test_name=env.str("ALTIS_TEST_DATABASE", "test_altis"),
    )
}
# Projections are read and written by this alias: the same server, unless a variable names another.
_analytics_url = env.str("ANALYTICS_DATABASE_URL", "")
DATABASES["analytics"] = analytics_database(
    DATABASES["default"], env.db_url_config(_analytics_url) if _analytics_url else {}
)
DATABASE_ROUTERS = ["altis.insight.routing.AnalyticsRouter"]
ALTIS_LOCK_TIMEOUT_MS = env.int("ALTIS_LOCK_TIMEOUT_MS", 2000)
ALTIS_STATEMENT_TIMEOUT_MS = env.int("ALTIS_STATEMENT_TIMEOUT_MS", 5000)
ALTIS_DB_ANSWER_SECONDS = env.float("ALTIS_DB_ANSWER_SECONDS", 0)  # the API sets 6, see altis/wsgi.py

# Redis: the gate and the live offers alone in their database; clearing the cache or the broker spares them.
REDIS_URL = _required("REDIS_URL", "redis://127.0.0.1:6379/0")
ALTIS_REDIS_TIMEOUT_SECONDS = env.float("ALTIS_REDIS_TIMEOUT_SECONDS", 0.1)
CACHES = redis_caches(
    REDIS_URL,
    cache_url=env.str("ALTIS_CACHE_URL", ""),
    timeout=ALTIS_REDIS_TIMEOUT_SECONDS,
    patience=env.float("ALTIS_REDIS_PATIENCE_SECONDS", 1.0),
)

# Kafka
KAFKA_BOOTSTRAP_SERVERS = kafka_address(_required("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092"))
ALTIS_KAFKA_TIMEOUT_SECONDS = env.float("ALTIS_KAFKA_TIMEOUT_SECONDS", 10.0)

# Celery: a message is a hint, the row in PostgreSQL is the work.
CELERY_BROKER_URL = broker_url(env.str("CELERY_BROKER_URL", ""), redis_url=REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_TASK_TIME_LIMIT = 120
# A worker takes from both queues unless told otherwise; a gateway that hangs must not hold up the sweeps.
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {"celery": {}, "payments": {}}
CELERY_TASK_ROUTES = {"payments.*": {"queue": "payments"}}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# One try: whoever sends a hint waits for nobody (kombu's own default is six seconds); workers retry by another setting.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
    "max_retries": 1,
    "interval_start": 0,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True

# REST
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["altis.api.auth.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["altis.api.auth.AnyToken"],
    "DEFAULT_PARSER_CLASSES": ["altis.api.parsing.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["altis.api.rendering.JSONRenderer"],
    "DEFAULT_THROTTLE_CLASSES": ["altis.api.throttling.RateLimit"],
    "DEFAULT_PAGINATION_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "altis.api.schema.AltisSchema",
    "EXCEPTION_HANDLER": "altis.api.errors.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
ALTIS_MAX_BODY_BYTES = env.int("ALTIS_MAX_BODY_BYTES", 64 * 1024)
ALTIS_LANE = env.bool("ALTIS_LANE", True)  # read by the server as well, see altis/devstack/api_server.py
ALTIS_API_THREADS = env.int("ALTIS_API_THREADS", 0)
ALTIS_INDEX = env.bool("ALTIS_INDEX", False)  # what is for sale, in memory: the API alone has it, see altis/wsgi.py

# Business
ALTIS_CURRENCY = env.str("ALTIS_CURRENCY", "USD")
ALTIS_CARRIER = env.str("ALTIS_CARRIER", "AL")
ALTIS_OFFER_TTL_SECONDS = env.int("ALTIS_OFFER_TTL_SECONDS", 900)
ALTIS_OFFER_TOMBSTONE_SECONDS = env.int("ALTIS_OFFER_TOMBSTONE_SECONDS", 900)
ALTIS_ORDER_HOLD_SECONDS = env.int("ALTIS_ORDER_HOLD_SECONDS", 1800)
ALTIS_HOLD_EXTENSIONS = env.int("ALTIS_HOLD_EXTENSIONS", 2)
ALTIS_LONGEST_HOLD_SECONDS = env.int("ALTIS_LONGEST_HOLD_SECONDS", 24 * 3600)
ALTIS_SALES_CUTOFF_SECONDS = env.int("ALTIS_SALES_CUTOFF_SECONDS", 3600)
ALTIS_PAYMENT_DEADLINE_SECONDS = env.int("ALTIS_PAYMENT_DEADLINE_SECONDS", 120)
ALTIS_GATE_TOKEN_SECONDS = env.int("ALTIS_GATE_TOKEN_SECONDS", 10)
ALTIS_MIN_CONNECTION_MINUTES = env.int("ALTIS_MIN_CONNECTION_MINUTES", 60)
ALTIS_MAX_CONNECTION_MINUTES = env.int("ALTIS_MAX_CONNECTION_MINUTES", 360)
ALTIS_IMPRESSION_RATE = env.float("ALTIS_IMPRESSION_RATE", 1.0)
ALTIS_RATE_LIMITS = env.str(
    "ALTIS_RATE_LIMITS", "search=60/60:20,accept=10/60:5,pay=6/60:3,token=10/60:10,default=300/60:100"
)
ALTIS_OPEN_HOLDS = env.str("ALTIS_OPEN_HOLDS", "customer=9,ip=50")
ALTIS_OVERBOOKING = env.str("ALTIS_OVERBOOKING", "economy=5,premium_economy=3,business=0,first=0")  # per cent
ALTIS_TRUSTED_PROXY_COUNT = env.int("ALTIS_TRUSTED_PROXY_COUNT", 0)
ALTIS_IDEMPOTENCY_HOURS = env.int("ALTIS_IDEMPOTENCY_HOURS", 24)
ALTIS_VISITOR_DAYS = env.int("ALTIS_VISITOR_DAYS", 30)  # then a visitor whose bookings came to nothing is erased
ALTIS_SECURITY_CONTACT = env.str("ALTIS_SECURITY_CONTACT", "")

# Tokens
ALTIS_TOKEN_ISSUER = env.str("ALTIS_TOKEN_ISSUER", "altis")
ALTIS_TOKEN_AUDIENCE = env.str("ALTIS_TOKEN_AUDIENCE", "altis-api")
ALTIS_ACCESS_TOKEN_SECONDS = env.int("ALTIS_ACCESS_TOKEN_SECONDS", 900)
ALTIS_REFRESH_TOKEN_SECONDS = env.int("ALTIS_REFRESH_TOKEN_SECONDS", 7 * 24 * 3600)

# Accounts
# Where links in e-mails lead
ALTIS_PUBLIC_URL = env.str("ALTIS_PUBLIC_URL", f"http://localhost:{env.int('PORT', 8080)}")
ALTIS_VERIFY_LINK_SECONDS = env.int("ALTIS_VERIFY_LINK_SECONDS", 3 * 24 * 3600)
ALTIS_RESET_LINK_SECONDS = env.int("ALTIS_RESET_LINK_SECONDS", 3600)
ALTIS_LOGIN_FAILURES = env.str("ALTIS_LOGIN_FAILURES", "5/300")  # per address: so many at once and in so many seconds
ALTIS_REQUIRE_TOTP = env.bool("ALTIS_REQUIRE_TOTP", False)  # staff need a second factor to enter the back-office
SESSION_COOKIE_AGE = env.int("ALTIS_STAFF_SESSION_SECONDS", 8 * 3600)  # the back-office alone has sessions
DEFAULT_FROM_EMAIL = env.str("ALTIS_EMAIL_FROM", "Altis <no-reply@altis.example>")
globals().update(env.email_url_config(env.str("ALTIS_EMAIL_URL", "consolemail://")))

# Payments
ALTIS_PAYMENT_GATEWAY = env.str("ALTIS_PAYMENT_GATEWAY", "simulator")
ALTIS_GATEWAY_TIMEOUT_SECONDS = env.float("ALTIS_GATEWAY_TIMEOUT_SECONDS", 10.0)
ALTIS_SIMULATOR_URL = env.str("ALTIS_SIMULATOR_URL", "") or _running.get("ALTIS_SIMULATOR_URL", "")
ALTIS_SIMULATOR_API_KEY = env.str("ALTIS_SIMULATOR_API_KEY", "") or _running.get("ALTIS_SIMULATOR_API_KEY", "")
ALTIS_PAYMENT_ATTEMPTS = 3

# Tests only: a file that arms failpoints (altis/store/failpoints.py)
ALTIS_FAILPOINTS_FILE = env.str("ALTIS_FAILPOINTS_FILE", "")
if PRODUCTION and ALTIS_FAILPOINTS_FILE:
    raise ImproperlyConfigured("ALTIS_FAILPOINTS_FILE is for tests: production refuses it")

# Static files and transport
STATIC_URL = "/static/"
# Outside production the files are served from where the packages keep them; production collects them first.
STATIC_ROOT = Path(env.str("ALTIS_STATIC_ROOT", str(STATE_DIR / "static"))) if PRODUCTION else None
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False
globals().update(transport.settings(env, production=PRODUCTION, proxies=ALTIS_TRUSTED_PROXY_COUNT))

# The staff account that `manage.py seed` makes
ALTIS_ADMIN_EMAIL = env.str("ALTIS_ADMIN_EMAIL", "admin@altis.example")
ALTIS_ADMIN_PASSWORD = env.str("ALTIS_ADMIN_PASSWORD", "")

SPECTACULAR_SETTINGS = openapi.SETTINGS
UNFOLD = theme.UNFOLD
LOGGING = logging_config(level=env.str("ALTIS_LOG_LEVEL", "INFO"), pretty=sys.stderr.isatty() and not PRODUCTION)
