"""A whole demo firm, in small."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from portfolios.demo.book import Book, NameTaken, build_book
from portfolios.models import DayValue, Holding, Plan, Portfolio, Standing
from portfolios.services.refreshing import MANY, TABLES
from portfolios.services.standing import computed
from questionnaire.models import Assessment, ClientProfile
from riskalloc.firms.models import AuditEntry, Membership, Role
from tests.portfolios.test_standing import figures

pytestmark = pytest.mark.django_db
CLIENTS = 60
BELIEVE_EMPTY = """
SELECT pg_restore_relation_stats(
    'schemaname', 'public', 'relname', %s, 'relpages', 160, 'reltuples', 0::real)
"""


def small() -> Book:
    return build_book(clients=CLIENTS, seed=3)


def test_its_people_are_marked_as_invented_and_nobody_can_be_written_to() -> None:
    book = small()
    assert book.firm.is_demo
    for client in ClientProfile.objects.filter(firm=book.firm):
        assert client.name.endswith("(demo)")
        assert client.email.endswith("@example.org")
    for member in Membership.objects.filter(firm=book.firm).select_related("user"):
        assert member.user.email.endswith("@example.org")
        assert member.role in (Role.OWNER, Role.ADVISOR)


def test_its_results_come_out_the_same_and_its_trail_is_whole() -> None:
    small()
    out = StringIO()
    call_command("verify_results", stdout=out)
    call_command("verify_audit", stdout=out)
    assert "none differs" in out.getvalue()
    assert "Every chain is whole" in out.getvalue()


def test_the_trail_names_the_desk_and_the_book_as_a_whole() -> None:
    book = small()
    actions = list(AuditEntry.objects.order_by("seq").values_list("action", flat=True))
    assert actions == ["firm founded", "member added", "member added", "demo book loaded"]
    assert AuditEntry.objects.get(action="demo book loaded").after == book.counts._asdict()


def test_its_portfolios_stand_where_the_engine_says() -> None:
    small()
    for portfolio in Portfolio.objects.select_related("policy", "client", "firm")[:20]:
        assert figures(portfolio.standing) == figures(computed(portfolio))


def test_there_is_something_for_everybody_to_look_at() -> None:
    book, today = build_book(clients=200, seed=5), timezone.localdate()
    clients = ClientProfile.objects.filter(firm=book.firm)
    assert clients.filter(review_due_on__lt=today).exists()
    assert clients.filter(review_due_on__gt=today).exists()
    assert clients.filter(review_due_on=None).exists()
    standings = Standing.objects.filter(firm=book.firm)
    assert set(standings.values_list("behaves_like", flat=True)) >= {
        "conservative", "moderate", "aggressive",
    }  # fmt: skip
    assert {True, False} <= set(standings.values_list("fires_band", flat=True))
    assert standings.filter(oldest_price_on__lt=today - timedelta(days=90)).exists()
    assert Plan.objects.exists()
    assert Assessment.objects.filter(kept_contradictions=True).exists()
    assert DayValue.objects.filter(day__lt=today - timedelta(days=300)).exists()
    assert 8 <= Holding.objects.count() / Portfolio.objects.count() <= 16


def test_it_loads_where_the_database_believes_that_tables_are_empty() -> None:
    """As after much was undone: with nested loops it would take hours. SQLite does not believe anything."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(BELIEVE_EMPTY, [table])
            cursor.execute("SET LOCAL statement_timeout = '60s'")
    assert build_book(clients=600, seed=3, has_past=False).counts.portfolios > MANY


def test_another_book_needs_another_name() -> None:
    small()
    with pytest.raises(NameTaken):
        small()
    build_book(clients=1, firm_name="Another book")


@pytest.mark.parametrize("clients", ["0", "-5", "100001"])
def test_the_command_refuses_sizes_that_make_no_book(clients: str, settings: Any) -> None:
    settings.DEBUG = True
    with pytest.raises(CommandError, match="between 1 and 100,000"):
        call_command("demo_book", clients=int(clients))


def test_the_command_is_for_trying_things_out_only(settings: Any) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG=true only"):
        call_command("demo_book", clients=1)
