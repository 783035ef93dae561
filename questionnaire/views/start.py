"""The first page, help, and starting (again)."""

from decimal import Decimal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from questionnaire import wizard
from questionnaire.display import method as method_display, results
from questionnaire.models import Draft, new_token
from questionnaire.services import answering
from questionnaire.views.drafts import draft_of, forget, remember
from riskalloc import methodology
from riskalloc.engine.calculation import allocate_scores
from riskalloc.web.errors import closed, too_many
from riskalloc.web.fragments import go_to
from riskalloc.web.throttle import seconds_to_wait

EXAMPLE_RTI, EXAMPLE_ISS, EXAMPLE_AMOUNT = 18, 20, Decimal(100_000)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    method = methodology.load(methodology.DEFAULT_VERSION)
    draft = own_draft(request)
    next_question = wizard.first_open(draft.answers, method) if draft else None
    example = allocate_scores(EXAMPLE_RTI, EXAMPLE_ISS, EXAMPLE_AMOUNT, method)
    context = {
        "closed": settings.CLOSED,
        "contact": settings.CONTACT,
        "draft": draft,
        "live_result": draft.live_result if draft else None,
        "next_question": next_question,
        "next_slug": wizard.slug(next_question) if next_question else None,
        "next_number": wizard.number_of(next_question, method) if next_question else None,
        "count": len(method.questionnaire.questions),
        "example": example,
        "example_bar": results.bar(example.lines, method),
        "example_rows": results.rows(example.lines, example, method),
    }
    return render(request, "questionnaire/home.html", context)


def own_draft(request: HttpRequest) -> Draft | None:
    """The draft of this browser; one for a client is over once it has a result."""
    draft = draft_of(request)
    return None if draft and draft.client and draft.live_result else draft


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """A new draft for this browser; one that is still running goes on."""
    if settings.CLOSED:
        return closed(request)
    if own_draft(request):
        return go_to("home")
    if wait := seconds_to_wait(request, "drafts", settings.DRAFTS_PER_MINUTE):
        return too_many(request, wait)
    token = new_token()
    answering.start_draft(token=token)
    response = go_to("question", slug="amount")
    remember(response, token)
    return response


@require_http_methods(["GET", "POST"])
def start_again(request: HttpRequest) -> HttpResponse:
    """Ask first, then throw the draft away. Finished results stay."""
    draft = draft_of(request)
    if request.method == "GET" and draft:
        return render(request, "questionnaire/start_again.html", {"draft": draft})
    if draft:
        draft.delete()
    response = go_to("home")
    forget(response)
    return response


@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "questionnaire/help.html",
        {"contact": settings.CONTACT, "days": settings.RESULT_DAYS, "nav": "help"},
    )


@require_GET
def method_page(request: HttpRequest, version: str = methodology.DEFAULT_VERSION) -> HttpResponse:
    method = methodology.load(version)
    context = {
        "method": method,
        "versions": [methodology.load(name) for name in methodology.versions()],
        "tops": list(method.classes.tops.items()),
        "betas": [
            (names, method.assumptions.classes[asset], method.assumptions.beta(asset))
            for asset, names in method.classes.classes.items()
        ],
        "pairs_range": method_display.pairs_range(version),
        "base_rows": method_display.base_rows(method),
        "sentences": method_display.reported_sentences(method),
        "pairs": method_display.every_pair(version),
        "nav": "method",
    }
    return render(request, "questionnaire/method.html", context)
