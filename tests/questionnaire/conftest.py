import pytest
from django.test import Client

from questionnaire.models import Assessment, Draft
from questionnaire.views.drafts import COOKIE
from riskalloc import methodology
from riskalloc.engine.rules import Methodology
from tests.factories import TOKEN, DraftFactory, make_assessment

HTMX = {"HX-Request": "true"}


@pytest.fixture
def method() -> Methodology:
    return methodology.load("v1")


@pytest.fixture
def draft(db: None) -> Draft:
    return DraftFactory()


@pytest.fixture
def browser() -> Client:
    """A browser whose cookie opens `draft`."""
    client = Client()
    client.cookies[COOKIE] = TOKEN
    return client


@pytest.fixture
def assessment(db: None) -> Assessment:
    return make_assessment()
