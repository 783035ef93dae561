"""What the demo's people own: loaded once, with a past, and with the cases that somebody wants to look at."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from portfolios.advisors.book import book_of
from portfolios.advisors.choices import read
from portfolios.demo.funds import FUNDS, LISTED
from portfolios.demo.history import WEEKS
from portfolios.demo.loading import FILTERS
from portfolios.demo.personas import PERSONAS
from portfolios.demo.practice import PRACTICE
from portfolios.display.portfolios import STALE_DAYS
from portfolios.models import (
    DayValue,
    Plan,
    Portfolio,
    SavedFilter,
    Security,
    Standing,
    Target,
)
from portfolios.services.mixes import decision_for
from portfolios.services.securities import built_in
from questionnaire.demo.practice import OWNER
from questionnaire.models import Assessment, ClientProfile, Erasure
from questionnaire.services.leaving import delete_client, leave_firm
from riskalloc.firms.audit import By
from riskalloc.firms.models import AuditEntry, User
from riskalloc.firms.verification import verify
from tests.demo import loaded_once, run
from tests.firms.people import browser_of
from tests.portfolios.whole import stored, strays, wrong_figures

pytestmark = pytest.mark.django_db
EXACT_FOR = {  # those of whom the last answers say just what they have
    "maria@example.org", "dev@example.org", "robert@example.org", "amara@example.org",
    "chen@example.org", "dolores@example.org", "farah@example.org", "hana@example.org",
    "jamila@example.org", "kofi@example.org", "lena@example.org",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _trying_things_out(settings: Settings) -> None:
    settings.DEBUG = True


@pytest.fixture(scope="module")
def _demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with loaded_once(django_db_blocker):
        yield


def of(owner: str, name: str = "") -> Portfolio:
    rows = Portfolio.objects.filter(client__email=owner).select_related("standing", "client")
    return rows.get(name=name) if name else rows.get()


# -- Loading -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_demo")
def test_the_personas_and_most_of_the_practice_have_portfolios() -> None:
    assert Portfolio.objects.filter(firm__is_personal=True).count() == len(PERSONAS) == 4
    assert Portfolio.objects.filter(firm__is_personal=False).count() == len(PRACTICE) == 10
    practice = ClientProfile.objects.filter(firm__is_personal=False)
    without = practice.filter(portfolios=None).values_list("name", flat=True)
    assert sorted(without) == ["Emeka (demo)", "George (demo)", "Ingrid (demo)"]


@pytest.mark.usefixtures("_demo")
def test_twice_is_the_same() -> None:
    before = stored()
    run()
    assert stored() == before


@pytest.mark.usefixtures("_demo")
def test_a_demo_from_before_there_were_portfolios_gets_them_and_who_is_gone_stays_gone() -> None:
    delete_client(client=ClientProfile.objects.get(email="alex@example.org"), by=By())
    for client in ClientProfile.objects.all():
        Erasure.objects.create(public_id=client.pk.hex, reason="test")
    Portfolio.objects.all().delete()
    run()
    assert Portfolio.objects.count() == len(PERSONAS) - 1 + len(PRACTICE)
    assert not ClientProfile.objects.filter(email="alex@example.org").exists()


@pytest.mark.usefixtures("_demo")
def test_all_is_marked_as_demo_and_entered_under_its_name() -> None:
    assert set(Security.objects.exclude(price=None).values_list("price_source", flat=True)) == {
        "demo"
    }
    assert set(Target.objects.values_list("made_by", flat=True)) == {"(demo data)"}
    assert set(AuditEntry.objects.values_list("actor_name", flat=True)) == {"(demo data)"}
    assert not Portfolio.objects.filter(firm__is_demo=False).exists()
    assert verify().faults == []


def test_listed_funds_are_in_the_built_in_list_and_the_others_are_not() -> None:
    listed = {fund.symbol for fund in LISTED}
    assert {symbol for symbol in FUNDS if built_in().listed(symbol)} == listed
    held = {row.symbol for p in (*PERSONAS, *PRACTICE) for a in p.accounts for row in a.holdings}
    assert held == set(FUNDS)


# -- What was loaded ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_demo")
def test_people_have_what_their_last_answers_say() -> None:
    for owner in EXACT_FOR:
        values = Standing.objects.filter(client__email=owner).values_list("value", flat=True)
        client = ClientProfile.objects.get(email=owner)
        assert sum(values) == Assessment.objects.latest_of(client).amount, owner
    bruno = Standing.objects.filter(client__email="bruno@example.org")
    assert sum(bruno.values_list("value", flat=True)) == Decimal("101500.00")
    assert of("alex@example.org").standing.value == Decimal("110000.00")


@pytest.mark.usefixtures("_demo")
def test_targets_are_those_of_the_latest_answers_and_decisions_but_for_one() -> None:
    old = []
    for portfolio in Portfolio.objects.exclude(name="New roof").select_related("client"):
        target, decision = Target.objects.latest_of(portfolio), decision_for(portfolio.client)
        count = Assessment.objects.filter(ownership__client=portfolio.client).count()
        if target.assessment != decision.assessment:
            old.append(portfolio.client.email)
            count -= 1
        assert portfolio.targets.count() == count
        assert target.assessment is not None
    assert old == ["amara@example.org"]
    farah = Target.objects.latest_of(of("farah@example.org"))
    assert farah.override is not None
    assert (farah.cash, farah.us_aggregate) == (2_000, 3_000)
    roof = Target.objects.latest_of(of("bruno@example.org", "New roof"))
    assert (roof.assessment, roof.per_class()) == (None, {"us_aggregate": 4_000, "cash": 6_000})


@pytest.mark.usefixtures("_demo")
def test_there_is_somebody_for_each_case() -> None:
    alex = of("alex@example.org").standing
    assert (alex.fires_band, alex.fires_guard_rail, alex.fires_portfolio_drift) == (
        False, False, True,
    )  # fmt: skip
    assert alex.drift == Decimal("3.636363")
    far_out = of("dolores@example.org").standing
    assert far_out.fires_guard_rail
    assert far_out.drift > 40
    on_target = of("kofi@example.org").standing
    assert on_target.drift < 1
    assert not on_target.fires_band
    only_cash = of("jamila@example.org").standing
    assert set(only_cash.per_class()) == {"cash"}
    stale = of("chen@example.org").standing
    assert (timezone.localdate() - stale.oldest_price_on).days > 100 > STALE_DAYS
    others = Standing.objects.exclude(client__email__in=["chen@example.org", "maria@example.org"])
    fresh_since = timezone.localdate() - timedelta(days=STALE_DAYS)
    assert not others.filter(oldest_price_on__lt=fresh_since).exists()


@pytest.mark.usefixtures("_demo")
def test_alex_has_saved_the_plan_of_the_article() -> None:
    plan = Plan.objects.get()
    assert plan.portfolio == of("alex@example.org")
    amounts = {line["name"]: line["amount"] for line in plan.result["classes"]}
    assert {name: Decimal(amount) for name, amount in amounts.items() if Decimal(amount)} == {
        "us_large_cap": -4_000, "intl_developed": 1_500, "us_aggregate": 1_000, "reit": 1_500,
    }  # fmt: skip


@pytest.mark.usefixtures("_demo")
def test_saved_filters_are_written_as_the_list_writes_them_and_find_somebody() -> None:
    filters = SavedFilter.objects.select_related("membership__user")
    assert filters.count() == len(FILTERS)
    for saved in filters:
        asked = read(QueryDict(saved.query))
        assert not asked.notes
        assert asked.query() == saved.query
        assert book_of(saved.membership.user).count(asked.choice())


@pytest.mark.usefixtures("_demo")
def test_every_portfolio_has_its_pages() -> None:
    owner = browser_of(User.objects.get(email=OWNER), has_second_step=False)  # has one
    for portfolio in Portfolio.objects.select_related("client__membership__user", "firm"):
        is_own = portfolio.firm.is_personal
        user = portfolio.client.membership.user if is_own else None
        browser = browser_of(user, has_second_step=False) if user else owner
        for page in ("portfolio", "portfolio_plan", "portfolio_look"):
            answer = browser.get(reverse(page, kwargs={"portfolio_id": portfolio.pk}))
            assert answer.status_code == 200, (portfolio.client, page)
            assert portfolio.name in answer.content.decode()


@pytest.mark.usefixtures("_demo")
def test_a_client_of_the_practice_leaves_with_every_figure() -> None:
    before = of("kofi@example.org").standing
    client = ClientProfile.objects.get(email="kofi@example.org")
    leave_firm(client=client, by=By())
    after = of("kofi@example.org").standing
    assert (after.value, after.drift, after.per_class()) == (
        before.value, before.drift, before.per_class(),
    )  # fmt: skip
    assert wrong_figures() == strays() == []
    assert DayValue.objects.filter(client=client).count() == WEEKS + 1
