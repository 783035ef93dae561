"""Loading the demo's portfolios into a database that is empty, or has a book in it."""

import pytest
from django.core.management import CommandError
from pytest_django import Settings

from portfolios.demo.book import build_book
from portfolios.demo.loading import FILTERS
from portfolios.demo.personas import PERSONAS
from portfolios.demo.practice import PRACTICE
from portfolios.models import Portfolio, SavedFilter
from tests.demo import run
from tests.portfolios.whole import stored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _trying_things_out(settings: Settings) -> None:
    settings.DEBUG = True


def test_it_is_refused_where_real_people_have_accounts(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG=true only"):
        run()
    assert not Portfolio.objects.exists()


def test_a_book_that_is_there_before_keeps_nothing_out() -> None:
    """Whichever comes first: each loads its own people, and leaves the other's alone."""
    book = build_book(clients=12)
    of_book = Portfolio.objects.filter(firm=book.firm).count()
    run()
    ours = Portfolio.objects.exclude(firm=book.firm)
    assert ours.count() == len(PERSONAS) + len(PRACTICE)
    assert Portfolio.objects.filter(firm=book.firm).count() == of_book
    assert SavedFilter.objects.count() == len(FILTERS)
    before = stored()
    run()
    assert stored() == before
