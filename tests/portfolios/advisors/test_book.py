"""The book: whom somebody finds in it, and every condition on both sides."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random
from re import findall
from uuid import uuid4

import pytest
from django.utils import timezone

from portfolios.advisors import conditions, parts
from portfolios.advisors.book import Choice, book_of
from portfolios.models import Plan, PlanMark, Policy, Standing, Target
from questionnaire.models import Assessment, ClientProfile, LifeEvent, Review
from riskalloc.firms.models import Role, User
from tests.factories import FirmFactory, MembershipFactory, UserFactory, assign, make_own_client
from tests.portfolios.advisors.desks import Desk, answered, days_from_now, stand

pytestmark = pytest.mark.django_db


def holds(desk: Desk, client: ClientProfile) -> tuple[str, ...]:
    (row,) = book_of(desk.user).rows([client.pk])
    return row.holds


# -- Whose clients ----------------------------------------------------------------------------------------


def some_desks(chance: Random) -> list[User]:
    """Three firms, with people at several of their desks, and clients who may be those people."""
    firms = [FirmFactory() for _ in range(3)]
    users = [UserFactory() for _ in range(6)]
    for user in users:
        for firm in chance.sample(firms, chance.randint(0, 3)):
            MembershipFactory(
                user=user, firm=firm, role=chance.choice([Role.OWNER, Role.ADVISOR, Role.READER])
            )
    clients = [make_own_client(firm=firm) for firm in firms for _ in range(3)]
    clients += [make_own_client(user=user, firm=chance.choice(firms)) for user in users[:2]]
    for client in clients:
        for desk in client.firm.memberships.exclude(role=Role.CLIENT):
            if chance.random() < 0.4:
                client.assignments.create(firm=client.firm, membership=desk)
        if chance.random() < 0.2:
            ClientProfile.objects.filter(pk=client.pk).update(archived_at=timezone.now())
    return users


@pytest.mark.parametrize("seed", range(5))
def test_it_holds_whom_the_desk_shows_and_nobody_else(seed: int) -> None:
    users = some_desks(Random(seed))
    for user in users:
        for archived in (False, True):
            seen = ClientProfile.objects.at_the_desk_of(user)
            seen = seen.filter(archived_at__isnull=not archived)
            book = book_of(user)
            keys, count = book.page(Choice(archived=archived), start=0, count=100)
            assert sorted(keys) == sorted(seen.values_list("pk", flat=True))
            assert count == len(keys)
            changeable = {pk for pk in keys if seen.get(pk=pk).is_managed}
            rows = book.rows(keys, archived=archived)
            assert {row.id for row in rows if row.can_change} == changeable


def test_of_keys_of_others_nothing_is_said() -> None:
    desk, other = Desk(), Desk()
    mine, theirs = desk.client(), other.client()
    keys = [theirs.pk, mine.pk, uuid4(), mine.pk]
    book = book_of(desk.user)
    assert [person.id for person in book.people(keys)] == [mine.pk]
    assert [row.id for row in book.rows(keys[:3])] == [mine.pk]


def test_nobody_has_a_book_without_a_desk_or_without_signing_in() -> None:
    Desk().client()
    assert book_of(UserFactory()).count(Choice()) == 0
    closed = Desk()
    closed.client()
    closed.user.is_active = False
    closed.user.save()
    assert book_of(closed.user).count(Choice()) == 0


# -- Conditions -------------------------------------------------------------------------------------------


def test_of_a_quiet_client_nothing_holds() -> None:
    desk = Desk()
    assert holds(desk, desk.quiet()) == ()
    book = book_of(desk.user)
    assert book.count(Choice(where=(conditions.sql_of(conditions.FINE),))) == 1
    assert book.most_urgent(10) == []


def aim(client: ClientProfile, cash: int) -> None:
    portfolio = client.portfolios.get()
    target = Target(firm=client.firm, client=client, portfolio=portfolio)
    target.put_per_class({"us_large_cap": 10_000 - cash, "cash": cash})
    target.save()


def holds_cash(percent: Decimal, target: int = 1000) -> Callable[[ClientProfile], None]:
    def change(client: ClientProfile) -> None:
        aim(client, target)
        Standing.objects.filter(client=client).update(cash=int(percent * 10_000_000))

    return change


def with_standing(**values: object) -> Callable[[ClientProfile], None]:
    return lambda client: Standing.objects.filter(client=client).update(**values)


def reported(days_ago: int, *, then_reviewed: bool = False) -> Callable[[ClientProfile], None]:
    def change(client: ClientProfile) -> None:
        assessment = client.ownerships.get().assessment
        at = timezone.now() - timedelta(days=days_ago)
        LifeEvent.objects.create(
            firm=client.firm, client=client, kind="job_loss", events_version="1",
            happened_on=at.date(), assessment=assessment, recorded_at=at,
        )  # fmt: skip
        if then_reviewed:
            review(client)

    return change


def review(client: ClientProfile) -> None:
    Review.objects.create(
        firm=client.firm,
        client=client,
        held_on=timezone.localdate(),
        assessment=client.ownerships.get().assessment,
        recorded_by="demo",
    )


def contradicted(*, then_reviewed: bool = False) -> Callable[[ClientProfile], None]:
    def change(client: ClientProfile) -> None:
        answered(client, days_ago=3, kept_contradictions=True)
        if then_reviewed:
            review(client)

    return change


def due_in(days: int) -> Callable[[ClientProfile], None]:
    return lambda client: ClientProfile.objects.filter(pk=client.pk).update(
        review_due_on=days_from_now(days)
    )


def planned(lines: int, done: int, undone: int = 0) -> Callable[[ClientProfile], None]:
    def change(client: ClientProfile) -> None:
        of = {"firm": client.firm, "client": client}
        portfolio = client.portfolios.get()
        plan = Plan.objects.create(
            portfolio=portfolio, kind="full", inputs={}, software="1", plan_format=1, made_by="demo",
            result={"orders": [{"number": number} for number in range(lines)]}, **of,
        )  # fmt: skip
        for line in range(done):
            PlanMark.objects.create(plan=plan, line=line, is_done=True, made_by="demo", **of)
        for line in range(undone):
            PlanMark.objects.create(plan=plan, line=line, is_done=False, made_by="demo", **of)

    return change


CASES = {
    "guard_rail": (with_standing(fires_guard_rail=True), with_standing(fires_guard_rail=None)),
    "band": (with_standing(fires_band=True), with_standing(fires_band=None)),
    "portfolio_drift": (
        with_standing(fires_portfolio_drift=True),
        with_standing(fires_portfolio_drift=False),
    ),
    "event": (reported(3), reported(3, then_reviewed=True)),
    "contradiction": (contradicted(), contradicted(then_reviewed=True)),
    "mismatch": (with_standing(behaves_like="moderate"), with_standing(behaves_like=None)),
    "overdue": (due_in(-1), due_in(0)),
    "concentration": (
        with_standing(largest=Decimal("200.01")),
        with_standing(largest=Decimal(200)),
    ),
    # The target is 10 %, and a quarter of that is the band.
    "cash": (holds_cash(Decimal("12.51")), holds_cash(Decimal("12.5"))),
    "stale": (
        with_standing(oldest_price_on=days_from_now(-31)),
        with_standing(oldest_price_on=days_from_now(-30)),
    ),
    "plan": (planned(3, done=3, undone=1), planned(3, done=3)),
}


@pytest.mark.parametrize("key", CASES)
def test_a_condition_holds_on_its_side_and_not_on_the_other(key: str) -> None:
    desk = Desk()
    on, off = desk.quiet("Demo on"), desk.quiet("Demo off")
    CASES[key][0](on)
    CASES[key][1](off)
    assert holds(desk, on) == (key,)
    assert holds(desk, off) == ()
    book = book_of(desk.user)
    assert book.page(Choice(where=(conditions.sql_of(key),)), start=0, count=9)[0] == [on.pk]
    assert [row.id for row in book.most_urgent(10)] == [on.pk]


@pytest.mark.parametrize(
    ("policy", "most"),
    [
        ({"band": "absolute", "band_points": Decimal(3)}, Decimal(13)),
        ({"band": "relative", "band_percent": Decimal(50)}, Decimal(15)),
        ({"band": "hybrid", "band_percent": Decimal(10), "band_floor": Decimal(2)}, Decimal(12)),
        ({"band": "hybrid", "band_percent": Decimal(30), "band_floor": Decimal(2)}, Decimal(13)),
    ],
)
def test_each_kind_of_band_says_how_much_cash_is_too_much(policy: dict, most: Decimal) -> None:
    desk = Desk()
    on, off = desk.quiet(), desk.quiet()
    holds_cash(most + Decimal("0.01"))(on)
    holds_cash(most)(off)
    Policy.objects.update(**policy)
    assert (holds(desk, on), holds(desk, off)) == (("cash",), ())
    Policy.objects.update(band="none")
    assert holds(desk, on) == ()


def test_a_class_without_a_target_may_hold_one_point_of_cash() -> None:
    desk = Desk()
    on, off = desk.quiet(), desk.quiet()
    holds_cash(Decimal("1.01"), target=0)(on)
    holds_cash(Decimal(1), target=0)(off)
    assert (holds(desk, on), holds(desk, off)) == (("cash",), ())


def test_who_has_just_come_is_not_assessed_and_owns_nothing() -> None:
    desk = Desk()
    assert holds(desk, desk.client()) == ("unassessed", "empty")


def test_an_archived_portfolio_says_nothing() -> None:
    desk = Desk()
    client = desk.quiet()
    portfolio = stand(client, fires_band=True, value=Decimal(500))
    assert holds(desk, client) == ("band",)
    portfolio.archived_at = timezone.now()
    portfolio.save()
    (row,) = book_of(desk.user).rows([client.pk])
    assert (row.holds, row.value, row.portfolios) == ((), Decimal(1000), 1)


def test_the_first_of_several_is_the_most_urgent() -> None:
    desk = Desk()
    client = desk.quiet(fires_band=True, behaves_like="moderate")
    due_in(-3)(client)
    assert holds(desk, client) == ("band", "mismatch", "overdue")


def test_the_latest_assessment_is_what_holds() -> None:
    desk = Desk()
    client = desk.quiet()
    assert book_of(desk.user).rows([client.pk])[0].label == "aggressive"
    answered(client, rti=8, raw_rti=8)
    (row,) = book_of(desk.user).rows([client.pk])
    assert (row.rti, row.label, row.income, row.holds) == (8, "conservative", "high", ("mismatch",))


def test_what_waits_in_the_morning_comes_before_what_does_not() -> None:
    """A rank below their number is one of them."""
    count = len(conditions.MORNING)
    assert conditions.CONDITIONS[:count] == conditions.MORNING


def test_of_an_assessment_only_what_stands_in_its_index_is_read() -> None:
    """Its row is a kilobyte, mostly answers: of a million clients that would be two gigabytes."""
    (index,) = [one for one in Assessment._meta.indexes if one.name == "assessment_scores"]
    assert {*findall(r"\ba\.(\w+)", parts.latest())} <= {*index.fields}


# -- Sums -------------------------------------------------------------------------------------------------


def test_values_of_one_currency_are_added_whichever_it_is() -> None:
    desk = Desk()
    client = desk.quiet(currency="EUR", value=Decimal("10.50"))
    stand(client, currency="EUR", value=Decimal("0.25"), drift=Decimal("4.25"))
    (row,) = book_of(desk.user).rows([client.pk])
    assert (row.value, row.currency, row.elsewhere) == (Decimal("10.75"), "EUR", 0)
    assert row.drift == Decimal("4.25")


def test_of_several_currencies_the_clients_own_is_added_and_the_rest_named() -> None:
    desk = Desk()
    client = desk.quiet(value=Decimal(10))
    stand(client, currency="EUR", value=Decimal(99))
    (row,) = book_of(desk.user).rows([client.pk])
    assert (row.value, row.currency, row.elsewhere) == (Decimal(10), "USD", 1)


def test_an_advisor_counts_only_whom_they_look_after() -> None:
    desk = Desk()
    mine, other = desk.quiet(fires_band=True), desk.quiet(fires_band=True)
    advisor = desk.advisor(mine)
    assert [row.id for row in book_of(advisor).most_urgent(10)] == [mine.pk]
    assert book_of(advisor).rows([other.pk]) == []


def test_a_reader_may_look_and_not_change() -> None:
    desk = Desk()
    client = desk.quiet()
    (row,) = book_of(assign(client, Role.READER)).rows([client.pk])
    assert not row.can_change
