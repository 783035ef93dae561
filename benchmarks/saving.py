"""Saving one holding over HTTP, beside a floor that makes the same queries and writes."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path
from time import perf_counter_ns
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benchmarks.pages import CSRF_SECRET, Answer, answered
from benchmarks.rounds import Pair
from benchmarks.serving import Browser, connected, htmx, served
from portfolios.models import Account, Holding, Portfolio, Security
from portfolios.services.portfolios import add_account, create_portfolio
from portfolios.services.securities import built_in, security_for, set_price
from portfolios.services.targets import set_target
from questionnaire.models import ClientProfile
from riskalloc.engine.amounts import plain
from riskalloc.engine.assets import AssetClass
from riskalloc.firms.audit import By
from riskalloc.firms.models import User
from riskalloc.firms.services.founding import found_personal_firm

FEW, MANY = 30, 300
ACCOUNTS = 3
REPEATS = 5
HOST = "testserver"
# As a proxy that ends HTTPS hands them over.
HEADERS = {"Host": HOST, "Origin": f"https://{HOST}", "X-Forwarded-Proto": "https"}
TARGET = dict(zip(AssetClass, (30, 5, 12, 5, 15, 8, 6, 5, 2, 6, 2, 2, 2), strict=True))
TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE) "?([a-z_]+)"?')


class Unfair(Exception):
    """A floor that does not do what saving does."""


@dataclass
class Saver:
    """Somebody in front of one row; each time it is saved with another quantity."""

    holding: Holding
    cookies: dict[str, str]
    count: int
    version: int = 1
    size: int = 0
    browser: Browser | None = field(default=None, repr=False)

    @property
    def product(self) -> str:
        return reverse("holding_edit", args=[self.holding.portfolio_id, self.holding.pk])

    @property
    def floor(self) -> str:
        where = [self.holding.portfolio_id, self.holding.pk, self.size]
        return reverse("floor_saving", args=where)

    def form(self) -> dict[str, object]:
        """What the row sends; the floor goes one version on as well."""
        security = self.holding.security
        self.version += 1
        return {
            "symbol": security.symbol,
            "account": self.holding.account_id,
            "quantity": f"{100 + self.version % 7}.{self.version}",
            "price": plain(security.price or Decimal(0)),
            "shown_price": plain(security.price or Decimal(0)),
            "price_currency": security.currency,
            "version": self.version - 1,
            "security_version": security.version,
            "role": "tradable",
        }

    def send(self, address: str) -> Answer:
        assert self.browser is not None
        answer = self.browser.post(address, self.form(), **htmx(f"h-{self.holding.pk}"))
        if answer.status != 200:
            raise Unfair(f"{address} answered {answer.status}: {answer.text[:500]}")
        return Answer(status=answer.status, body=answer.body, tables=[])

    def answer(self, address: str) -> Answer:
        """In this process, where the queries can be seen."""
        client = Client(headers={**HEADERS, **htmx(f"h-{self.holding.pk}")})
        client.cookies.load(self.cookies)
        fields = {"csrfmiddlewaretoken": CSRF_SECRET, **self.form()}
        with CaptureQueriesContext(connection) as captured:
            response = client.post(address, fields, secure=True)
        tables = [TABLE.findall(query["sql"]) for query in captured.captured_queries]
        return Answer(
            status=response.status_code,
            body=response.content,
            tables=[found[0] for found in tables if found],
        )


# -- Rows -------------------------------------------------------------------------------------------------


def person() -> tuple[ClientProfile, dict[str, str]]:
    """On their own, with answers, and signed in."""
    user = User.objects.create_user("demo-saver@example.org", "a made-up password")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    membership = found_personal_firm(user=user, by=By())
    of_firm = {"firm": membership.firm, "membership": membership}
    client = ClientProfile.objects.create(name="Demo client", **of_firm)
    _, result = answered()
    client.ownerships.create(firm=client.firm, assessment=result)
    browser = Client()
    browser.force_login(user)
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    return client, {**cookies, settings.CSRF_COOKIE_NAME: CSRF_SECRET}


def portfolio_with(client: ClientProfile, count: int) -> Holding:
    """So many holdings of the built-in list's funds, with a target; one of the first."""
    values = {"name": f"{count} holdings", "currency": "USD"}
    portfolio = create_portfolio(client=client, portfolio_id=uuid4(), values=values, by=By())
    accounts = [account_in(portfolio, number) for number in range(ACCOUNTS)]
    symbols = [symbol for group in built_in().groups for symbol in group.securities]
    securities = [priced(portfolio, symbol) for symbol in symbols[:count]]
    Holding.objects.bulk_create(
        holding_in(accounts[number % ACCOUNTS], securities[number % len(securities)], number)
        for number in range(count)
    )
    percents = {str(name): Decimal(part) for name, part in TARGET.items()}
    set_target(portfolio=portfolio, target_id=uuid4(), percents=percents, by=By())
    rows = portfolio.holdings.select_related("security", "account").order_by("created_at")
    return rows[count // 10]


def account_in(portfolio: Portfolio, number: int) -> Account:
    values = {"name": f"Account {number}", "currency": "USD", "cash": Decimal(1000 + number)}
    return add_account(portfolio=portfolio, account_id=uuid4(), values=values, by=By())


def priced(portfolio: Portfolio, symbol: str) -> Security:
    security = security_for(firm=portfolio.firm, symbol=symbol, by=By())
    if security.price is not None:
        return security
    return set_price(
        security=security,
        price=Decimal(20 + len(symbol)),
        priced_on=timezone.localdate(),
        source="typed",
        version=security.version,
        by=By(),
    )


def holding_in(account: Account, security: Security, number: int) -> Holding:
    quantity = Decimal(10 + number % 50)
    return Holding(
        firm=account.firm,
        client=account.client,
        portfolio=account.portfolio,
        account=account,
        security=security,
        quantity=quantity,
        value=quantity * (security.price or Decimal(0)),
    )


# -- Measuring --------------------------------------------------------------------------------------------


def savers(counts: Sequence[int] = (FEW, MANY)) -> list[Saver]:
    client, cookies = person()
    return [Saver(portfolio_with(client, count), cookies, count) for count in counts]


def check(saver: Saver) -> tuple[int, int]:
    """Bytes and queries of a save; Unfair where the floor's are others."""
    for _ in range(2):  # what is asked for once is asked for here
        ours = saver.answer(saver.product)
        saver.size = len(ours.body)
        floor = saver.answer(saver.floor)
    if ours.status != 200 or floor.status != 200:
        raise Unfair(f"They answered {ours.status} and {floor.status}.")
    if ours.tables != floor.tables:
        raise Unfair(f"These are not the same:\n{ours.tables}\n{floor.tables}")
    return saver.size, len(ours.tables)


@contextmanager
def at_work(savers: list[Saver], folder: Path) -> Iterator[list[Pair]]:
    """Pairs to be timed, with one worker that serves both: by the wall's clock, and its processor time."""
    connections.close_all()
    environment = {
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "STATIC_FILES": str(folder / "static"),
        "BEHIND_PROXY": "true",
    }
    options = (
        "--workers",
        "1",
        "--threads",
        "1",
        "--worker-class",
        "gthread",
        "--keep-alive",
        "60",
    )
    with (
        served(environment, *options, log=folder / "log") as server,
        connected(server.port) as connection,
    ):
        for saver in savers:
            saver.browser = Browser(
                connection=connection, cookies=saver.cookies, csrf=CSRF_SECRET, headers=HEADERS
            )
        yield [
            Pair(
                name=name.format(saver.count),
                floor=partial(saver.send, saver.floor),
                product=partial(saver.send, saver.product),
                repeats=REPEATS,
                clock=clock,
            )
            for saver in savers
            for name, clock in (
                ("Saving one of {}", perf_counter_ns),
                ("its processor time", server.processor_ns),
            )
        ]
