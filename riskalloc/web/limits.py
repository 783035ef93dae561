"""How much may be sent at once."""

import re

from django.conf import settings


def most_bytes(path: str) -> int:
    """The largest body that a path takes."""
    for pattern, most in settings.LARGER_BODIES.items():
        if re.fullmatch(pattern, path):
            return int(most)
    return int(settings.MOST_BYTES)
