"""A book after a move: the database's figures beside the engine's, to the last place."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from random import Random
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from portfolios.advisors.book import Book, book_of, key_of
from portfolios.advisors.whatif_moves import Asked, MovesForm
from portfolios.advisors.whatif_shown import answer
from portfolios.advisors.whatif_sql import TRIGGERS, WHOLE, Moves, moved_sql, portable
from portfolios.models import CLASSES, WHOLE as ALL, Portfolio, Security, Standing
from portfolios.services.standing import STORED, keep_many
from portfolios.snapshots import names_of_classes, policy_of, snapshot, target_of
from portfolios.valuing import MOST_VALUE, rates_of, value_of
from questionnaire.models import ClientProfile
from riskalloc.engine.amounts import half_up
from riskalloc.engine.drift import Target, class_lines, top_lines
from riskalloc.engine.holding_classes import HoldingClass
from riskalloc.engine.levels import measure_level
from riskalloc.engine.triggers import Trigger, triggers
from tests.portfolios import books
from tests.portfolios.advisors.desks import Desk, stand

pytestmark = pytest.mark.django_db
MILLIONTH = Decimal("0.000001")
CENT = Decimal("0.01")
COLUMNS = ("portfolio_id", "value", "now_value", "drift", *(f"fires_{name}" for name in TRIGGERS))
TRIGGER_OF = {column: trigger for trigger, column in STORED.items()}


def found(book: Book, moves: Moves) -> dict[Any, dict[str, Any]]:
    sql = f"SELECT {', '.join(COLUMNS)} FROM ({moved_sql(moves)}) moved"
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in book.ask(portable(sql))]
    return {key_of(row["portfolio_id"]): row for row in rows}


def flags(row: Mapping[str, Any]) -> dict[str, bool | None]:
    return {name: None if row[name] is None else bool(row[name]) for name in TRIGGER_OF}


def drawn(chance: Random) -> Moves:
    """Falls, rises, losses of everything; some classes stay."""
    choices = [WHOLE, 8_000, 10_300, 9_999, 1, 0, chance.randint(0, 110_000)]
    moved = {name: chance.choice(choices) for name in CLASSES if name != HoldingClass.CASH}
    return Moves(moved)


def kept(client: ClientProfile, seed: int, count: int = 20) -> list[Portfolio]:
    portfolios = list(books.book(client, seed, count))
    keep_many(portfolio.pk for portfolio in portfolios)
    return list(Portfolio.objects.select_related("policy", "client", "standing").order_by("pk"))


@pytest.mark.parametrize("seed", range(4))
def test_where_nothing_moves_everything_is_as_it_is_kept(seed: int) -> None:
    desk = Desk()
    kept(desk.client(), seed)
    rows = found(book_of(desk.user), Moves(dict.fromkeys(CLASSES, WHOLE)))
    standings = Standing.objects.all()
    assert len(rows) == len(standings) == 20
    for standing in standings:
        row = rows[standing.pk]
        assert Decimal(row["value"]).scaleb(-2) == standing.value
        assert flags(row) == {name: getattr(standing, name) for name in TRIGGER_OF}
        drift = None if row["drift"] is None else Decimal(row["drift"]).scaleb(-6)
        assert drift == standing.drift


# -- The engine with the same values ----------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_the_engine_says_the_same_of_the_moved_classes(seed: int) -> None:
    desk = Desk()
    portfolios = kept(desk.client(), seed)
    moves = drawn(Random(seed))
    rows = found(book_of(desk.user), moves)
    for portfolio in portfolios:
        values = moved_values(portfolio.standing, moves)
        row, value = rows[portfolio.pk], sum(values.values(), Decimal(0))
        assert Decimal(row["value"]).scaleb(-2) == value
        target = portfolio.targets.order_by("-made_at", "-pk").first()
        if target is None or not value:
            assert row["drift"] is None
            continue
        drift, fired = measured(values, target_of(target), portfolio)
        assert row["drift"] == int(drift.scaleb(6))
        assert flags(row) == {
            name: fired[trigger].has_fired if trigger in fired else False
            for name, trigger in TRIGGER_OF.items()
        }


def moved_values(standing: Standing, moves: Moves) -> dict[HoldingClass, Decimal]:
    """Cut off to millionths, and what is missing to a whole cent unclassified."""
    units = {
        name: getattr(standing, name) * moves.factors.get(name, WHOLE) // WHOLE for name in CLASSES
    }
    values = {HoldingClass(name): part * MILLIONTH for name, part in units.items()}
    values[HoldingClass.UNCLASSIFIED] = standing.unclassified * MILLIONTH
    total = sum(values.values(), Decimal(0))
    values[HoldingClass.UNCLASSIFIED] += total.quantize(CENT, rounding=ROUND_CEILING) - total
    return values


def measured(
    values: Mapping[HoldingClass, Decimal], target: Target, portfolio: Portfolio
) -> tuple[Decimal, dict[Any, Trigger]]:
    policy, names = policy_of(portfolio.policy), names_of_classes()
    classes = measure_level(class_lines(values, {}, target, names), policy.band)
    tops = measure_level(top_lines(values, {}, target, names), policy.band)
    return classes.drift, {one.id: one for one in triggers((tops, classes), policy)}


# -- Prices that really move ------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_a_portfolio_whose_prices_really_move_drifts_as_far(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "securities_of", of_one_class)
    desk = Desk()
    portfolios, moves = kept(desk.client(), seed), drawn(Random(seed))
    rows = found(book_of(desk.user), moves)
    really_move(portfolios, moves)
    compared, most = 0, Decimal(max(moves.factors.values())) / WHOLE
    for portfolio in portfolios:
        now, row = snapshot(portfolio, timezone.localdate()), rows[portfolio.pk]
        # What rounding may come to: a cent was rounded before it grew, and is again afterwards.
        cents = (len(now.held) + 1) * CENT * max(1, most)
        assert abs(Decimal(row["value"]).scaleb(-2) - now.value) <= cents
        if now.drift is None or now.value < 1:
            continue
        near = 200 * cents / now.value
        assert abs(Decimal(row["drift"]).scaleb(-6) - now.drift.classes.drift) <= near
        for trigger in now.drift.triggers:
            column = STORED.get(trigger.id)
            if column and trigger.distance is not None and abs(trigger.distance) > near:
                assert bool(row[column]) == trigger.has_fired, (portfolio.name, column)
                compared += 1
    assert compared >= 10


def of_one_class(chance: Random, client: ClientProfile, count: int) -> list[Security]:
    """Securities whose price is that of their class; each sixth is not classed."""
    made = []
    for number in range(count):
        security = Security(
            firm=client.firm,
            symbol=f"S{number}",
            currency=chance.choice(books.CURRENCIES),
            price=Decimal(chance.randint(0, 10**10)).scaleb(-8),
            priced_on=timezone.localdate(),
        )
        held = [name for name in CLASSES if name != HoldingClass.CASH]
        security.put_per_class({chance.choice(held): ALL} if number % 6 else {})
        made.append(security)
    return Security.objects.bulk_create(made)


def really_move(portfolios: list[Portfolio], moves: Moves) -> None:
    factor_of = {}
    for security in Security.objects.all():
        (name,) = security.per_class() or ("",)
        factor_of[security.pk] = Decimal(moves.factors.get(name, WHOLE)) / WHOLE
        security.price = half_up(security.price * factor_of[security.pk], 8)
        security.save()
    for portfolio in portfolios:
        rates = rates_of(portfolio)
        for holding in portfolio.holdings.select_related("security", "account"):
            if holding.typed_value is not None:
                holding.typed_value = half_up(
                    holding.typed_value * factor_of[holding.security_id], 2
                )
            holding.value = value_of(holding, holding.security, holding.account, rates)
            holding.save()


# -- The largest ------------------------------------------------------------------------------------------


def asked(query: str) -> Asked:
    form = MovesForm(QueryDict(query))
    assert form.is_valid()
    return Asked(typed=form.typed())


def test_the_largest_value_is_reckoned_with_and_what_would_be_larger_is_said() -> None:
    desk = Desk()
    whole = {"value": MOST_VALUE, "us_large_cap": int(MOST_VALUE) * 10**6, "drift": None}
    portfolio = stand(desk.client(), **whole)
    book = book_of(desk.user)
    for fall, left in (("-20", 8), ("-99.99", "0.001"), ("0", 10)):
        rows = found(book, asked(f"stocks={fall}").moves())
        assert Decimal(rows[portfolio.pk]["value"]).scaleb(-2) == MOST_VALUE * Decimal(left) / 10
    shown = answer(book, asked("stocks=0.01"))
    assert shown is not None
    assert "too large to be reckoned" in shown.beside[0]
    Standing.objects.update(value=Decimal(9 * 10**10), us_large_cap=9 * 10**16)
    most = answer(book, asked("stocks=1000"))
    assert most is not None
    assert most.beside == ("1 portfolio has no target: only its value counts.",)
