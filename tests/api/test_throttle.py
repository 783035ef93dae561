"""How often one address may ask."""

import time_machine

from tests.api.calculator import ALLOCATE, ASSESS, errors, post


@time_machine.travel("2026-01-05T12:00:00Z", tick=False)
def test_an_address_over_its_rate_is_told_when_to_come_back(settings) -> None:
    settings.API_REQUESTS_PER_MINUTE = "3/m"
    statuses = [post("assess", ASSESS).status_code, post("allocate", ALLOCATE).status_code]
    assert [*statuses, post("assess", "{").status_code] == [200, 200, 422]
    response = post("assess", ASSESS)
    assert list(errors(response, 429)) == [""]
    assert 1 <= int(response["Retry-After"]) <= 60
    assert post("allocate", ALLOCATE).status_code == 429


def test_after_waiting_as_told_the_address_may_go_on(settings) -> None:
    settings.API_REQUESTS_PER_MINUTE = "1/m"
    with time_machine.travel("2026-01-05T12:00:00Z", tick=False) as clock:
        post("assess", ASSESS)
        clock.shift(int(post("assess", ASSESS)["Retry-After"]) + 1)
        assert post("assess", ASSESS).status_code == 200


@time_machine.travel("2026-01-05T12:00:00Z", tick=False)
def test_another_address_is_not_held_back(settings) -> None:
    settings.API_REQUESTS_PER_MINUTE = "1/m"
    for _ in range(2):
        post("assess", ASSESS)
    assert post("assess", ASSESS, REMOTE_ADDR="203.0.113.7").status_code == 200
    assert post("assess", ASSESS).status_code == 429
