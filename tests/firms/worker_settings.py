"""For workers that a test starts: the product's settings, with a kind of work that only tests have."""

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "tests.firms.worker_urls"
JOB_LEASE_SECONDS = 2
DATABASES["default"].get("OPTIONS", {}).pop("pool", None)  # noqa: F405  # few connections
