"""What a client's timeline tells of their portfolios: targets, plans, holdings that came in at once."""

from collections.abc import Iterable
from heapq import merge
from itertools import islice

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from portfolios.models import Paste, Plan, PlanKind, Target
from questionnaire.models import ClientProfile
from questionnaire.services.belongings import Happening


def happened_to(client: ClientProfile, most: int) -> Iterable[Happening]:
    """Three queries, however much there is."""
    lists = [plans(client, most), targets(client, most), pastes(client, most)]
    return islice(merge(*lists, key=lambda one: one.at, reverse=True), most)


def plans(client: ClientProfile, most: int) -> list[Happening]:
    rows = Plan.objects.filter(client=client).order_by("-made_at", "pk")
    return [
        Happening(
            at=plan.made_at,
            title=_("Plan saved"),
            text=f"{plan.portfolio.name}: {PlanKind(plan.kind).label}",
            by=plan.made_by,
            address=reverse("plan", args=[plan.portfolio_id, plan.pk]),
        )
        for plan in rows.select_related("portfolio").defer("inputs", "result")[:most]
    ]


def targets(client: ClientProfile, most: int) -> list[Happening]:
    rows = Target.objects.filter(client=client).order_by("-made_at", "pk")
    return [
        Happening(
            at=target.made_at,
            title=_("Target decided"),
            text=f"{target.portfolio.name}: {source_of(target)}",
            by=target.made_by,
            address=reverse("portfolio_target", args=[target.portfolio_id]),
        )
        for target in rows.select_related("portfolio")[:most]
    ]


def source_of(target: Target) -> str:
    if target.override_id:
        return _("as decided otherwise")
    return _("as calculated") if target.assessment_id else _("typed")


def pastes(client: ClientProfile, most: int) -> list[Happening]:
    rows = Paste.objects.filter(client=client, undone_at__isnull=True).order_by("-made_at", "pk")
    return [
        Happening(
            at=paste.made_at,
            title=_("Holdings pasted"),
            text=f"{paste.portfolio.name}: {so_many(paste.rows)}",
            by=paste.made_by,
            address=reverse("portfolio_pasted", args=[paste.portfolio_id, paste.pk]),
        )
        for paste in rows.select_related("portfolio").defer("effect")[:most]
    ]


def so_many(holdings: int) -> str:
    return ngettext("{n} holding", "{n} holdings", holdings).format(n=holdings)
