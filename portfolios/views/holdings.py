"""One row of the table, opened, saved and added: with htmx in its place, without it as pages."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portfolios.display import holdings as holdings_shown
from portfolios.display.faster import Faster, faster, faster_price
from portfolios.forms.holdings import AddForm, EditForm, initial_of
from portfolios.models import CLASSES, Holding, Portfolio, Security
from portfolios.services import holdings
from portfolios.services.holdings import Saved
from portfolios.services.locking import ChangedMeanwhile
from portfolios.services.rows import Entry, add_row, change_row
from portfolios.services.securities import may_classify, may_price
from portfolios.snapshots import names_of_classes
from portfolios.views.entries import (
    PROBLEMS,
    ask_again_for_rate,
    checked_entry,
    explain,
    put_rate,
)
from portfolios.views.finding import changeable_portfolio, may_change, portfolio_of
from portfolios.views.portfolio import (
    accounts_of,
    back_to,
    new_add_form,
    place,
    show_page,
    shown,
    standing,
)
from portfolios.views.rows import BACK, DELETED, ROW, answer, changed, holding_in, in_row, look_of
from questionnaire.views.clients import by_for
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import htmx_target, page_or_fragment

ADD = "add"  # the id of the form that adds a row


@require_GET
@signed_in
def row(request: HttpRequest, portfolio_id: UUID, holding_id: UUID) -> HttpResponse:
    """The row as it is: what Cancel brings back, with all that a preview has covered."""
    portfolio = portfolio_of(request, portfolio_id)
    holding = holding_in(portfolio, holding_id, is_kept=False)
    if not in_row(request, holding):
        return back_to(portfolio, look_of(request), holding)
    template = DELETED if holding.deleted_at else ROW
    view = shown(request, portfolio)
    is_previewed = "previewed" in request.GET
    context = {
        **(
            standing(view, holding.security.symbol) if is_previewed else place(portfolio, view.look)
        ),
        "holding": holding,
        "rows": holdings_shown.only_rows(portfolio, view.now, [holding.pk]),
        "row_template": template,
        "can_change": may_change(portfolio),
        "is_alone": True,
        "is_oob": True,
    }
    fragments = {f"h-{holding.pk}": BACK if is_previewed else template}
    return page_or_fragment(request, template, context, fragments=fragments)


@require_http_methods(["GET", "POST"])
@signed_in
def edit(request: HttpRequest, portfolio_id: UUID, holding_id: UUID) -> HttpResponse:
    portfolio = changeable_portfolio(request, portfolio_id)
    holding = holding_in(portfolio, holding_id, is_kept=request.method == "GET")
    form = edit_form(request, holding)
    if request.method == "GET":
        return show_edit(request, holding, form)
    if not form.is_valid():
        return show_edit(request, holding, form, status=422)
    return save(request, holding, form)


def edit_form(request: HttpRequest, holding: Holding) -> EditForm:
    """What the holding and its security offer to this person; bound to what was sent."""
    portfolio, security = holding.portfolio, holding.security
    accounts = accounts_of(portfolio)
    if request.method == "POST":
        form = EditForm(accounts, portfolio.currency, request.POST)
    else:
        form = EditForm(accounts, portfolio.currency, initial=initial_of(holding))
    names = names_of_classes()
    basis_points = [getattr(security, name) for name in CLASSES]
    now = holdings_shown.classes_of(basis_points, names)
    form.name_classes(now, names, is_guessed=security.is_guessed)
    form.shown_symbol = security.symbol
    form.set_unit(("price",), security.currency)
    form.lock_shared(
        may_price=may_price(security, portfolio.client),
        may_classify=may_classify(security, portfolio.client),
    )
    ask_again_for_rate(request, form)
    return form


def show_edit(
    request: HttpRequest, holding: Holding, form: EditForm, *, status: int = 200
) -> HttpResponse:
    if form.errors:
        form.focus_on_what_is_wrong()
    else:
        form.focus_on("symbol")
    context = {**place(holding.portfolio, look_of(request)), "holding": holding, "form": form}
    fragments = {f"h-{holding.pk}": "portfolios/_row_edit.html"}
    return page_or_fragment(
        request, "portfolios/holding.html", context, fragments=fragments, status=status
    )


def save(request: HttpRequest, holding: Holding, form: EditForm) -> HttpResponse:
    client = holding.portfolio.client
    by, version = by_for(request, client), form.cleaned_data["version"]
    entry = checked_entry(form, holding.portfolio, holding.security)
    if entry is None:
        return show_edit(request, holding, form, status=422)
    try:
        put_rate(request, form, holding.portfolio)
        if request.POST.get("bring_back") and holding.deleted_at:
            version = holdings.restore_holding(holding=holding, by=by).holding.version
        saved = change_row(holding=holding, version=version, entry=entry, by=by)
    except PROBLEMS as problem:
        explain(form, problem)
        return show_edit(request, holding, form, status=422)
    except ChangedMeanwhile as meanwhile:
        return show_conflict(request, holding, form, entry, meanwhile.theirs)
    return answer(request, holding.portfolio, saved, _("Saved {symbol}."))


def show_conflict(
    request: HttpRequest, holding: Holding, form: EditForm, entry: Entry, theirs: Any
) -> HttpResponse:
    """What somebody else has saved, what was typed here, and both ways out."""
    if isinstance(theirs, Security):
        said = faster_price(theirs, form.cleaned_data["shown_price"], entry.price)
        versions = {"security_version": theirs.version}
    else:
        said = said_of_holding(theirs, form, entry)
        versions = {"version": theirs.version}
    context = {
        **place(holding.portfolio, look_of(request)),
        "holding": holding,
        "faster": said,
        "kept": kept_fields(request, form, versions),
    }
    fragments = {f"h-{holding.pk}": "portfolios/_row_conflict.html"}
    return page_or_fragment(
        request, "portfolios/faster.html", context, fragments=fragments, status=409
    )


def said_of_holding(theirs: Holding, form: EditForm, entry: Entry) -> Faster:
    typed = dict(entry.values)
    if entry.account:
        typed["account_id"] = entry.account.pk
    return faster(theirs, form.cleaned_data["version"], typed)


def kept_fields(
    request: HttpRequest, form: EditForm, versions: dict[str, int]
) -> list[tuple[str, str]]:
    """Everything that was sent, for the form that sends it again knowing of the other's version."""
    sent = {name: request.POST.get(name, "") for name in form.fields}
    return list({**sent, **{name: str(number) for name, number in versions.items()}}.items())


