"""The product's settings, less what a test must not wait for or share."""

import os

os.environ.setdefault("DEBUG", "true")  # the development settings; pytest-django turns DEBUG off
os.environ.setdefault("TASKS", "inline")  # no test waits for a thread

from riskalloc.settings import *  # noqa: F403

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # argon2 is slow by design
WHITENOISE_AUTOREFRESH = True  # tests run without `collectstatic`
