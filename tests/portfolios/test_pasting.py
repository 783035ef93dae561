"""Pasted rows: all or nothing, told when they come again, undone at once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portfolios.imports.reading import Row
from portfolios.imports.rows import read_rows
from portfolios.models import Account, Holding, Paste, Security, Standing
from portfolios.services import pasting
from portfolios.services.holdings import TooManyHoldings, delete_holding
from portfolios.services.pasting import (
    CannotSave,
    ChangedSince,
    SamePaste,
    foresee,
    save_rows,
    undo_paste,
)
from portfolios.services.securities import set_price
from portfolios.valuing import TooLarge
from questionnaire.models import ClientProfile
from riskalloc.firms.audit import By
from riskalloc.firms.models import AuditEntry, Firm
from riskalloc.web.errors import Gone
from tests.erasing import erase_facts
from tests.factories import ClientFactory, FirmFactory
from tests.firms.people import at_the_same_time
from tests.portfolios.factories import (
    AccountFactory,
    HoldingFactory,
    PortfolioFactory,
    SecurityFactory,
    own_client,
    rate,
    seen_at_the_desk,
)

pytestmark = pytest.mark.django_db
BY = By(name="desk@example.org")
THREE = """Symbol\tQuantity\tPrice\tValue\tCost
VTI\t120\t312.50\t\t30,000
bnd\t10\t\t740.00\t--
Government Money Market\t\t\t$5,000\t
"""


@pytest.fixture
def client() -> ClientProfile:
    return seen_at_the_desk(ClientFactory())


@pytest.fixture
def account(client: ClientProfile) -> Account:
    return AccountFactory(portfolio__client=client)


def rows_of(text: str = THREE) -> tuple[Row, ...]:
    reading = read_rows(text)
    assert reading.faults == ()
    return reading.rows


def row(symbol: str = "VTI", line: int = 1, **values: Any) -> Row:
    numbers = {name: Decimal(value) for name, value in values.items()}
    return Row(line=line, symbol=symbol, **numbers)


def saved(
    account: Account, client: ClientProfile, *rows: Row, paste_id: UUID | None = None, **values: Any
) -> Paste:
    return save_rows(
        account=account,
        client=client,
        paste_id=paste_id or uuid4(),
        rows=rows or rows_of(),
        by=BY,
        **values,
    )


# -- Saving -----------------------------------------------------------------------------------------------


def test_rows_become_holdings_in_their_order(account: Account, client: ClientProfile) -> None:
    paste = saved(account, client)
    columns = ("security__symbol", "quantity", "typed_value", "value", "cost_basis", "version")
    assert list(account.holdings.order_by("created_at").values_list(*columns)) == [
        ("VTI", 120, None, 37_500, 30_000, 1),
        ("BND", 10, None, 740, None, 1),
        ("Government Money Market", None, 5_000, 5_000, None, 1),
    ]
    assert (paste.rows, paste.effect["total"], paste.made_by) == (3, "43240", BY.name)
    assert Standing.objects.get(pk=account.portfolio_id).value == 43_240


def test_what_they_name_is_made_with_classes_and_prices(
    account: Account, client: ClientProfile
) -> None:
    saved(account, client)
    columns = ("symbol", "price", "priced_on", "price_source", "is_guessed")
    today = timezone.localdate()
    assert set(Security.objects.values_list(*columns)) == {
        ("VTI", Decimal("312.5"), today, "pasted", True),
        ("BND", Decimal(74), today, "pasted", True),
        ("Government Money Market", None, None, "", True),
    }
    classes = {security.symbol: security.per_class() for security in Security.objects.all()}
    assert classes["VTI"] == {"us_large_cap": 8_800, "us_small_cap": 1_200}
    assert classes["Government Money Market"] == {"cash": 10_000}


def test_one_entry_has_all_that_is_needed_to_do_it_once_more(
    account: Account, client: ClientProfile
) -> None:
    paste = saved(account, client)
    (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.about, entry.object_id) == (
        "holdings pasted",
        client.pk,
        str(paste.pk),
    )
    assert (entry.after["rows"], entry.after["total"]) == (3, "43240")
    for key, security, quantity, typed, cost, value in entry.after["holdings"]:
        holding = Holding.objects.get(pk=key)
        assert holding.security_id == UUID(security)
        assert (holding.quantity, holding.typed_value, holding.cost_basis, holding.value) == tuple(
            None if number is None else Decimal(number) for number in (quantity, typed, cost, value)
        )
    added = {said["id"]: said["symbol"] for said in entry.after["securities"]}
    assert set(added.values()) == {"VTI", "BND", "Government Money Market"}
    assert {added[key]: price for key, price, *_ in entry.after["prices"]} == {
        "VTI": "312.5",
        "BND": "74.00000000",
    }


def test_sent_five_times_it_is_saved_once(account: Account, client: ClientProfile) -> None:
    paste_id = uuid4()
    pastes = {saved(account, client, paste_id=paste_id) for _ in range(5)}
    assert {paste.pk for paste in pastes} == {paste_id}
    assert (Holding.objects.count(), AuditEntry.objects.count()) == (3, 1)


def test_the_same_rows_again_are_told_and_saved_only_where_that_is_meant(
    account: Account, client: ClientProfile
) -> None:
    earlier = saved(account, client)
    otherwise_dressed = rows_of(THREE.replace("\t", ";").replace("$5,000", "5000.00"))
    with pytest.raises(SamePaste) as same:
        saved(account, client, *otherwise_dressed)
    assert same.value.earlier == earlier
    saved(account, client, is_meant=True)
    assert Holding.objects.count() == 6


def test_the_same_rows_are_new_to_another_account_and_after_an_undo(
    account: Account, client: ClientProfile
) -> None:
    undo_paste(paste=saved(account, client), by=BY)
    saved(account, client)
    saved(AccountFactory(portfolio=account.portfolio), client)
    assert Holding.objects.count() == 6


def test_a_quantity_without_any_price_needs_one_and_nothing_is_saved(
    account: Account, client: ClientProfile
) -> None:
    with pytest.raises(CannotSave) as cannot:
        saved(account, client, row(value="5", line=2), row("NVLT", quantity="10", line=3))
    (fault,) = cannot.value.faults
    sentence = "Line 3: NVLT has no price yet. Add a price or a value."
    assert (fault.line, fault.sentence) == (3, sentence)
    assert foresee(account=account, client=client, rows=[row("NVLT", quantity="1", line=3)])[
        0
    ].fault == (sentence)


def test_a_refusal_leaves_nothing_behind(client: ClientProfile) -> None:
    account = AccountFactory(portfolio__client=client)
    with pytest.raises(TooLarge):
        saved(account, client, *(row(f"A{n}", value="1000000000000") for n in range(2)))
    with pytest.raises(CannotSave):
        saved(account, client, row(quantity="1000000000", price="1000000000"))
    for model in (Holding, Paste, Security, AuditEntry):
        assert not model.objects.exists()


def test_a_quantity_counts_at_the_price_that_the_firm_has(
    account: Account, client: ClientProfile
) -> None:
    SecurityFactory(firm=client.firm, symbol="NVLT", price=Decimal("84.50"))
    saved(account, client, row("nvlt", quantity="2"))
    assert Holding.objects.get().value == 169
    assert Security.objects.get().priced_on == date(2026, 9, 30)


def test_there_is_room_for_so_many_holdings(
    account: Account, client: ClientProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pasting, "MOST_HOLDINGS", 3)
    saved(account, client)
    with pytest.raises(TooManyHoldings):
        saved(account, client, row(value="1"))


def test_an_id_of_somebody_else_says_nothing_and_an_account_that_is_gone_is_gone(
    account: Account, client: ClientProfile
) -> None:
    theirs = saved(AccountFactory(), client)
    paste = saved(account, client, paste_id=theirs.pk)
    assert (paste.pk != theirs.pk, paste.account) == (True, account)
    Account.objects.filter(pk=account.pk).delete()
    with pytest.raises(Gone):
        saved(account, client, row(value="1"))


def test_five_thousand_rows_take_few_statements(account: Account, client: ClientProfile) -> None:
    rows = [row(f"S{n % 500}", line=n + 1, quantity="1", price="2") for n in range(5_000)]
    with CaptureQueriesContext(connection) as asked:
        saved(account, client, *rows)
    assert Holding.objects.count() == 5_000
    assert Standing.objects.get(pk=account.portfolio_id).value == 10_000
    assert len(asked) < 200


# -- Prices that others depend on -------------------------------------------------------------------------


def shared(client: ClientProfile, **values: Any) -> Holding:
    """What another client of the firm holds as well: ten at $100."""
    return HoldingFactory(
        account__portfolio__client__firm=client.firm, security__symbol="VTI", **values
    )


def test_the_desk_sets_the_price_for_all_who_hold_it(
    account: Account, client: ClientProfile
) -> None:
    theirs = shared(client)
    paste = saved(account, client, row(quantity="1", price="120"))
    assert Holding.objects.get(pk=theirs.pk).value == 1_200
    assert Standing.objects.get(pk=theirs.portfolio_id).value == 1_200
    assert Security.objects.get().version == 2
    assert paste.effect["kept_prices"] == []


def test_a_client_of_a_practice_keeps_the_price_that_others_depend_on(firm: Firm) -> None:
    client = own_client(firm=firm)
    account = AccountFactory(portfolio__client=client)
    theirs = shared(client)
    rows = [row(quantity="2", price="120"), row("BND", quantity="1", price="74", line=2)]
    first, second = foresee(account=account, client=client, rows=rows)
    assert (first.keeps_price, first.value, first.is_new) == (True, 200, False)
    assert (second.keeps_price, second.value, second.is_new) == (False, 74, True)
    paste = saved(account, client, *rows)
    assert paste.effect["kept_prices"] == [["VTI", "120", "100"]]
    assert Holding.objects.get(pk=theirs.pk).value == 1_000
    assert account.holdings.get(security__symbol="VTI").value == 200


@pytest.fixture
def firm() -> Firm:
    return FirmFactory()


def test_a_person_on_their_own_sets_every_price() -> None:
    client = own_client()
    account = AccountFactory(portfolio__client=client)
    for price in ("100", "120"):
        saved(account, client, row(quantity="1", price=price))
    assert [holding.value for holding in Holding.objects.all()] == [120, 120]


def test_a_price_in_the_accounts_currency_is_none_for_what_is_priced_in_another(
    account: Account, client: ClientProfile
) -> None:
    rate(account.portfolio, "EUR", "1.12")
    security = SecurityFactory(firm=client.firm, symbol="EUNL", currency="EUR", price=Decimal(50))
    paste = saved(account, client, row("EUNL", quantity="1", price="60"))
    assert paste.effect["kept_prices"] == [["EUNL", "60", "50"]]
    assert Holding.objects.get().value == 56
    Security.objects.filter(pk=security.pk).update(price=None)
    (line,) = foresee(account=account, client=client, rows=[row("EUNL", quantity="1", price="60")])
    assert line.fault.startswith("Line 1: EUNL is priced in EUR, and this account is in USD.")


def test_a_currency_without_a_rate_is_asked_for(account: Account, client: ClientProfile) -> None:
    SecurityFactory(firm=client.firm, symbol="EUNL", currency="EUR")
    (line,) = foresee(account=account, client=client, rows=[row("EUNL", quantity="1")])
    assert line.fault == "Line 1: there is no exchange rate for EUR yet. Type it first."


def test_rows_of_an_account_in_another_currency_count_at_its_rate(client: ClientProfile) -> None:
    account = AccountFactory(portfolio__client=client, currency="EUR")
    rate(account.portfolio, "EUR", "1.12")
    saved(account, client, row("EUNL", quantity="10", price="5"), row("Cash", value="100"))
    assert [holding.value for holding in account.holdings.order_by("created_at")] == [56, 112]
    assert Security.objects.get(symbol="EUNL").currency == "EUR"


def test_looking_ahead_says_what_saving_does_and_saves_nothing(
    account: Account, client: ClientProfile
) -> None:
    lines = foresee(account=account, client=client, rows=rows_of())
    assert not Security.objects.exists()
    saved(account, client)
    stored = account.holdings.order_by("created_at").select_related("security")
    for line, holding in zip(lines, stored, strict=True):
        assert (line.is_new, line.fault, line.value) == (True, "", holding.value)
        assert line.security.per_class() == holding.security.per_class()
        assert line.security.price == holding.security.price


def test_two_spellings_of_a_symbol_are_one_security(
    account: Account, client: ClientProfile
) -> None:
    rows = [row("vti", value="1"), row("VTI", value="2", line=2), row("Häuser", value="3", line=3)]
    saved(account, client, *rows, replace(rows[2], line=4))
    assert sorted(Security.objects.values_list("symbol", flat=True)) == ["Häuser", "VTI"]


# -- Undoing ----------------------------------------------------------------------------------------------


def test_an_undo_takes_its_holdings_and_nothing_else(
    account: Account, client: ClientProfile
) -> None:
    other = HoldingFactory(account=account)
    paste = saved(account, client)
    for _ in range(2):
        assert undo_paste(paste=paste, by=BY).undone_at
    assert list(Holding.objects.all()) == [other]
    assert Standing.objects.get(pk=account.portfolio_id).value == 1_000
    actions = AuditEntry.objects.order_by("seq").values_list("action", flat=True)
    assert list(actions) == ["holdings pasted", "paste undone"]


def test_an_undo_gives_back_the_prices_that_nobody_has_set_since(
    account: Account, client: ClientProfile
) -> None:
    theirs = shared(client)
    again = HoldingFactory(account=theirs.account, security__symbol="BND")
    rows = [row(quantity="1", price="120"), row("BND", quantity="1", price="50", line=2)]
    paste = saved(account, client, *rows)
    bnd = Security.objects.get(symbol="BND")
    typed = {"price": Decimal(60), "priced_on": date(2026, 11, 20), "source": "typed"}
    set_price(security=bnd, version=bnd.version, by=BY, **typed)
    undo_paste(paste=paste, by=BY)
    vti = Security.objects.get(symbol="VTI")
    assert (vti.price, vti.priced_on, vti.price_source) == (100, date(2026, 9, 30), "typed")
    assert Holding.objects.get(pk=theirs.pk).value == 1_000
    assert Holding.objects.get(pk=again.pk).value == 600
    assert Standing.objects.get(pk=theirs.portfolio_id).value == 1_600


def test_an_undo_leaves_the_prices_of_another_firm_alone(
    account: Account, client: ClientProfile
) -> None:
    SecurityFactory(firm=client.firm, symbol="VTI")
    paste = saved(account, client, row(quantity="1", price="120"))
    Security.objects.update(firm=FirmFactory())
    undo_paste(paste=paste, by=BY)
    assert Security.objects.get().price == 120


def test_what_was_changed_by_hand_keeps_a_paste_from_being_undone(
    account: Account, client: ClientProfile
) -> None:
    paste = saved(account, client)
    for holding in Holding.objects.all()[:2]:
        delete_holding(holding=holding, by=BY)
    with pytest.raises(ChangedSince) as changed:
        undo_paste(paste=paste, by=BY)
    assert changed.value.count == 2
    assert Paste.objects.get().undone_at is None
    assert Holding.objects.count() == 3


# -- At the same time -------------------------------------------------------------------------------------


@pytest.fixture
def _committed(transactional_db: None) -> Iterator[None]:
    yield
    erase_facts()


@pytest.mark.postgresql  # SQLite lets one write at a time
@pytest.mark.usefixtures("_committed")
def test_a_paste_sent_five_times_at_once_is_saved_once() -> None:
    client = seen_at_the_desk(ClientFactory())
    account, paste_id = AccountFactory(portfolio__client=client), uuid4()
    outcomes = at_the_same_time(5, lambda: saved(account, client, paste_id=paste_id))
    assert outcomes == ["Paste"] * 5
    assert (Holding.objects.count(), AuditEntry.objects.count()) == (3, 1)


@pytest.mark.postgresql
@pytest.mark.usefixtures("_committed")
def test_pastes_and_prices_at_once_never_wait_for_each_other_in_a_circle() -> None:
    firm, number = FirmFactory(), count()
    clients = [seen_at_the_desk(ClientFactory(firm=firm)) for _ in range(6)]
    accounts = [AccountFactory(portfolio=PortfolioFactory(client=client)) for client in clients]
    prices = [SecurityFactory(firm=firm, symbol=f"OLD{n}") for n in range(3)]
    for account in accounts:
        for security in prices:
            HoldingFactory(account=account, security=security)

    def act() -> object:
        n = next(number)
        if n % 2:
            security = Security.objects.get(pk=prices[n % 3].pk)
            with_price = {"price": Decimal(n), "priced_on": date(2026, 11, 21), "source": "typed"}
            return set_price(security=security, version=security.version, by=BY, **with_price)
        symbols = [f"NEW{(n * 7 + k) % 9}" for k in range(9)] + [
            f"OLD{(n + k) % 3}" for k in range(3)
        ]
        rows = [
            row(symbol, line=k + 1, quantity="1", price=str(n + 1))
            for k, symbol in enumerate(symbols)
        ]
        return saved(accounts[n // 2], clients[n // 2], *rows)

    outcomes = at_the_same_time(12, act)
    assert set(outcomes) <= {"Paste", "Security", "ChangedMeanwhile"}
    assert outcomes.count("Paste") == 6
    for holding in Holding.objects.select_related("security"):
        assert holding.value == holding.quantity * holding.security.price
