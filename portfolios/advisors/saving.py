"""Filters with a name: made, named anew, deleted. They are a person's own, so no trail tells of them."""

from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from portfolios.models import SavedFilter
from portfolios.models.filters import LONGEST_QUERY
from riskalloc.firms.models import Membership
from riskalloc.firms.tenancy import unless_hidden

MOST_FILTERS = 30


class TooManyFilters(Exception):
    """There is no room for another one."""


class TooLong(Exception):
    """More is asked for than a filter can keep."""


class NameTaken(Exception):
    """Another filter of this person has the name."""


@transaction.atomic
def save_filter(*, membership: Membership, filter_id: UUID, name: str, query: str) -> SavedFilter:
    """Sent twice, saved once. Raises TooManyFilters, TooLong and NameTaken."""
    locked = Membership.objects.select_for_update().get(pk=membership.pk)
    mine = SavedFilter.objects.filter(membership__user=locked.user_id)
    known = mine.filter(pk=filter_id).first()
    if known:
        return known
    if len(query) > LONGEST_QUERY:
        raise TooLong
    if mine.filter(name=name).exists():
        raise NameTaken
    if mine.count() >= MOST_FILTERS:
        raise TooManyFilters
    is_taken = SavedFilter.objects.filter(pk=filter_id).exists()  # by somebody else
    return SavedFilter.objects.create(
        pk=uuid4() if is_taken else unless_hidden(SavedFilter, filter_id),
        membership=locked,
        firm_id=locked.firm_id,
        name=name,
        query=query,
    )


def rename_filter(*, saved: SavedFilter, name: str) -> None:
    """Raises NameTaken."""
    try:
        with transaction.atomic():
            SavedFilter.objects.filter(pk=saved.pk).update(name=name)
    except IntegrityError:
        raise NameTaken from None
