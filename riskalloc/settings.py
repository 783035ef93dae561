"""Settings. Everything that differs between installations comes from the environment.

Outside DEBUG a missing secret refuses to start, cookies travel over HTTPS only, and hosts must be named.
"""

import tomllib
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="only-for-trying-on-this-machine" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "Set SECRET_KEY to a long random text, or DEBUG=true to try things out."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "riskalloc.firms",
    "riskalloc.web",
    "questionnaire",
    "portfolios",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.admin",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "crispy_forms",
    "csp",
    "ninja",
]
AUTH_USER_MODEL = "firms.User"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "riskalloc.web.middleware.limit_body",
    "riskalloc.web.middleware.refuse_zero_bytes",
    "riskalloc.web.middleware.explain",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "riskalloc.firms.tenancy.behind_the_wall",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "riskalloc.firms.accounts.sessions.watch",
    "riskalloc.firms.accounts.second_step.ask_for",
]
ROOT_URLCONF = "riskalloc.urls"
WSGI_APPLICATION = "riskalloc.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["riskalloc.web.templatetags.figures"],
        },
    },
    {  # letters are plain text: an ampersand stays one
        "NAME": "letters",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"autoescape": False, "builtins": ["riskalloc.web.templatetags.figures"]},
    },
]
CRISPY_TEMPLATE_PACK = "riskalloc"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("riskalloc",)

# -- Data ------------------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
database = env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'riskalloc.sqlite3'}")
if database["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock at once instead of failing halfway; FULL survives a power loss.
    # Without recursive triggers, REPLACE would delete a fact without asking the trigger that guards it.
    database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA recursive_triggers=ON;",
    }
elif env.bool("DATABASE_POOL", default=True):
    database["OPTIONS"] = {**database.get("OPTIONS", {}), "pool": True}
    database["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": database}

# Throttles count in the cache: several workers need one that they share, such as redis://.
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

# -- People and languages --------------------------------------------------------------------------------

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_REDIRECT_URL = "arrive"
LOGOUT_REDIRECT_URL = "home"
LOGIN_URL = "account_login"
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_ADAPTER = "riskalloc.firms.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60  # letters take their time
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True  # how long is ours to say: riskalloc.firms.accounts.sessions
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session goes on; the others end
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "confirm_email": "1/10s/key",
    "reset_password": "20/m/ip,5/m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
}
ACCOUNT_FORMS = {
    "login": "riskalloc.firms.accounts.forms.SignInForm",
    "signup": "riskalloc.firms.accounts.forms.SignUpForm",
    "add_email": "riskalloc.firms.accounts.forms.ChangeEmailForm",
    "change_password": "riskalloc.firms.accounts.forms.ChangePasswordForm",
    "set_password": "riskalloc.firms.accounts.forms.SetPasswordForm",
    "reset_password": "riskalloc.firms.accounts.forms.ResetForm",
    "reset_password_from_key": "riskalloc.firms.accounts.forms.NewPasswordForm",
    "reauthenticate": "riskalloc.firms.accounts.forms.ReauthenticateForm",
    "confirm_email_verification_code": "riskalloc.firms.accounts.forms.ConfirmEmailForm",
    "confirm_password_reset_code": "riskalloc.firms.accounts.forms.ConfirmResetForm",
}
MFA_ADAPTER = "riskalloc.firms.accounts.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "RiskAlloc"
MFA_TOTP_TOLERANCE = 1  # clocks differ; the forms see to it that a code still works only once
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG  # passkeys on http://localhost, for trying
MFA_FORMS = {
    "authenticate": "riskalloc.firms.accounts.forms.CodeForm",
    "reauthenticate": "riskalloc.firms.accounts.forms.CodeAgainForm",
    "activate_totp": "riskalloc.firms.accounts.forms.ActivateAppForm",
    "add_webauthn": "riskalloc.firms.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "riskalloc.firms.accounts.forms.RenamePasskeyForm",
    "authenticate_webauthn": "riskalloc.firms.accounts.forms.PasskeyForm",
    "login_webauthn": "riskalloc.firms.accounts.forms.PasskeyAloneForm",
    "reauthenticate_webauthn": "riskalloc.firms.accounts.forms.PasskeyAgainForm",
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie more
LANGUAGE_CODE = "en-us"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

# -- Letters and work in the background ------------------------------------------------------------------

# Letters are printed while trying things out; in production, smtp+tls://user:password@host:587.
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("EMAIL_FROM", default="RiskAlloc <riskalloc@localhost>")
# How letters that no request led to name a page.
SITE_URL = env(
    "SITE_URL",
    default="http://localhost:8000"
    if DEBUG
    else "https://" + next(iter(ALLOWED_HOSTS), "localhost").lstrip("."),
).rstrip("/")
# Who does what takes long; docs/deploy.md says which serves whom. Each is a backend of django-tasks.
BACKENDS = {
    "inline": "django_tasks.backends.immediate.ImmediateBackend",  # the request itself: for tests
    "process": "riskalloc.web.queues.process.ProcessBackend",  # a thread of the server
    "database": "riskalloc.web.queues.database.DatabaseBackend",  # workers on this machine
    "procrastinate": "riskalloc.web.queues.postgresql.ProcrastinateBackend",  # and on others
}
TASKS_BY = env("TASKS", default="process")
if TASKS_BY not in BACKENDS:
    raise ImproperlyConfigured(f"TASKS is one of {', '.join(BACKENDS)}; it is {TASKS_BY!r}.")
if TASKS_BY == "procrastinate" and "postgresql" not in database["ENGINE"]:
    raise ImproperlyConfigured(
        "TASKS=procrastinate needs PostgreSQL: name one in DATABASE_URL, or take TASKS=database."
    )
QUEUE_IN_DATABASE = TASKS_BY in ("database", "procrastinate")
if TASKS_BY == "database":
    INSTALLED_APPS.append("django_tasks_db")
if TASKS_BY == "procrastinate":
    INSTALLED_APPS.append("procrastinate.contrib.django")
JOB_LEASE_SECONDS = 60  # without a sign of life for so long, a worker is taken for gone
PROCRASTINATE_IMPORT_PATHS = ["riskalloc.web.queues.postgresql"]
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}  # letters have keys in them
TASKS = {
    "default": {
        "BACKEND": BACKENDS[TASKS_BY],
        "QUEUES": ["default", "jobs"],
        "OPTIONS": {"WHEN_IDLE": "riskalloc.firms.services.jobs.pick_up"}
        if TASKS_BY == "process"
        else {},
    }
}

