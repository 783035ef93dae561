"""More of everything that a client owns, for pages to show."""

from types import SimpleNamespace
from uuid import uuid4

from django.db import models

from portfolios.models import Paste, Plan, PlanMark, Target
from portfolios.services.standing import keep
from questionnaire.models import ClientProfile
from tests.portfolios.factories import (
    AccountFactory,
    HoldingFactory,
    PortfolioFactory,
    SecurityFactory,
)


def own_more(own: SimpleNamespace, another: ClientProfile) -> None:
    """One more of each in the portfolio, a holding of the same security elsewhere, and portfolios."""
    account = AccountFactory(portfolio=own.portfolio)
    HoldingFactory(account=account, security=SecurityFactory(firm=own.firm))
    HoldingFactory(account=own.account, security=own.security)
    for client in (own.client, another):
        in_another = AccountFactory(portfolio=PortfolioFactory(client=client))
        HoldingFactory(account=in_another, security=own.security)
        keep(in_another.portfolio)
    for row in (own.target, own.paste, own.plan):
        copied(row)
    copied(own.mark)


def copied(row: Paste | Plan | PlanMark | Target) -> models.Model:
    fields = row._meta.concrete_fields
    values = {field.attname: getattr(row, field.attname) for field in fields}
    return type(row)._base_manager.create(**values | {"id": uuid4()})
