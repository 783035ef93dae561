"""How often one address may do something."""

from django.conf import settings
from django.http import HttpRequest
from django_ratelimit.core import get_usage

LONGEST_ADDRESS = 45  # an IPv6 address that carries an IPv4 one


def address(group: str, request: HttpRequest) -> str:
    """Where a request comes from: what a trusted proxy says, else the other end of the connection."""
    told = request.META.get(settings.CLIENT_ADDRESS, "")
    return told[:LONGEST_ADDRESS] or request.META.get("REMOTE_ADDR", "")


def seconds_to_wait(request: HttpRequest, group: str, rate: str) -> int:
    """Count this request under `group`; 0 to go on, else seconds until the address is under `rate` again."""
    usage = get_usage(request, group=group, key=address, rate=rate, increment=True)
    if not usage or not usage["should_limit"]:
        return 0
    return max(1, usage["time_left"])