# -- Files -----------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# -- Safety ----------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "img-src": [SELF, "data:"],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "geolocation", "microphone", "payment", "usb")
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # a result's address is its key: it is told to nobody else
X_FRAME_OPTIONS = "DENY"
MOST_BYTES = 64 * 1024  # of a form, and of a request to the API
# Holdings that are pasted or uploaded: 2 MB of text with what a form puts around it.
# And the keys of as many clients as can be worked on at once.
LARGER_BODIES = dict.fromkeys(
    (r"/p/[0-9a-f-]{36}/paste/", r"/a/prices/"), 2 * 1024 * 1024 + 128 * 1024
) | {r"/a/clients/chosen/": 512 * 1024}
DATA_UPLOAD_MAX_MEMORY_SIZE = max(LARGER_BODIES.values())  # `limit_body` keeps to the smaller ones
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
DATA_UPLOAD_MAX_NUMBER_FILES = 1
HTTPS = env.bool("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
# The longest that a session lives: riskalloc.firms.accounts.sessions ends most of them sooner.
SESSION_COOKIE_AGE = 7 * 86_400
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "riskalloc.web.errors.csrf_failure"
CLIENT_ADDRESS = "REMOTE_ADDR"
if env.bool("BEHIND_PROXY", default=False):
    # Only behind a proxy that sets both headers itself: otherwise anyone could forge them.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CLIENT_ADDRESS = "HTTP_X_REAL_IP"

# -- The product -----------------------------------------------------------------------------------------

SOFTWARE_VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
DRAFTS_PER_MINUTE = env("DRAFTS_PER_MINUTE", default="30/m")
INVITATIONS_PER_MINUTE = env("INVITATIONS_PER_MINUTE", default="30/m")
# Of one practice, by work on many clients.
BULK_LETTERS_PER_DAY = env.int("BULK_LETTERS_PER_DAY", default=500)
API_REQUESTS_PER_MINUTE = env("API_REQUESTS_PER_MINUTE", default="600/m")
RESULT_DAYS = env.int("RESULT_DAYS", default=30)
DRAFT_DAYS = env.int("DRAFT_DAYS", default=30)
CONTACT = env("CONTACT", default="")
# A sentence here closes the questionnaire, say for maintenance; results stay open.
CLOSED = env("CLOSED", default="")
