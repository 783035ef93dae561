"""How often one address may do something."""

from django.http import HttpRequest
from django_ratelimit.core import get_usage


def seconds_to_wait(request: HttpRequest, group: str, rate: str) -> int:
    """Count this request under `group`; 0 to go on, else seconds until the address is under `rate` again."""
    usage = get_usage(request, group=group, key="ip", rate=rate, increment=True)
    if not usage or not usage["should_limit"]:
        return 0
    return max(1, usage["time_left"])
