"""Prices of a whole firm: paste or upload, look at what was understood, save all of it or nothing."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portfolios.advisors import prices_shown
from portfolios.advisors.prices_forms import PricesForm
from portfolios.imports.prices import PriceReading, read_prices
from portfolios.imports.reading import NotRead
from portfolios.imports.texts import text_of
from portfolios.models import PriceImport
from portfolios.services.prices import foresee, take_prices, undo_prices
from portfolios.valuing import TooLarge
from questionnaire.views.people import may_add
from riskalloc.firms.access import signed_in
from riskalloc.firms.audit import by_of
from riskalloc.firms.models import Firm, Job
from riskalloc.web.fragments import go_to

LISTED = 20


@require_http_methods(["GET", "POST"])
@signed_in
def prices(request: HttpRequest) -> HttpResponse:
    """Step 1 is the empty form, step 2 what was understood of it, step 3 saving that."""
    firms = firms_of(request)
    if not firms:
        raise Http404
    if request.method == "GET":
        return show_form(request, firms, PricesForm(firms))
    form = PricesForm(firms, request.POST, request.FILES)
    if not form.is_valid():
        return show_form(request, firms, form, status=422)
    try:
        text = text_of(form.source())
        today = timezone.localdate()
        reading = read_prices(text, today=today, usual_day=form.day, choices=form.choices)
    except NotRead as error:
        form.add_error("text", str(error))
        return show_form(request, firms, form, status=422)
    step = Step(request, form.chosen_firm, form, text, reading)
    return step.save() if request.POST.get("step") == "save" else step.show()


def firms_of(request: HttpRequest) -> list[Firm]:
    """Where this person changes things."""
    desks = may_add(request).select_related("firm").order_by("firm__name")
    return [membership.firm for membership in desks]


def show_form(
    request: HttpRequest, firms: list[Firm], form: PricesForm, status: int = 200
) -> HttpResponse:
    imports = PriceImport.objects.visible_to(request.user).filter(firm__in=firms)
    context = {
        "form": form,
        "firms": firms,
        "imports": imports.defer("effect").order_by("-made_at", "pk")[:LISTED],
        "nav": "prices",
    }
    return render(request, "portfolios/advisors/prices.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Step:
    """A text that was read: shown, or saved as it was shown."""

    request: HttpRequest
    firm: Firm
    form: PricesForm
    text: str
    reading: PriceReading

    def show(self, status: int = 200, **said: object) -> HttpResponse:
        lines = foresee(firm=self.firm, rows=self.reading.rows)
        context = {
            "firm": self.firm,
            "has_firms": len(self.form.firms) > 1,
            "form": self.form,
            "sent": self.form.cleaned_data,
            "usual_day": self.form.day,
            "text": self.text,
            "reading": self.reading,
            "ticked": self.form.confirmed_lines,
            "preview": prices_shown.preview(self.reading, lines),
            **said,
        }
        return render(
            self.request, "portfolios/advisors/prices_preview.html", context, status=status
        )

    def save(self) -> HttpResponse:
        if self.reading.digest != self.form.cleaned_data["digest"]:
            return self.show(409, refusal=_("Look at it once more: it reads otherwise by now."))
        try:
            taken = take_prices(
                firm=self.firm,
                import_id=self.form.cleaned_data["id"],
                rows=self.reading.rows,
                confirmed=self.form.confirmed_lines,
                left=self.reading.faults,
                by=by_of(self.request),
            )
        except TooLarge:
            say = _("With these prices a portfolio would be worth more than can be reckoned with.")
            return self.show(422, refusal=say)
        return go_to("desk_price_import", import_id=taken.pk)


# -- Afterwards -------------------------------------------------------------------------------------------


def imports_for(request: HttpRequest) -> QuerySet[PriceImport]:
    """Those of the firms where this person changes things."""
    mine = PriceImport.objects.visible_to(request.user).filter(firm__in=firms_of(request))
    return mine.select_related("firm")


@require_GET
@signed_in
def price_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What came in, what did not and why, and the way back."""
    found = get_object_or_404(imports_for(request), pk=import_id)
    context = {
        "import": found,
        "taken": prices_shown.taken_in(found),
        "left": prices_shown.left_of(found),
        "job": job_of(request, found),
        "given_back": found.effect.get("given_back", 0),
        "same": found.effect["same"],
    }
    return render(request, "portfolios/advisors/price_import.html", context)


def job_of(request: HttpRequest, found: PriceImport) -> Job | None:
    """The work that brings portfolios up to date, for those who may watch it."""
    if found.job is None:
        return None
    return Job.objects.visible_to(request.user).filter(pk=found.job).first()


@require_POST
@signed_in
def undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    found = get_object_or_404(imports_for(request), pk=import_id)
    undo_prices(price_import=found, by=by_of(request))
    return go_to("desk_price_import", import_id=found.pk)
