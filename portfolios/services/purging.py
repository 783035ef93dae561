"""What goes by itself once its day has come: holdings that somebody deleted and nobody brought back."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from portfolios.models import Holding

DELETED_KEPT = timedelta(days=30)


def purge() -> Mapping[str, int]:
    """They are in no figure, so none changes; that they were deleted stays in the trail."""
    is_old = Holding.objects.filter(deleted_at__lt=timezone.now() - DELETED_KEPT)
    _, by_table = is_old.delete()
    return {"deleted holdings": by_table.get(Holding._meta.label, 0)}
