"""Django's settings, from the environment; everything has a default that works on one box."""

import os
from datetime import timedelta
from pathlib import Path

from siaga.config.environment import flag, home, listed, phone_socket, secret_key
from siaga.kernel.postgres import database_urls, django_database

BASE_DIR = Path(__file__).resolve().parents[1]
SIAGA_HOME = home()
SIAGA_DEMO = flag("SIAGA_DEMO")
SIAGA_REQUIRE_MFA = flag("SIAGA_REQUIRE_MFA", default=not SIAGA_DEMO)
DEBUG = flag("SIAGA_DEBUG")
SECRET_KEY = secret_key()
ALLOWED_HOSTS = listed("SIAGA_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = listed("SIAGA_TRUSTED_ORIGINS")
PUBLIC_URL = os.environ.get("SIAGA_PUBLIC_URL", "http://127.0.0.1:8112")
TRACKING_PATH = "/{region}/track/{code}/"  # of the citizen face; a test holds them equal
HTTPS = PUBLIC_URL.startswith("https://")
PHONE_SOCKET = phone_socket(PUBLIC_URL)

# The roots of what is data, not code; each may live in its own repository.
PROJECT_DIR = BASE_DIR.parents[1]
PROFILES_DIR = Path(os.environ.get("SIAGA_PROFILES", PROJECT_DIR / "profiles"))
CONTENT_DIR = Path(os.environ.get("SIAGA_CONTENT", PROJECT_DIR / "content"))
MEDIA_ROOT = SIAGA_HOME / "media"

INSTALLED_APPS = [
    "siaga.journal",
    "siaga.regions",
    "siaga.accounts",
    "siaga.protocols",
    "siaga.workforce",
    "siaga.telephony",
    "siaga.messaging",
    "siaga.intake",
    "siaga.triage",
    "siaga.dispatch",
    "siaga.followup",
    "siaga.oversight",
    "siaga.web.shared",
    "siaga.web.accounts",
    "siaga.web.console",
    "siaga.web.agency",
    "siaga.web.citizen",
    "siaga.web.control",
    "siaga.web.api",
    "siaga.edge",
    "siaga.config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "ninja",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "siaga.kernel.observability.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "siaga.web.accounts.middleware.LanguageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "siaga.web.accounts.middleware.RegionMiddleware",
    "siaga.web.shared.middleware.ErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "siaga.config.urls"
WSGI_APPLICATION = "siaga.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "siaga.web.shared.context.shell",
            ],
        },
    }
]

_urls = database_urls()
_role = os.environ.get("SIAGA_DB_ROLE", "app")
DATABASES = {"default": django_database(_urls.owner if _role == "owner" else _urls.app)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# How many reports one address may send in an hour; a third of it without JavaScript.
CITIZEN_REPORTS_PER_HOUR = 5_000 if SIAGA_DEMO else 15

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS: list[Path] = []  # each room and face carries its own words
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"

STATIC_URL = "/static/"
STATICFILES_DIRS = [("siaga", BASE_DIR / "web/static/siaga")]
STATIC_ROOT = SIAGA_HOME / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

AUTH_USER_MODEL = "accounts.Person"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts_home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "siaga.web.shared.errors.csrf_failed"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"

# -- sign-in (siaga.web.accounts) ------------------------------------------------------------------
SIAGA_IDLE_LOCK_SECONDS = int(os.environ.get("SIAGA_IDLE_LOCK_SECONDS", "900"))
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "siaga.accounts.passwords.PlainPatternValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name")},
    },
]
SESSION_COOKIE_AGE = 14 * 3600  # set anew at each sign-in from the person's roles
ACCOUNT_ADAPTER = "siaga.web.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = True  # the form sets the time anew
ACCOUNT_FORMS = {
    "login": "siaga.web.accounts.forms.SignInForm",
    "change_password": "siaga.web.accounts.forms.PasswordForm",
}
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "30/5m/ip,30/5m/key"}
MFA_ADAPTER = "siaga.web.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Siaga 112"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers allow this on localhost only
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "siaga.web.accounts.lockout.locked_out"
AXES_USERNAME_CALLABLE = "siaga.web.accounts.lockout.username_of"
AXES_CLIENT_STR_CALLABLE = "siaga.web.accounts.lockout.anonymous_client"
AXES_CLIENT_IP_CALLABLE = "siaga.web.accounts.desk.client_ip"
AXES_USERNAME_FORM_FIELD = "username"
AXES_SENSITIVE_PARAMETERS = ["login", "username", "password", "ip_address"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # the journal has it
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# -- end of sign-in --------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", PHONE_SOCKET.removesuffix("/ws")],
        "worker-src": ["'self'", "blob:"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

PROCRASTINATE_ON_APP_READY = None
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"  # the cabinet where rooms keep theirs
LOGGING_CONFIG = None  # structlog takes over, see siaga.kernel.observability
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
