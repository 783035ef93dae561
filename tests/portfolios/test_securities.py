"""Securities of a firm: found, made once, classed, and priced for everybody who holds them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import cycle
from typing import Any

import pytest
from django.db import IntegrityError

from portfolios.models import CLASSES, WHOLE, Holding, HoldingRole, Portfolio, Security, Standing
from portfolios.services.locking import ChangedMeanwhile
from portfolios.services.securities import (
    clean_symbol,
    find_securities,
    find_security,
    may_classify,
    may_price,
    security_for,
    set_classes,
    set_price,
)
from portfolios.services.standing import keep
from portfolios.valuing import TooLarge
from riskalloc.firms.audit import By
from riskalloc.firms.models import AuditEntry, Firm, Role
from riskalloc.web.errors import Gone
from tests.erasing import erase_facts
from tests.factories import ClientFactory, FirmFactory, assign
from tests.firms.people import at_the_same_time
from tests.portfolios.factories import (
    AccountFactory,
    HoldingFactory,
    SecurityFactory,
    own_client,
    rate,
    seen_at_the_desk,
    seen_by,
)

pytestmark = pytest.mark.django_db
BY = By(name="desk@example.org")
TODAY = date(2026, 11, 21)


@pytest.fixture
def firm() -> Firm:
    return FirmFactory()


def made(firm: Firm, symbol: str, name: str = "", **values: Any) -> Security:
    return security_for(firm=firm, symbol=symbol, name=name, by=BY, **values)


def priced(security: Security, price: str, **values: Any) -> Security:
    values = {"version": security.version, "priced_on": TODAY, "source": "typed", **values}
    return set_price(security=security, price=Decimal(price), by=BY, **values)


# -- Finding and making -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "symbol"),
    [(" vti ", "VTI"), ("BRK.B", "BRK.B"), ("Total  Bond\u00a0Fund", "Total Bond Fund")],
)
def test_a_ticker_is_kept_in_capitals_and_other_names_as_they_are(typed: str, symbol: str) -> None:
    assert clean_symbol(typed) == symbol


@pytest.mark.parametrize("symbol", ["VTI", "vti", " Vti\t"])
def test_a_security_is_found_by_its_symbol_in_any_case(firm: Firm, symbol: str) -> None:
    security = SecurityFactory(firm=firm, symbol="VTI")
    SecurityFactory(symbol="VTI")  # another firm's
    assert find_security(firm=firm, symbol=symbol) == security
    assert made(firm, symbol) == security


def test_many_are_found_by_the_symbols_that_were_asked_for(firm: Firm) -> None:
    vti, house = (SecurityFactory(firm=firm, symbol=symbol) for symbol in ("VTI", "Häuschen"))
    SecurityFactory(symbol="BND")
    found = find_securities(firm=firm, symbols=["vti", "VTI", "Häuschen", "BND", ""])
    assert found == {"vti": vti, "VTI": vti, "Häuschen": house}


def test_a_listed_fund_brings_its_name_and_classes_as_a_guess(firm: Firm) -> None:
    security = made(firm, "vxus")
    assert (security.symbol, security.name) == ("VXUS", "Vanguard Total International Stock ETF")
    assert security.per_class() == {"intl_developed": 7_300, "emerging": 2_700}
    assert security.is_guessed
    assert security.price is None


def test_an_unlisted_one_is_guessed_by_its_name(firm: Firm) -> None:
    security = made(firm, "BRBX40", "Demo 401(k) Bond Index")
    assert security.per_class() == {"us_aggregate": WHOLE}
    assert security.is_guessed


def test_a_name_may_be_its_own_symbol(firm: Firm) -> None:
    assert made(firm, "Government Money Market").per_class() == {"cash": WHOLE}


def test_what_says_nothing_stays_unclassified(firm: Firm) -> None:
    security = made(firm, "NVLT", "Northvault Systems Inc")
    assert (security.per_class(), security.unclassified) == ({}, WHOLE)
    assert not security.is_guessed


def test_what_was_added_is_in_the_trail_once(firm: Firm) -> None:
    client = ClientFactory(firm=firm)
    for _ in range(5):
        made(firm, "VTI", currency="EUR", about=client)
    (entry,) = AuditEntry.objects.filter(firm=firm)
    assert (entry.action, entry.about) == ("security added", client.pk)
    assert entry.after == {
        "symbol": "VTI",
        "name": "Vanguard Total Stock Market ETF",
        "currency": "EUR",
        "is_guessed": True,
        "us_large_cap": 8_800,
        "us_small_cap": 1_200,
    }


def test_what_no_constraint_lets_in_is_not_taken_for_made(firm: Firm) -> None:
    with pytest.raises((ValueError, IntegrityError)):
        made(firm, "VTI", currency="usd")


@pytest.fixture
def _committed(transactional_db: None) -> Iterator[None]:
    yield
    erase_facts()


@pytest.mark.postgresql  # SQLite lets one write at a time
@pytest.mark.usefixtures("_committed")
def test_asked_for_at_once_it_is_made_once() -> None:
    firm, symbols = FirmFactory(), cycle(["VTI", "vti", " Vti"])
    outcomes = at_the_same_time(8, lambda: made(firm, next(symbols)))
    assert outcomes == ["Security"] * 8
    assert Security.objects.count() == 1
    assert AuditEntry.objects.filter(action="security added").count() == 1


# -- Who may ----------------------------------------------------------------------------------------------


def test_the_desk_prices_and_classes_what_anybody_holds(firm: Firm) -> None:
    client = seen_at_the_desk(ClientFactory(firm=firm))
    security = HoldingFactory(account__portfolio__client__firm=firm).security
    assert may_price(security, client)
    assert may_classify(security, client)


def test_a_reader_may_neither(firm: Firm) -> None:
    client = ClientFactory(firm=firm)
    client = seen_by(assign(client, Role.READER), client)
    security = SecurityFactory(firm=firm, price=None, priced_on=None)
    assert not may_price(security, client)
    assert not may_classify(security, client)


def test_a_person_in_a_firm_of_one_always_may() -> None:
    client = own_client()
    security = SecurityFactory(firm=client.firm)
    assert may_price(security, client)
    assert may_classify(security, client)


def test_a_client_of_a_practice_may_where_nobody_else_holds_it(firm: Firm) -> None:
    client = own_client(firm=firm)
    security = SecurityFactory(firm=firm)
    HoldingFactory(account__portfolio__client=client, security=security)
    assert may_price(security, client)
    assert may_classify(security, client)
    theirs = HoldingFactory(account__portfolio__client__firm=firm, security=security)
    assert not may_price(security, client)
    assert not may_classify(security, client)
    Holding.objects.filter(pk=theirs.pk).update(deleted_at=theirs.created_at)
    assert may_price(security, client)


def test_a_client_of_a_practice_may_set_the_first_price(firm: Firm) -> None:
    client = own_client(firm=firm)
    security = SecurityFactory(firm=firm, price=None, priced_on=None)
    typed = {"security": security, "quantity": None, "typed_value": Decimal(5)}
    HoldingFactory(account__portfolio__client__firm=firm, **typed)
    assert may_price(security, client)
    assert not may_classify(security, client)


# -- Prices -----------------------------------------------------------------------------------------------


def test_a_price_revalues_every_holding_of_it_in_the_firm(firm: Firm) -> None:
    security = SecurityFactory(firm=firm)
    holdings = [
        HoldingFactory(account__portfolio__client__firm=firm, security=security, quantity=units)
        for units in (Decimal(10), Decimal("0.00000001"), Decimal(0))
    ]
    priced(security, "312.505")
    values = [Holding.objects.get(pk=holding.pk).value for holding in holdings]
    assert values == [Decimal("3125.05"), Decimal(0), Decimal(0)]
    (row,) = Security.objects.all()
    assert (row.price, row.priced_on, row.price_source) == (Decimal("312.505"), TODAY, "typed")
    assert row.version == 2


def test_exactly_the_affected_portfolios_are_refreshed(firm: Firm) -> None:
    security = SecurityFactory(firm=firm)
    affected = HoldingFactory(account__portfolio__client__firm=firm, security=security)
    same_portfolio = HoldingFactory(account=affected.account, quantity=Decimal(1))
    by_value = HoldingFactory(
        account__portfolio__client__firm=firm,
        security=security,
        quantity=None,
        typed_value=Decimal(50),
    )
    deleted = HoldingFactory(
        account__portfolio__client__firm=firm,
        security=security,
        deleted_at=affected.created_at,
    )
    other_firm = HoldingFactory()
    for portfolio in Portfolio.objects.select_related("policy"):
        keep(portfolio)
    before = dict(Standing.objects.values_list("pk", "refreshed_at"))
    priced(security, "150")
    after = dict(Standing.objects.values_list("pk", "refreshed_at"))
    assert [key for key in after if after[key] != before[key]] == [affected.portfolio_id]
    assert Standing.objects.get(pk=affected.portfolio_id).value == Decimal(1_600)
    values = dict(Holding.objects.values_list("pk", "value"))
    assert values[same_portfolio.pk] == 100
    assert values[by_value.pk] == 50
    assert values[deleted.pk] == 1_000
    assert values[other_firm.pk] == 1_000


def test_a_price_in_another_currency_counts_at_the_rate_of_each_portfolio(firm: Firm) -> None:
    security = SecurityFactory(firm=firm, currency="EUR", price=Decimal(1))
    accounts = [AccountFactory(portfolio__client__firm=firm) for _ in range(2)]
    for account, typed in zip(accounts, ("1.12", "1.13"), strict=True):
        rate(account.portfolio, "EUR", typed)
        HoldingFactory(account=account, security=security)
    priced(security, "2")
    values = [account.holdings.get().value for account in accounts]
    assert values == [Decimal("22.40"), Decimal("22.60")]


def test_frozen_and_excluded_holdings_are_revalued_too(firm: Firm) -> None:
    security = SecurityFactory(firm=firm)
    for role in (HoldingRole.FROZEN, HoldingRole.EXCLUDED):
        HoldingFactory(account__portfolio__client__firm=firm, security=security, role=role)
    priced(security, "1")
    assert set(Holding.objects.values_list("value", flat=True)) == {Decimal(10)}


def test_a_price_that_somebody_changed_meanwhile_is_a_conflict_with_theirs(firm: Firm) -> None:
    security = SecurityFactory(firm=firm)
    priced(security, "110")
    with pytest.raises(ChangedMeanwhile) as conflict:
        priced(security, "120")
    assert conflict.value.theirs.price == 110


def test_the_same_price_sent_again_is_no_conflict_and_no_entry(firm: Firm) -> None:
    security = SecurityFactory(firm=firm)
    for price in ("110", "110.00", "110"):
        priced(security, price)
    assert AuditEntry.objects.filter(action="price set").count() == 1
    assert Security.objects.get().version == 2


def test_a_price_is_in_the_trail_with_what_it_was(firm: Firm) -> None:
    client = ClientFactory(firm=firm)
    priced(SecurityFactory(firm=firm, symbol="VTI"), "312.5", about=client)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.about) == ("price set", client.pk)
    assert entry.before == {"price": "100.00000000", "priced_on": "2026-09-30"}
    assert entry.after == {"price": "312.5", "priced_on": "2026-11-21"}


def test_a_price_that_makes_too_much_of_a_holding_changes_nothing(firm: Firm) -> None:
    holding = HoldingFactory(quantity=Decimal(10) ** 9)
    with pytest.raises(TooLarge):
        priced(holding.security, "10000")
    assert Security.objects.get().price == 100
    assert Holding.objects.get().value == Decimal(10) ** 11


def test_a_security_that_is_gone_is_said_to_be_gone(firm: Firm) -> None:
    security = SecurityFactory(firm=firm)
    Security.objects.all().delete()
    with pytest.raises(Gone):
        priced(security, "1")


# -- Classes ----------------------------------------------------------------------------------------------


def classed(security: Security, **per_class: int) -> Security:
    return set_classes(
        security=security,
        per_class=per_class,
        name="Looked up",
        version=security.version,
        by=BY,
    )


def test_classes_that_a_person_typed_are_no_guess_any_more(firm: Firm) -> None:
    holding = HoldingFactory(security__is_guessed=True)
    classed(holding.security, emerging=4_000, cash=1)
    row = Security.objects.get()
    assert (row.per_class(), row.unclassified) == ({"emerging": 4_000, "cash": 1}, 5_999)
    assert (row.is_guessed, row.name, row.version) == (False, "Looked up", 2)
    assert Standing.objects.get().per_class() == {"emerging": 400_000_000, "cash": 100_000}
    entry = AuditEntry.objects.get()
    assert entry.before["us_large_cap"] == WHOLE
    assert entry.after == {
        "name": "Looked up",
        "is_guessed": False,
        "us_large_cap": 0,
        "emerging": 4_000,
        "cash": 1,
    }


def test_a_guess_may_be_confirmed(firm: Firm) -> None:
    security = made(firm, "VOO")
    confirmed = set_classes(
        security=security,
        per_class=security.per_class(),
        name=security.name,
        version=security.version,
        by=BY,
    )
    assert not confirmed.is_guessed


def test_classes_that_changed_meanwhile_are_a_conflict_unless_they_are_the_same(firm: Firm) -> None:
    security = SecurityFactory(firm=firm)
    for _ in range(2):
        classed(security, cash=WHOLE)
    with pytest.raises(ChangedMeanwhile) as conflict:
        classed(security, gold=WHOLE)
    assert conflict.value.theirs.per_class() == {"cash": WHOLE}


@pytest.mark.parametrize("per_class", [{"cash": WHOLE + 1}, {"gold": -1}])
def test_more_than_the_whole_and_less_than_nothing_are_refused(
    firm: Firm, per_class: dict[str, int]
) -> None:
    with pytest.raises(IntegrityError):
        classed(SecurityFactory(firm=firm), **per_class)


def test_every_class_can_be_held(firm: Firm) -> None:
    per_class = dict.fromkeys(CLASSES, WHOLE // len(CLASSES))
    assert classed(SecurityFactory(firm=firm), **per_class).per_class() == per_class
