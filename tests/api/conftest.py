"""The calculator's tests send more than an address may: the throttle has a test of its own."""

import pytest


@pytest.fixture(autouse=True)
def wide_throttle(settings) -> None:
    settings.API_REQUESTS_PER_MINUTE = "10000000/m"
