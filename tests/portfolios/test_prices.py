"""Prices of a whole firm: taken together or not at all; exactly those who hold them are worked out anew."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portfolios.imports.prices import PriceRow
from portfolios.models import Holding, PriceImport, Security, Standing
from portfolios.services import prices
from portfolios.services.prices import Verdict, foresee, take_prices, undo_prices
from portfolios.services.standing import computed
from portfolios.valuing import TooLarge
from riskalloc.firms.audit import By
from riskalloc.firms.models import AuditEntry, Job
from riskalloc.firms.services.jobs import run_job
from tests.factories import ClientFactory, FirmFactory
from tests.firms.people import member
from tests.portfolios.factories import (
    AccountFactory,
    HoldingFactory,
    PortfolioFactory,
    SecurityFactory,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def row(symbol: str, price: str, day: date = TODAY, line: int = 1, **fields) -> PriceRow:
    return PriceRow(line=line, symbol=symbol, price=Decimal(price), day=day, **fields)


@pytest.fixture
def firm():
    return FirmFactory()


@pytest.fixture
def by(firm):
    user = member(firm=firm).user
    return By(user=user, name=user.email)


def security(firm, symbol="VTI", **fields) -> Security:
    return SecurityFactory(firm=firm, symbol=symbol, **fields)


def held_by(firm, *securities: Security) -> Standing:
    """Another client's portfolio with ten units of each."""
    portfolio = PortfolioFactory(client=ClientFactory(firm=firm))
    account = AccountFactory(portfolio=portfolio)
    for one in securities:
        HoldingFactory(account=account, security=one)
    standing = computed(portfolio)
    standing.save()
    return standing


def take(firm, by, *rows_, **options) -> PriceImport:
    options = {"import_id": uuid4()} | options
    return take_prices(firm=firm, rows=rows_, by=by, **options)


def verdicts(firm, *rows_) -> list[Verdict]:
    return [line.verdict for line in foresee(firm=firm, rows=rows_)]


# -- Looking ahead ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("price", "verdict"),
    [("100.01", Verdict.TAKE), ("150", Verdict.TAKE), ("50", Verdict.TAKE),
     ("150.1", Verdict.ASK), ("49.9", Verdict.ASK), ("0.00000001", Verdict.ASK)],
)  # fmt: skip
def test_a_jump_of_more_than_half_asks(firm, price, verdict):
    security(firm)
    assert verdicts(firm, row("VTI", price)) == [verdict]


def test_a_first_price_is_no_jump_and_one_after_nothing_is(firm):
    security(firm, "NEW", price=None, priced_on=None)
    security(firm, "ZERO", price=Decimal(0))
    assert verdicts(firm, row("NEW", "5"), row("ZERO", "5")) == [Verdict.TAKE, Verdict.ASK]


def test_lines_that_are_left_say_why(firm):
    security(firm, priced_on=TODAY)
    security(firm, "SAP", currency="EUR")
    security(FirmFactory(), "ABC")  # of another firm
    lines = foresee(
        firm=firm,
        rows=[
            row("ABC", "5", line=2),
            row("VTI", "101", TODAY - timedelta(days=1), line=3),
            row("SAP", "101", line=4, currency="USD"),
        ],
    )
    assert {line.verdict for line in lines} == {Verdict.LEAVE}
    assert lines[0].sentence == "Line 2: your firm knows no ABC. Check the symbol."
    assert "Line 3: the price kept of VTI is newer" in lines[1].sentence
    assert "Line 4: the price is in USD, and SAP is kept in EUR." in lines[2].sentence


def test_the_same_price_of_the_same_day_is_as_it_is(firm):
    one = security(firm)
    assert verdicts(firm, row("vti", "100.00", one.priced_on)) == [Verdict.SAME]
    assert verdicts(firm, row("VTI", "100", TODAY)) == [Verdict.TAKE]  # a day confirmed


def test_as_many_questions_however_many_rows(firm):
    for number in range(60):
        security(firm, f"S{number}")
        security(firm, f"Ä{number}")
    few = [row("S0", "5"), row("Ä0", "5"), row("X", "5")]
    many = few + [row(f"{letter}{n}", "5") for n in range(1, 60) for letter in ("S", "Ä", "Ω")]
    counts = []
    for some in (few, many):
        with CaptureQueriesContext(connection) as asked:
            foresee(firm=firm, rows=some)
        counts.append(len(asked))
    assert counts[0] == counts[1]


# -- Saving -----------------------------------------------------------------------------------------------


def test_everybody_who_holds_it_is_worked_out_anew_and_nobody_else(firm, by):
    vti, bnd = security(firm), security(firm, "BND")
    both, other, elsewhere = held_by(firm, vti, bnd), held_by(firm, bnd), held_by(FirmFactory())
    before = {one.pk: one.refreshed_at for one in (both, other, elsewhere)}
    kept = take(firm, by, row("VTI", "110"), row("XYZ", "5", line=2))
    for standing in (both, other, elsewhere):
        standing.refresh_from_db()
    assert both.value == 2100
    assert Holding.objects.get(security=vti).value == 1100
    assert both.refreshed_at > before[both.pk]
    assert [one.refreshed_at for one in (other, elsewhere)] == [
        before[other.pk],
        before[elsewhere.pk],
    ]
    assert (kept.taken, kept.portfolios, kept.job) == (1, 1, None)
    assert kept.effect["left"] == ["Line 2: your firm knows no XYZ. Check the symbol."]
    vti.refresh_from_db()
    assert (vti.price, vti.priced_on, vti.price_source) == (110, TODAY, "price file")
    assert vti.version == 2


