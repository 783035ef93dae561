"""One thing at a time happens to a portfolio.

Locks are taken in one order everywhere, so that nobody waits in a circle: the client, then securities by
their keys, then portfolios by theirs. What a portfolio is worth is read after its lock, never before.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import models

from portfolios.models import Portfolio, Security
from questionnaire.services.locking import lock
from riskalloc.firms.audit import By, record
from riskalloc.web.errors import Gone


class ChangedMeanwhile(Exception):
    """Somebody else has saved since the form was made; `theirs` is what they saved."""

    def __init__(self, theirs: models.Model) -> None:
        super().__init__(f"{theirs._meta.label} {theirs.pk} has changed meanwhile")
        self.theirs = theirs


def lock_portfolio(portfolio: Portfolio, securities: Iterable[UUID] = ()) -> Portfolio:
    """The portfolio as it is now, with its client and policy, until the transaction ends; Gone if it is not.

    `securities` are the keys of those whose price the work depends on.
    """
    client = lock(portfolio.client)
    lock_securities(securities)
    rows = Portfolio.objects.select_for_update(of=("self",)).select_related("policy")
    locked = rows.filter(pk=portfolio.pk, client=client).first()
    if locked is None:
        raise Gone
    locked.client, locked.firm = client, client.firm
    return locked


def lock_securities(keys: Iterable[UUID]) -> dict[UUID, Security]:
    rows = Security.objects.select_for_update().filter(pk__in=set(keys)).order_by("pk")
    return {security.pk: security for security in rows} if keys else {}


def note(
    portfolio: Portfolio,
    action: str,
    of: models.Model,
    by: By,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """The entry in the trail, last in the transaction."""
    record(
        by=by,
        firm_id=portfolio.firm_id,
        action=action,
        of=of,
        about=portfolio.client_id,
        before=before,
        after=after,
    )
