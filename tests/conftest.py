"""What holds for every test: where it may run, what it may not touch, and how hard it searches."""

import gc
import os
from collections.abc import Callable, Generator, Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from tests import as_app

NO_SKIP = "RISKALLOC_NO_SKIP"
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}

# No deadline: two processes share two cores, and a slow moment is not a wrong result.
hypothesis_settings.register_profile(
    "dev", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.register_profile(
    "ci",
    parent=hypothesis_settings.get_profile("dev"),
    max_examples=1000,
    derandomize=True,  # the same commit gives the same answer
    database=None,
    print_blob=True,
)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_collection_finish() -> None:
    """What has been imported and collected stays until the end: no use looking through it for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only", action="store_true", help="run only the tests that use the database"
    )


def pytest_report_header() -> str:
    return f"database: {settings.DATABASES['default']['ENGINE']}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    def select(keep: Callable[[pytest.Item], bool]) -> None:
        config.hook.pytest_deselected(items=[item for item in items if not keep(item)])
        items[:] = filter(keep, items)

    if config.getoption("--database-only"):
        select(uses_database)
    if "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
        select(lambda item: item.get_closest_marker("postgresql") is None)


def uses_database(item: pytest.Item) -> bool:
    is_django_case = issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
    fixtures = getattr(item, "fixturenames", ())
    is_marked = item.get_closest_marker("django_db") is not None
    return is_django_case or is_marked or not DATABASE_FIXTURES.isdisjoint(fixtures)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where skipping is forbidden, a skipped test is a failed one."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get(NO_SKIP):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which {NO_SKIP} forbids: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Requests and commands run as the application's role, wherever there is one."""
    if "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
        yield
        return
    with django_db_blocker.unblock():
        as_app.prepare()
    with as_app.everywhere():
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Throttles count in the cache; no test pays for the one before it."""
    yield
    cache.clear()
