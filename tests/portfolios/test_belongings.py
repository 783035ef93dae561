"""Portfolios go where their client goes: to another firm, into an export, and away."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from portfolios.models import (
    Holding,
    Plan,
    Portfolio,
    Security,
    Standing,
    Target,
)
from portfolios.services import belongings
from portfolios.services.holdings import restore_holding
from questionnaire.models import ClientProfile, Tombstone
from questionnaire.services.belongings import entered
from questionnaire.services.exporting import REMOVED, everything_about
from questionnaire.services.leaving import delete_client, leave_firm, tables_of_clients
from riskalloc.firms.models import AuditEntry, ClosedFirm, Firm
from riskalloc.firms.verification import verify
from riskalloc.web.errors import Gone
from tests.factories import ClientFactory, FirmFactory, make_own_client
from tests.portfolios.whole import (
    BY,
    MADE_BY,
    OF_CLIENT,
    TENANTS,
    account,
    figures,
    hold,
    make_whole,
    priced,
    strays,
    wrong_figures,
)

HOUSE = "My house, 12 Elm Street"
PLACES = {
    "Portfolio": "portfolios",
    "Account": "accounts",
    "Holding": "holdings",
    "Security": "securities",
    "ExchangeRate": "exchange_rates",
    "Target": "targets",
    "Policy": "policies",
    "Standing": "standings",
    "DayValue": "day_values",
    "Plan": "plans",
    "PlanMark": "plan_marks",
    "Paste": "pastes",
}


@pytest.fixture
def practice(db: None) -> Firm:
    return FirmFactory()


@pytest.fixture
def client(practice: Firm) -> ClientProfile:
    """Signs in, has an advisor's firm, and everything that a portfolio can have."""
    client = make_own_client(firm=practice, email=MADE_BY)
    make_whole(client)
    return client


def rows_of(client: ClientProfile) -> dict[str, int]:
    return {m.__name__: m._base_manager.filter(client=client).count() for m in OF_CLIENT}


def again(client: ClientProfile) -> ClientProfile:
    return ClientProfile.objects.get(pk=client.pk)


# -- Leaving -----------------------------------------------------------------------------------------------


def test_every_table_of_a_client_moves_with_them() -> None:
    assert {model for model, _ in tables_of_clients()} >= set(OF_CLIENT)
    assert set(OF_CLIENT) == set(TENANTS) - {Security}


def test_a_client_who_leaves_takes_every_row_along(client: ClientProfile) -> None:
    before = rows_of(client)
    assert all(before.values())
    leave_firm(client=client, by=BY)
    firm = again(client).firm
    assert rows_of(client) == before
    for model in OF_CLIENT:
        assert not model._base_manager.filter(client=client).exclude(firm=firm).exists(), model
    assert strays() == []


def test_no_figure_changes(client: ClientProfile) -> None:
    before = figures(client)
    assert before["standings"][0][0]["value"] == Decimal("86605.03")
    leave_firm(client=client, by=BY)
    assert figures(client) == before
    assert wrong_figures() == []


def test_securities_are_copied_and_what_others_hold_stays(client: ClientProfile) -> None:
    firm = client.firm
    neighbour = make_whole(ClientFactory(firm=firm))
    theirs = set(Holding.objects.filter(portfolio=neighbour).values_list("security", flat=True))
    leave_firm(client=client, by=BY)
    mine = Security.objects.filter(firm=again(client).firm)
    assert {row.symbol for row in mine} == {"VOO", "VXUS", "VNQ", HOUSE}
    assert theirs == set(Security.objects.filter(firm=firm).values_list("pk", flat=True))
    assert not theirs & set(mine.values_list("pk", flat=True))
    assert strays() == []


def test_a_security_that_nobody_holds_any_more_and_no_list_knows_goes(
    client: ClientProfile,
) -> None:
    firm = client.firm
    leave_firm(client=client, by=BY)
    assert {row.symbol for row in Security.objects.filter(firm=firm)} == {"VOO", "VXUS", "VNQ"}


