"""Fifty people edit one portfolio at the same time, over HTTP: nothing that was acknowledged is lost.

A longer run, as in docs/measured.md:

    EDITING_MINUTES=10 EDITED_HOLDINGS=200 python -m pytest --log-cli-level=INFO <this file>
"""

import logging
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection, connections

from benchmarks.serving import served
from portfolios.models import Holding
from riskalloc.firms.models import AuditEntry, Firm
from riskalloc.firms.verification import verify
from tests.erasing import erase_facts
from tests.factories import ClientFactory, assign
from tests.firms.people import browser_of
from tests.portfolios.many import Editor, Place, broken_promises, refusals, until
from tests.portfolios.people import account_for, aimed, held, portfolio_for, security_of
from tests.portfolios.replaying import differences, replayed
from tests.portfolios.whole import wrong_figures

MINUTES = float(os.environ.get("EDITING_MINUTES", 0))
HOLDINGS = int(os.environ.get("EDITED_HOLDINGS", 40))
EDITORS, STEPS = 50, 6  # each so many, where no minutes are given
SYMBOLS = (
    *("VOO", "VEA", "VWO", "AGG", "VNQ", "VTI", "BND", "VXUS"),
    *("SCHD", "TIP", "GLD", "IEF"),
)
CSRF = "c" * 32
logger = logging.getLogger(__name__)

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.usefixtures("socket_enabled")]


@pytest.fixture
def database(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """The address of the tests' database, which other processes can open."""
    if connection.vendor == "postgresql":
        address = urlsplit(os.environ["DATABASE_URL"])
        folder = address.path.rpartition("/")[0]
        yield urlunsplit(address._replace(path=f"{folder}/{connection.settings_dict['NAME']}"))
        erase_facts()
        return
    file, memory = tmp_path / "editors.sqlite3", connections["default"]
    with memory.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    there = connections.create_connection("default")
    there.settings_dict = {**memory.settings_dict, "NAME": str(file)}
    connections["default"] = there
    yield f"sqlite:///{file}"
    there.close()
    connections["default"] = memory


@pytest.fixture
def place(database: str) -> Place:
    """A client's portfolio with so many holdings, on target."""
    client = ClientFactory()
    portfolio = portfolio_for(client)
    account = account_for(portfolio)
    securities = [
        security_of(portfolio, symbol, f"{10 + 7 * number}.5")
        for number, symbol in enumerate(SYMBOLS)
    ]
    aimed(portfolio)
    keys = [
        str(held(account, securities[number % len(SYMBOLS)], str(number + 1)).pk)
        for number in range(HOLDINGS)
    ]
    return Place(portfolio, account, SYMBOLS, keys)


def editors_of(place: Place) -> list[Editor]:
    """Advisors of the client, signed in."""
    found = []
    for number in range(1, EDITORS + 1):
        user = assign(place.portfolio.client)
        cookies = {name: cookie.value for name, cookie in browser_of(user).cookies.items()}
        cookies[settings.CSRF_COOKIE_NAME] = CSRF
        found.append(Editor(number, user.pk, cookies, CSRF, place))
    return found


def environment(database: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "tests.served",
        "DATABASE_URL": f"{database}?conn_max_age=600",
        "DATABASE_POOL": "false",  # a connection for each of them, so that all meet in the database
        "SECRET_KEY": settings.SECRET_KEY,
        "DEBUG": "true",
    }


def workers() -> tuple[str, ...]:
    """With PostgreSQL, so many that all meet in the database; on SQLite one writes at a time anyway."""
    threads = EDITORS // 2 if connection.vendor == "postgresql" else 4
    return (
        *("--preload", "--workers", "2"),
        *("--threads", str(threads), "--worker-class", "gthread"),
    )


def all_at_once(editors: list[Editor], port: int) -> None:
    start, goes_on = Barrier(len(editors)), until(MINUTES * 60, STEPS)
    threads = [Thread(target=one.work, args=(port, start, goes_on)) for one in editors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_fifty_people_edit_one_portfolio_and_nothing_is_lost(
    place: Place, database: str, tmp_path: Path
) -> None:
    editors, log = editors_of(place), tmp_path / "log"
    before = AuditEntry.objects.latest("pk").pk
    with served(environment(database), *workers(), log=log) as server:
        all_at_once(editors, server.port)
    firm = Firm.objects.get(pk=place.portfolio.firm_id)
    replay = replayed(firm.pk)
    entries = list(AuditEntry.objects.filter(pk__gt=before).order_by("seq"))
    logger.info("%s\n%s", told(editors, entries), log.read_text()[-5_000:])
    assert refusals(editors, replay) == []
    assert replay.faults == []
    assert differences(replay, place.portfolio) == []
    assert list(broken_promises(editors, entries, replay)) == []
    assert wrong_figures() == []
    assert verify().faults == []
    assert Holding.objects.filter(portfolio=place.portfolio).exclude(version=1).exists()


def told(editors: list[Editor], entries: list[AuditEntry]) -> str:
    """For people who run it longer."""
    deeds = [deed for one in editors for deed in one.deeds]
    acknowledged = sum(deed.is_acknowledged for deed in deeds)
    by_answer = sorted(Counter((deed.act, deed.status) for deed in deeds).items())
    looks = sum((one.looks for one in editors), Counter())
    lines = [f"{act} {status}: {count}" for (act, status), count in by_answer]
    said = f"{acknowledged:,} acknowledged of {len(deeds):,} sent, {len(entries):,} entries in the trail"
    return "\n".join([said, *lines, f"looked: {dict(looks)}"])
