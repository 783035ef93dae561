"""The settings of a production server, in a process of their own."""

import os
import subprocess
import sys

from django.conf import settings

PRODUCTION = {"SECRET_KEY": "a-made-up-secret-" * 5, "ALLOWED_HOSTS": "example.org"}
FROM_DEVELOPMENT = ("DEBUG", "SECRET_KEY", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if k not in FROM_DEVELOPMENT}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_settings_have_nothing_to_complain_about():
    check = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert check.returncode == 0, check.stderr


def test_without_a_secret_production_refuses_to_start():
    check = manage("check")
    assert check.returncode != 0
    assert "Set SECRET_KEY" in check.stderr


def test_cookies_of_production_are_bound_to_the_host_and_to_https():
    show = "from django.conf import settings as s; from questionnaire.views.drafts import COOKIE; "
    show += "print(COOKIE, s.CSRF_COOKIE_NAME, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT)"
    shell = manage("shell", "--verbosity", "0", "--command", show, **PRODUCTION)
    assert shell.stdout.split() == ["__Host-draft", "__Host-csrf", "True", "True"], shell.stderr
