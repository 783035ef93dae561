"""What a portfolio is meant to be, and how far it may stray."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from portfolios.models import Policy, Portfolio, Target
from portfolios.services.locking import ChangedMeanwhile, lock_portfolio, note
from portfolios.services.standing import keep
from questionnaire.models import Assessment, Override
from riskalloc.firms.audit import By, changes, plain_values
from riskalloc.firms.tenancy import unless_hidden

POLICY_VALUES = (
    "band",
    "band_points",
    "band_percent",
    "band_floor",
    "stocks_ceiling",
    "drift_points",
    "watches_calendar",
    "watches_life_events",
    "minimum_trade",
    "whole_shares",
    "cash_to_keep",
    "counts_cash",
    "usual_deposit",
)
POINTS = Decimal("0.01")


@transaction.atomic
def set_target(
    *,
    portfolio: Portfolio,
    target_id: UUID,
    percents: Mapping[str, Decimal],
    by: By,
    assessment: Assessment | None = None,
    override: Override | None = None,
) -> Target:
    """A new target; the earlier ones stay. Percent with two decimals that add up to 100. Once per id."""
    locked = lock_portfolio(portfolio)
    known = Target.objects.filter(pk=target_id).first()
    if known and known.portfolio_id == locked.pk:
        return known
    target = Target(
        # An id that is somebody else's says nothing here.
        pk=uuid4() if known else unless_hidden(Target, target_id),
        firm=locked.firm,
        client=locked.client,
        portfolio=locked,
        assessment=assessment,
        override=override,
        made_by=by.name,
        **{name: int(percent / POINTS) for name, percent in percents.items()},
    )
    before = Target.objects.latest_of(locked)
    target.save(force_insert=True)
    keep(locked)
    note(
        locked,
        "target set",
        target,
        by,
        before=before.per_class() if before else None,
        after=target.per_class() | {"result": assessment.public_id if assessment else None},
    )
    return target


@transaction.atomic
def change_policy(
    *, portfolio: Portfolio, version: int, values: Mapping[str, Any], by: By
) -> Policy:
    """Raises ChangedMeanwhile, unless it says the same by now."""
    locked = lock_portfolio(portfolio)
    policy = locked.policy
    before = plain_values(policy, POLICY_VALUES)
    for name, value in values.items():
        setattr(policy, name, value)
    was, now = changes(before, plain_values(policy, POLICY_VALUES))
    if not now:
        return policy
    if policy.version != version:
        raise ChangedMeanwhile(Policy.objects.get(pk=policy.pk))
    policy.version += 1
    policy.save(update_fields=[*values, "version"])
    keep(locked)
    note(locked, "policy changed", policy, by, before=was, after=now)
    return policy
