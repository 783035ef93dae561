from django.test import RequestFactory

from riskalloc.web.throttle import address, seconds_to_wait

BEHIND_PROXY = "HTTP_X_REAL_IP"


def test_the_rate_is_counted_for_each_address() -> None:
    one, other = (RequestFactory().get("/", REMOTE_ADDR=ip) for ip in ("10.0.0.1", "10.0.0.2"))
    assert [seconds_to_wait(one, "a group", "2/m") > 0 for _ in range(3)] == [False, False, True]
    assert seconds_to_wait(other, "a group", "2/m") == 0


def test_what_a_stranger_says_of_its_address_is_not_believed() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_REAL_IP="1.2.3.4")
    assert address("", request) == "10.0.0.1"


def test_a_trusted_proxy_is_believed_and_its_silence_is_no_failure(settings) -> None:
    settings.CLIENT_ADDRESS = BEHIND_PROXY
    told = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_REAL_IP="1.2.3.4")
    silent = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1")
    assert address("", told) == "1.2.3.4"
    assert address("", silent) == "10.0.0.1"
