"""Prices change while a client goes: nothing waits in a circle, and nothing is lost."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections

from portfolios.models import CLASSES, DayValue, Holding, Security, Standing
from portfolios.services.securities import set_classes, set_price
from questionnaire.models import ClientProfile
from questionnaire.services.leaving import delete_client, leave_firm
from riskalloc.firms.audit import By
from riskalloc.firms.verification import verify
from tests.erasing import erase_facts
from tests.factories import ClientFactory, FirmFactory, make_own_client
from tests.portfolios.whole import (
    BY,
    MADE_BY,
    PRICED_ON,
    make_whole,
    priced,
    strays,
    wrong_figures,
)

pytestmark = pytest.mark.postgresql  # elsewhere there is one writer at a time


@pytest.fixture
def _committed(transactional_db: None) -> Any:
    yield
    erase_facts()


def in_parallel(*acts: Callable[[], object]) -> list[str]:
    """What went wrong, but for what is gone or has changed meanwhile."""
    start, wrong = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(10)
            act()
        except Exception as error:
            wrong.append(f"{type(error).__name__}: {error}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return wrong


def price_again(security: Security, prices: range) -> None:
    for price in prices:
        fresh = Security.objects.get(pk=security.pk)
        set_price(
            security=fresh,
            price=Decimal(price),
            priced_on=PRICED_ON,
            source="typed",
            version=fresh.version,
            by=By(),
        )


def class_again(security: Security, turns: int) -> None:
    for turn in range(turns):
        fresh = Security.objects.get(pk=security.pk)
        name = CLASSES[turn % len(CLASSES)]
        set_classes(
            security=fresh, per_class={name: 10_000}, name="x", version=fresh.version, by=By()
        )


@pytest.mark.usefixtures("_committed")
@pytest.mark.parametrize("go", [leave_firm, delete_client])
@pytest.mark.parametrize("turn", range(5))
def test_prices_change_while_a_client_goes(go: Callable[..., object], turn: int) -> None:
    firm = FirmFactory()
    client, neighbour = make_own_client(firm=firm, email=MADE_BY), ClientFactory(firm=firm)
    make_whole(client)
    make_whole(neighbour)
    voo, vxus = (Security.objects.get(firm=firm, symbol=name) for name in ("VOO", "VXUS"))
    wrong = in_parallel(
        lambda: price_again(voo, range(561, 576)),
        lambda: class_again(vxus, 15),
        lambda: go(client=client, by=BY),
    )
    assert wrong == []
    assert Security.objects.get(pk=voo.pk).price == 575
    assert wrong_figures() == strays() == []
    if go is leave_firm:
        mine = Security.objects.get(firm=ClientProfile.objects.get(pk=client.pk).firm, symbol="VOO")
        assert 560 <= mine.price <= 575
        held = Holding.objects.get(client=client, security=mine)
        assert held.value == 125 * mine.price
        assert DayValue.objects.filter(client=client).latest("day").value == (
            Standing.objects.get(client=client).value
        )
    assert verify().faults == []


@pytest.mark.usefixtures("_committed")
def test_somebody_on_their_own_deletes_everything_while_their_prices_change() -> None:
    client = make_own_client(email=MADE_BY)
    portfolio = make_whole(client)
    held, unheld = Security.objects.get(symbol="VOO"), priced(portfolio, "AGG", "100")
    wrong = in_parallel(
        lambda: price_again(held, range(561, 700)),
        lambda: price_again(unheld, range(101, 300)),
        lambda: delete_client(client=client, by=BY),
    )
    assert {text.partition(":")[0] for text in wrong} <= {"Gone", "DoesNotExist"}
    assert not Security.objects.exists()
    assert not Standing.objects.exists()
