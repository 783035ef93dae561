"""Everything that happened to a client in one list, newest first: what was calculated, decided and noted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from questionnaire.display.clients import Moment, light_assessments, moment
from questionnaire.models import ClientProfile, LifeEvent, Note, Override, Review
from questionnaire.services.belongings import Happening, happened_to

PER_PAGE = 25
MOST_PAGES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One of these; whoever prints it asks which."""

    at: datetime
    moment: Moment | None = None
    override: Override | None = None
    review: Review | None = None
    note: Note | None = None
    happening: Happening | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    entries: Sequence[Entry]
    number: int
    has_older: bool

    @property
    def newer(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def older(self) -> int | None:
        return self.number + 1 if self.has_older and self.number < MOST_PAGES else None


def page_number(text: str) -> int:
    """What an address asks for; the first page where that is nothing sensible."""
    is_number = text.isascii() and text.isdigit() and len(text) < 4
    return min(max(int(text), 1), MOST_PAGES) if is_number else 1


def timeline(client: ClientProfile, *, number: int = 1, with_notes: bool) -> Page:
    """A page of it; as many queries however long a life is."""
    most = number * PER_PAGE + 1
    found = sorted(entries(client, most, with_notes), key=lambda entry: entry.at, reverse=True)
    start = (number - 1) * PER_PAGE
    return Page(
        entries=found[start : start + PER_PAGE],
        number=number,
        has_older=len(found) > start + PER_PAGE,
    )


def entries(client: ClientProfile, most: int, with_notes: bool) -> Iterable[Entry]:
    """The newest of each kind, enough of them for the newest of all."""
    for one in moments(client, most):
        yield Entry(at=one.at, moment=one)
    for override in client.overrides.select_related("assessment").defer(*HEAVY)[:most]:
        yield Entry(at=override.made_at, override=override)
    for review in client.reviews.order_by("-recorded_at", "pk")[:most]:
        yield Entry(at=review.recorded_at, review=review)
    if with_notes:
        for note in client.desk_notes.order_by("-written_at", "pk")[:most]:
            yield Entry(at=note.written_at, note=note)
    for happening in happened_to(client, most):
        yield Entry(at=happening.at, happening=happening)


HEAVY = ("assessment__answers", "assessment__calculation", "assessment__worth")


def moments(client: ClientProfile, most: int) -> list[Moment]:
    """The last assessments, each with the one before it and the event that opened it."""
    assessments = list(light_assessments(client)[: most + 1])
    keys = [assessment.pk for assessment in assessments]
    opened = LifeEvent.objects.filter(client=client, assessment__in=keys)
    events = {event.assessment_id: event for event in opened}
    pairs = zip_longest(assessments, assessments[1:])
    return [moment(now, before, events.get(now.pk)) for now, before in pairs][:most]
