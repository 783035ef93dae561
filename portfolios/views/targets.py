"""What a portfolio is meant to be: taken from answers, or typed; the earlier ones stay on the list."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from portfolios.display import targets as targets_shown
from portfolios.forms.targets import AnswersForm, TargetForm, TypedForm
from portfolios.models import Portfolio, Target
from portfolios.services.mixes import Percents, decision_for, percents_of
from portfolios.services.targets import set_target
from portfolios.views.finding import changeable_portfolio, may_change, portfolio_of
from questionnaire.views.clients import by_for
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import go_to, page_or_fragment


class ShownAnew(Exception):
    """Something else holds by now than the page showed: it is shown before anything is saved."""


@require_http_methods(["GET", "POST"])
@signed_in
def target(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    if request.method == "GET":
        return show_target(request, portfolio_of(request, portfolio_id))
    portfolio = changeable_portfolio(request, portfolio_id)
    if "use" not in request.POST:
        return use_typed(request, portfolio)
    use = {"answers": use_answers, "present": keep_present}.get(request.POST["use"])
    try:
        if use and use(request, portfolio):
            return go_to("portfolio", portfolio_id=portfolio.pk)
    except ShownAnew:
        return show_target(request, portfolio, is_stale=True, status=409)
    return show_target(request, portfolio, status=422)


# -- Saving -----------------------------------------------------------------------------------------------


def use_answers(request: HttpRequest, portfolio: Portfolio) -> bool:
    """The mix that the page showed, unless there are newer answers by now."""
    form = AnswersForm(request.POST)
    if not form.is_valid():
        return False
    sent = form.cleaned_data
    if is_sent_again(portfolio, sent["id"]):
        return True
    decision = decision_for(portfolio.client)
    if decision is None or decision.shown_as != (sent["result"], sent["override"]):
        raise ShownAnew
    check_same(portfolio, sent["was"])
    save(
        request,
        portfolio,
        target_id=sent["id"],
        percents=decision.percents(),
        assessment=decision.assessment,
        override=decision.override,
    )
    return True


def keep_present(request: HttpRequest, portfolio: Portfolio) -> bool:
    """The present target once more, from today: what was proposed is answered."""
    form = TargetForm(request.POST)
    if not form.is_valid():
        return False
    sent = form.cleaned_data
    if is_sent_again(portfolio, sent["id"]):
        return True
    now = check_same(portfolio, sent["was"])
    if now is None:
        raise ShownAnew
    save(
        request,
        portfolio,
        target_id=sent["id"],
        percents=percents_of(now),
        assessment=now.assessment,
        override=now.override,
    )
    return True


def use_typed(request: HttpRequest, portfolio: Portfolio) -> HttpResponse:
    form = TypedForm(request.POST)
    if not form.is_valid():
        return show_target(request, portfolio, form=form, status=422)
    if "preview" in request.POST:
        return show_target(request, portfolio, form=form, percents=form.percents())
    sent = form.cleaned_data
    if not is_sent_again(portfolio, sent["id"]):
        try:
            check_same(portfolio, sent["was"])
        except ShownAnew:
            new = form.percents()
            return show_target(
                request, portfolio, form=form, percents=new, is_stale=True, status=409
            )
        save(request, portfolio, target_id=sent["id"], percents=form.percents())
    return go_to("portfolio", portfolio_id=portfolio.pk)


def is_sent_again(portfolio: Portfolio, target_id: UUID) -> bool:
    return portfolio.targets.filter(pk=target_id).exists()


def check_same(portfolio: Portfolio, was: UUID | None) -> Target | None:
    """The target that holds now, if it is the one that the page showed."""
    now = Target.objects.latest_of(portfolio)
    if (now.pk if now else None) != was:
        raise ShownAnew
    return now


def save(request: HttpRequest, portfolio: Portfolio, **values: Any) -> Target:
    return set_target(portfolio=portfolio, by=by_for(request, portfolio.client), **values)


# -- Showing ----------------------------------------------------------------------------------------------


def show_target(
    request: HttpRequest,
    portfolio: Portfolio,
    *,
    form: TypedForm | None = None,
    percents: Percents | None = None,
    is_stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    """`percents` are those of a typed target that is looked at before it is saved."""
    now = Target.objects.latest_of(portfolio)
    decision = decision_for(portfolio.client)
    present = percents_of(now)
    context = {
        "portfolio": portfolio,
        "can_change": may_change(portfolio),
        "target": now,
        "source": targets_shown.source_of_target(now, portfolio.client),
        "lines": targets_shown.lines(present, present),
        "answers": targets_shown.offer(decision, now, portfolio.client),
        "form": form or TypedForm.of_target(now),
        "preview": None if percents is None else targets_shown.lines(present, percents),
        "earlier": targets_shown.earlier_targets(portfolio),
        "is_stale": is_stale,
    }
    return page_or_fragment(
        request,
        "portfolios/target.html",
        context,
        fragments={"preview": "portfolios/_preview.html"},
        status=status,
    )