# -- Adding -----------------------------------------------------------------------------------------------


@require_POST
@signed_in
def add(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """Sent twice, added once."""
    portfolio = changeable_portfolio(request, portfolio_id)
    form = AddForm(accounts_of(portfolio), portfolio.currency, request.POST, auto_id=f"{ADD}_%s")
    ask_again_for_rate(request, form)
    entry = checked_entry(form, portfolio) if form.is_valid() else None
    if entry is None:
        return show_add(request, portfolio, form)
    by = by_for(request, portfolio.client)
    try:
        put_rate(request, form, portfolio)
        added = add_row(portfolio=portfolio, holding_id=form.holding_id, entry=entry, by=by)
    except PROBLEMS as problem:
        explain(form, problem)
        return show_add(request, portfolio, form)
    return answer_added(request, portfolio, added)


def show_add(request: HttpRequest, portfolio: Portfolio, form: AddForm) -> HttpResponse:
    if htmx_target(request) != ADD:
        return show_page(request, shown(request, portfolio), add_form=form, status=422)
    form.focus_on_what_is_wrong()
    context = {
        **place(portfolio, look_of(request)),
        "add_form": form,
        "is_first": is_first(request),
        "can_change": True,
    }
    fragments = {ADD: "portfolios/_add.html"}
    return page_or_fragment(
        request, "portfolios/portfolio.html", context, fragments=fragments, status=422
    )


def answer_added(request: HttpRequest, portfolio: Portfolio, added: Saved) -> HttpResponse:
    """An empty form again, and the new row at the end of the table."""
    if htmx_target(request) != ADD:
        return back_to(portfolio, look_of(request), added.holding)
    view = shown(request, portfolio, added.now)
    form = new_add_form(portfolio)
    form.focus_on("symbol")
    context = {
        **changed(view, added.holding, _("Added {symbol}.")),
        "add_form": form,
        "is_first": is_first(request),
    }
    fragments = {ADD: "portfolios/_added.html"}
    return page_or_fragment(request, "portfolios/portfolio.html", context, fragments=fragments)


def is_first(request: HttpRequest) -> bool:
    """Whether the page that the form is on has no table yet."""
    return request.POST.get("is_first") == "yes"