def test_the_firm_sees_no_portfolio_any_more_and_the_client_sees_all(
    client: ClientProfile,
) -> None:
    leave_firm(client=client, by=BY)
    assert not Portfolio.objects.filter(firm=client.firm).exists()
    user = again(client).membership.user
    assert Portfolio.objects.visible_to(user).count() == 1
    assert Security.objects.visible_to(user).count() == 4


def test_a_deleted_holding_can_be_brought_back_after_leaving(client: ClientProfile) -> None:
    leave_firm(client=client, by=BY)
    gone = Holding.objects.select_related("portfolio__client").get(deleted_at__isnull=False)
    restored = restore_holding(holding=gone, by=BY).holding
    assert restored.value == Decimal("15000.00")
    assert Standing.objects.get().value == Decimal("101605.03")
    assert wrong_figures() == []


def test_both_trails_say_it_and_are_whole(client: ClientProfile) -> None:
    leave_firm(client=client, by=BY)
    entry = AuditEntry.objects.get(action="securities brought along")
    assert (entry.firm_id, entry.about) == (again(client).firm_id, client.pk)
    assert entry.after == {"securities": sorted(["VOO", "VXUS", "VNQ", HOUSE])}
    assert verify().faults == []


def test_a_client_without_portfolios_leaves_as_before(practice: Firm) -> None:
    client = make_own_client(firm=practice)
    leave_firm(client=client, by=BY)
    assert again(client).firm.is_personal
    assert not AuditEntry.objects.filter(action="securities brought along").exists()


