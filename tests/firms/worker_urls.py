from riskalloc.urls import *  # noqa: F403
from tests.firms import works  # noqa: F401  # registers the kind of work
