"""What advisors look for again and again."""

from typing import ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from riskalloc.firms.models import Membership, TenantModel, Viewer

LONGEST_FILTER_NAME = 60
LONGEST_QUERY = 500


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def visible_to(self, user: Viewer) -> Self:
        """One's own, and nobody else's."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(membership__user=user)


class SavedFilter(TenantModel):
    """A way of looking at the client list that a person at the desk gave a name."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=LONGEST_FILTER_NAME)
    # The part of the list's address behind the question mark, as the list itself writes it.
    query = models.CharField(max_length=LONGEST_QUERY)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="saved_filter_named_once", fields=["membership", "name"]),
            models.CheckConstraint(name="saved_filter_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
