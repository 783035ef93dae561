"""What a page says about a security: its classes, and who else has it."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _, ngettext

from portfolios.models import Holding, Portfolio, Security
from portfolios.services.securities import may_classify, may_price
from portfolios.snapshots import BASIS_POINT, names_of_classes


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Who may change what, and who is touched by it."""

    may_price: bool
    may_classify: bool
    holders: str


def shared(security: Security, portfolio: Portfolio, *, can_change: bool) -> Shared:
    client = portfolio.client
    return Shared(
        may_price=can_change and may_price(security, client),
        may_classify=can_change and may_classify(security, client),
        holders=holders(security, portfolio),
    )


def holders(security: Security, portfolio: Portfolio) -> str:
    """How many portfolios a change touches; a client of a practice is told of their own alone."""
    rows = Holding.objects.kept().filter(security=security)
    if not (portfolio.client.is_managed or portfolio.client.firm.is_personal):
        rows = rows.filter(client=portfolio.client)
    count = rows.values("portfolio").distinct().count()
    if portfolio.client.is_managed:
        say = ngettext(
            "{count} portfolio of this firm holds it.",
            "{count} portfolios of this firm hold it.",
            count,
        )
    else:
        say = ngettext(
            "{count} of your portfolios holds it.", "{count} of your portfolios hold it.", count
        )
    return say.format(count=count) if count else _("Nobody holds it now.")


def class_rows(security: Security) -> list[tuple[str, Decimal]]:
    """Name and percent of each class, then what is unclassified."""
    names = names_of_classes()
    units = {**security.per_class(), "unclassified": security.unclassified}
    return [(names[held], part * BASIS_POINT) for held, part in units.items() if part]