@pytest.mark.parametrize("part", ["drop_unheld", "record"])
def test_a_failure_in_the_middle_moves_nothing(
    client: ClientProfile, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("in the middle")

    before, firm = figures(client), client.firm
    monkeypatch.setattr(belongings, part, fail)
    with pytest.raises(RuntimeError, match="in the middle"):
        leave_firm(client=client, by=BY)
    assert (figures(client), again(client).firm) == (before, firm)
    assert strays() == []


def test_leaving_asks_as_often_for_many_holdings_of_a_security_as_for_one(
    practice: Firm, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client = make_own_client(firm=practice)
    portfolio = make_whole(client)
    in_account, security = account(portfolio, "Third"), priced(portfolio, "AGG", "100")
    for _ in range(20):
        hold(in_account, security, quantity=Decimal(1))
    with django_assert_max_num_queries(110):
        leave_firm(client=client, by=BY)


# -- Deleting ----------------------------------------------------------------------------------------------


def test_of_a_deleted_client_no_row_is_left_and_a_record_is_kept(client: ClientProfile) -> None:
    firm = client.firm
    delete_client(client=client, by=BY)
    assert {model.__name__: model._base_manager.count() for model in OF_CLIENT} == dict.fromkeys(
        rows_of(client), 0
    )
    assert {row.symbol for row in Security.objects.filter(firm=firm)} == {"VOO", "VXUS", "VNQ"}
    record = Tombstone.objects.get().record
    assert {name: len(record[name]) for name in ("holdings", "targets", "plans", "plan_marks")} == {
        "holdings": 4, "targets": 1, "plans": 1, "plan_marks": 1,
    }  # fmt: skip


def test_of_a_firm_of_one_nothing_is_left(db: None) -> None:
    client = make_own_client()
    make_whole(client)
    unheld = priced(Portfolio.objects.get(), "AGG", "100")
    delete_client(client=client, by=BY)
    assert not any(model._base_manager.exists() for model in TENANTS)
    assert not Security.objects.filter(pk=unheld.pk).exists()
    assert ClosedFirm.objects.filter(firm_id=client.firm_id).exists()


def test_others_keep_what_they_have(client: ClientProfile) -> None:
    neighbour = ClientFactory(firm=client.firm)
    make_whole(neighbour)
    before = figures(neighbour)
    delete_client(client=client, by=BY)
    assert figures(neighbour) == before
    assert wrong_figures() == strays() == []


# -- Taking along ------------------------------------------------------------------------------------------


def test_an_export_has_every_column_of_every_row(client: ClientProfile) -> None:
    ClientFactory(firm=client.firm)
    make_whole(ClientFactory(firm=client.firm))
    whole = everything_about(client)
    assert set(PLACES) == {model.__name__ for model in TENANTS}, "a new table has to find its place"
    for model in TENANTS:
        rows, columns = whole[PLACES[model.__name__]], model._meta.concrete_fields
        mine = (
            Holding.objects.filter(client=client).values_list("security").distinct()
            if model is Security
            else model._base_manager.filter(client=client)
        )
        assert len(rows) == mine.count() > 0, model
        assert all(set(row) == {column.attname for column in columns} for row in rows), model
    assert json.loads(json.dumps(whole)) == whole


def test_numbers_are_plain_digits_with_nothing_lost(client: ClientProfile) -> None:
    Security.objects.filter(symbol="VOO").update(price=Decimal("0.00000001"))
    whole = everything_about(client)
    by_symbol = {row["symbol"]: row for row in whole["securities"]}
    assert by_symbol["VOO"]["price"] == "0.00000001"
    assert by_symbol["VXUS"]["price"] == "75.00000000"
    assert "200.12345678" in {row["quantity"] for row in whole["holdings"]}
    assert whole["exchange_rates"][0]["rate"] == "1.12000000"
    assert by_symbol["VXUS"]["intl_developed"] == 7300


def test_a_kept_record_has_the_portfolio_and_no_way_to_reach_the_client(
    client: ClientProfile,
) -> None:
    leave_firm(client=client, by=BY)
    record = Tombstone.objects.get().record
    assert set(PLACES.values()) <= set(record)
    assert MADE_BY not in json.dumps(record)
    assert record["targets"][0]["made_by"] == REMOVED
    assert record["plans"][0]["inputs"]["target"]["made_by"] == REMOVED


def test_an_export_asks_as_often_for_many_rows_as_for_few(
    client: ClientProfile, django_assert_num_queries: Callable[[int], Any]
) -> None:
    counts = []
    for _ in range(2):
        with Counted() as asked:
            everything_about(client)
        counts.append(asked.count)
        make_whole(client, name="Another one")
    assert counts[0] == counts[1]


class Counted:
    """How many statements ran."""

    def __enter__(self) -> "Counted":
        self.count = 0
        self.wrapper = connections["default"].execute_wrapper(self.counting)
        self.wrapper.__enter__()
        return self

    def __exit__(self, *failed: Any) -> None:
        self.wrapper.__exit__(*failed)

    def counting(self, execute: Callable[..., Any], *of: Any) -> Any:
        self.count += 1
        return execute(*of)


# -- What goes by itself -----------------------------------------------------------------------------------


def purge() -> str:
    out = StringIO()
    call_command("purge", stdout=out)
    return out.getvalue()


def deleted_before(days: int) -> None:
    Holding.objects.exclude(deleted_at=None).update(
        deleted_at=timezone.now() - timedelta(days=days)
    )


def test_a_deleted_holding_goes_after_thirty_days_and_no_figure_changes(
    client: ClientProfile,
) -> None:
    before = Standing.objects.values().get()
    deleted_before(29)
    purge()
    assert Holding.objects.count() == 4
    deleted_before(31)
    assert "Deleted 1 deleted holdings." in purge()
    assert Holding.objects.count() == Holding.objects.kept().count() == 3
    assert Standing.objects.values().get() == before
    assert (Target.objects.count(), Plan.objects.count()) == (1, 1)
    assert wrong_figures() == []


def test_purging_twice_finds_nothing_more(client: ClientProfile) -> None:
    deleted_before(31)
    purge()
    assert "holdings" not in purge()


def test_what_was_purged_cannot_be_brought_back(client: ClientProfile) -> None:
    gone = Holding.objects.exclude(deleted_at=None).select_related("portfolio__client").get()
    deleted_before(31)
    purge()
    with pytest.raises(Gone):
        restore_holding(holding=gone, by=BY)


def test_an_app_that_starts_twice_is_entered_once() -> None:
    assert len(entered()) == len({id(one) for one in entered()}) == 1
