"""Days that come round every year."""

from calendar import isleap
from datetime import date


def anniversary(day: date, year: int) -> date:
    """The same day of another year; after a 29 February, 28 February in common years."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(year, 2, 28) if is_leap_day and not isleap(year) else day.replace(year=year)