def test_the_trail_says_who_took_which_price(firm, by):
    security(firm)
    kept = take(firm, by, row("VTI", "110.5"))
    entry = AuditEntry.objects.get(action="prices taken")
    assert (entry.actor, entry.object_id) == (by.user, str(kept.pk))
    assert entry.after["prices"] == {"VTI": f"110.5 of {TODAY.isoformat()}"}


def test_a_jump_is_taken_only_where_its_line_is_ticked(firm, by):
    vti, bnd = security(firm), security(firm, "BND")
    kept = take(firm, by, row("VTI", "300", line=2), row("BND", "20", line=3), confirmed={3, 99})
    for one in (vti, bnd):
        one.refresh_from_db()
    assert (vti.price, bnd.price) == (100, 20)
    assert kept.effect["left"] == ["Line 2: the jump of VTI to 300 was not confirmed."]


def test_sent_twice_it_is_taken_once(firm, by):
    vti, key = security(firm), uuid4()
    for _ in range(3):
        take(firm, by, row("VTI", "110"), import_id=key)
    vti.refresh_from_db()
    assert vti.version == 2
    assert (
        PriceImport.objects.count() == AuditEntry.objects.filter(action="prices taken").count() == 1
    )


def test_too_much_and_nothing_is_saved(firm, by):
    vti, bnd = security(firm), security(firm, "BND")
    held_by(firm, vti, bnd)
    Holding.objects.filter(security=vti).update(quantity=10**6)
    with pytest.raises(TooLarge):
        take(firm, by, row("BND", "110"), row("VTI", "9999999999", line=2), confirmed={2})
    assert not PriceImport.objects.exists()
    bnd.refresh_from_db()
    assert bnd.price == 100


def test_deleted_holdings_and_typed_values_are_left_alone(firm, by):
    vti = security(firm)
    portfolio = PortfolioFactory(client=ClientFactory(firm=firm))
    HoldingFactory(
        account=AccountFactory(portfolio=portfolio),
        security=vti,
        quantity=None,
        typed_value=Decimal(500),
    )
    assert take(firm, by, row("VTI", "110")).portfolios == 0
    assert Holding.objects.get().value == 500


# -- Many: as work in batches ------------------------------------------------------------------------------


@pytest.fixture
def _few_at_once(monkeypatch):
    monkeypatch.setattr(prices, "AT_ONCE", 2)
    monkeypatch.setattr(prices, "IN_A_BATCH", 2)


@pytest.mark.usefixtures("_few_at_once")
def test_many_portfolios_are_work_in_batches_at_the_prices_of_then(firm, by):
    vti = security(firm)
    standings = [held_by(firm, vti) for _ in range(5)]
    kept = take(firm, by, row("VTI", "110"))
    job = Job.objects.get(pk=kept.job)
    assert (kept.portfolios, job.items.count()) == (5, 3)
    Security.objects.filter(pk=vti.pk).update(price=Decimal(120))  # somebody was faster
    run_job(job.pk)
    for standing in standings:
        standing.refresh_from_db()
        assert standing.value == 1200
    assert [item.said for item in job.items.order_by("position")] == [
        "2 portfolios", "2 portfolios", "1 portfolio",
    ]  # fmt: skip


@pytest.mark.usefixtures("_few_at_once")
def test_work_that_runs_twice_has_its_effect_once(firm, by):
    vti = security(firm)
    standings = [held_by(firm, vti) for _ in range(3)]
    kept = take(firm, by, row("VTI", "110"))
    for _ in range(2):
        run_job(kept.job)
    for standing in standings:
        standing.refresh_from_db()
        assert standing.value == 1100


@pytest.mark.usefixtures("_few_at_once")
def test_a_batch_that_is_too_much_says_so_and_the_others_are_done(firm, by):
    vti = security(firm)
    standings = [held_by(firm, vti) for _ in range(4)]
    kept = take(firm, by, row("VTI", "110"))
    Holding.objects.filter(portfolio=max(one.pk for one in standings)).update(quantity=10**10)
    run_job(kept.job)
    items = Job.objects.get(pk=kept.job).items.order_by("position")
    assert [item.state for item in items] == ["done", "failed"]
    assert "more than can be reckoned with" in items[1].said


# -- Taking back -------------------------------------------------------------------------------------------


def test_taken_back_everything_is_as_before(firm, by):
    vti = security(firm)
    standing = held_by(firm, vti)
    kept = take(firm, by, row("VTI", "110"))
    assert undo_prices(price_import=kept, by=by) == 1
    vti.refresh_from_db()
    standing.refresh_from_db()
    assert (vti.price, vti.price_source, standing.value) == (100, "typed", 1000)
    assert undo_prices(price_import=kept, by=by) == 0
    assert AuditEntry.objects.filter(action="prices taken back").count() == 1


def test_what_has_a_newer_price_by_now_keeps_it(firm, by):
    security(firm)
    bnd = security(firm, "BND")
    new = security(firm, "NEW", price=None, priced_on=None)
    kept = take(firm, by, row("VTI", "110"), row("BND", "110"), row("NEW", "7"))
    Security.objects.filter(pk=bnd.pk).update(price=Decimal(111))
    assert undo_prices(price_import=kept, by=by) == 1
    found = dict(Security.objects.values_list("symbol", "price"))
    assert (found["VTI"], found["BND"], found["NEW"]) == (100, 111, 7)
    assert new.symbol == "NEW"


def test_an_id_that_is_another_firms_says_nothing(firm, by):
    other, key = FirmFactory(), uuid4()
    for one in (firm, other):
        security(one)
    first = take(other, By(), row("VTI", "110"), import_id=key)
    second = take(firm, by, row("VTI", "120"), import_id=key)
    assert (first.pk, first.firm) == (key, other)
    assert (second.pk != key, second.firm) == (True, firm)
