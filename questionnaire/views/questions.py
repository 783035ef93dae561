"""One question to a page, and the check before the result."""

from dataclasses import dataclass
from decimal import Decimal

from django.forms.boundfield import BoundWidget
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from questionnaire import snapshots, wizard
from questionnaire.forms import QuestionForm
from questionnaire.models import Draft
from questionnaire.services import answering
from questionnaire.services.methods import method_for
from questionnaire.views.drafts import draft_of, renew
from riskalloc import methodology
from riskalloc.engine.questions import Question
from riskalloc.engine.rules import Methodology
from riskalloc.engine.scoring import Scores, score
from riskalloc.firms.audit import by_of
from riskalloc.web.errors import answer, not_found
from riskalloc.web.fragments import go_to, leave_for, page_or_fragment
from riskalloc.web.numbers import hidden_number

LATER = "later"
DISPUTED = ("C1", "C3", "horizon")


def draft_in_use(request: HttpRequest) -> tuple[Draft | None, Methodology]:
    """The draft of this browser, and the method that will read it: that of the client's firm, if it has one.

    Answers that an older questionnaire asked for are left out.
    """
    draft = draft_of(request)
    version = draft.client.firm.method if draft and draft.client else methodology.DEFAULT_VERSION
    method = methodology.load(version)
    if draft:
        draft.answers = wizard.still_valid(draft.answers, method)
        draft.suggested = wizard.still_valid(draft.suggested, method)
    return draft, method


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, slug: str) -> HttpResponse:
    draft, method = draft_in_use(request)
    asked = wizard.question_of(slug, method)
    if asked is None:
        return not_found(request)
    if draft is None:
        return leave_for(request, "expired")
    if not wizard.is_reachable(asked, draft.answers, method):
        opened = wizard.first_open(draft.answers, method)
        assert opened is not None  # otherwise everything is reachable
        return go_to_question(opened, "?first=1")
    if request.method == "POST":
        return save(request, asked, draft, method)
    form = QuestionForm.of_answer(asked, draft.amount, draft.shown_answer(asked.id))
    return show(request, asked, draft, form, method)


def save(request: HttpRequest, asked: Question, draft: Draft, method: Methodology) -> HttpResponse:
    """Keep the answer and go to what comes next; from the check page, back to it."""
    if request.POST.get(LATER) and asked.is_scored:
        draft = answering.save_answer(draft=draft, question_id=asked.id, answer=None)
    else:
        form = QuestionForm(asked, draft.amount, data=request.POST)
        if not form.is_valid():
            return show(request, asked, draft, form, method, status=422)
        draft = answering.save_answer(draft=draft, question_id=asked.id, answer=form.answer())
    opened = wizard.first_open(draft.answers, method)
    response = go_to_question(opened) if opened else go_to("check")
    renew(request, response)
    return response


def go_to_question(question: Question, query: str = "") -> HttpResponse:
    response = go_to("question", slug=wizard.slug(question))
    response["Location"] += query
    return response


def show(
    request: HttpRequest,
    asked: Question,
    draft: Draft,
    form: QuestionForm,
    method: Methodology,
    status: int = 200,
) -> HttpResponse:
    is_checking = wizard.first_open(draft.answers, method) is None
    back = wizard.before(asked, method)
    context = {
        "question": asked,
        "draft": draft,
        "is_suggested": asked.id not in draft.answers and asked.id in draft.suggested,
        "slug": wizard.slug(asked),
        "title": wizard.text(asked.title, draft.amount),
        "hint": wizard.text(asked.hint, draft.amount),
        "not_sure": wizard.text(asked.not_sure, draft.amount),
        "caption": wizard.CAPTIONS[asked.about],
        "number": wizard.number_of(asked, method),
        "count": len(method.questionnaire.questions),
        "form": form,
        "back_slug": None if is_checking or not back else wizard.slug(back),
        "is_checking": is_checking,
        "is_first_open": "first" in request.GET,
        "outcomes": outcomes(asked, form, draft.amount, method),
    }
    fragments = {"step": "questionnaire/_question.html"}
    return page_or_fragment(
        request, "questionnaire/question.html", context, fragments=fragments, status=status
    )


def outcomes(
    asked: Question, form: QuestionForm, amount: Decimal | None, method: Methodology
) -> list[tuple[BoundWidget, wizard.Outcome]]:
    """Each choice of a mix with what that mix went through; empty for other questions."""
    field = asked.fields[0]
    if amount is None or not any(choice.stocks for choice in field.choices):
        return []
    radios = form[field.name].subwidgets
    return [
        (radio, wizard.outcome(choice, amount, method))
        for radio, choice in zip(radios, field.choices, strict=True)
    ]


# -- Check your answers -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRow:
    """One question on the check page; no lines where it is still open."""

    question: Question
    slug: str
    lines: list[str]


def contradictions(scores: Scores, method: Methodology) -> list[tuple[Question, ...]]:
    """Pairs of answers behind the limits that two answers caused: a careful one, and the boldest other."""
    pairs = dict.fromkeys(
        pulled_apart(step.rule, scores, method)
        for step in scores.adjustments
        if step.rule in DISPUTED
    )
    return [tuple(map(method.questionnaire.question, pair)) for pair in pairs]


def pulled_apart(rule: str, scores: Scores, method: Methodology) -> tuple[str, str]:
    risk = [question.id for question in method.questionnaire.about("risk")]
    if rule == "C1":
        return "past_behaviour", "drop_reaction"
    if rule == "horizon":
        careful = "horizon"
    else:
        items = method.limits.lowest.items if method.limits else ()
        careful = min(items, key=lambda item: scores.items[item])
    bold = max((item for item in risk if item != careful), key=lambda item: scores.items[item])
    return careful, bold


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """All answers in short; the result is calculated when this page is sent."""
    draft, method = draft_in_use(request)
    if draft is None:
        return leave_for(request, "expired")
    if opened := wizard.first_open(draft.answers, method):
        return go_to_question(opened, "?first=1")
    if request.method == "GET":
        return show_check(request, draft, method)
    try:
        assessment = answering.finish(
            draft=draft,
            version=sent_version(request),
            method=method_for(draft.client.firm) if draft.client else method,
            by=by_of(request),
        )
    except (answering.ChangedElsewhere, snapshots.Unfinished):
        now, _ = draft_in_use(request)
        return show_check(request, now or draft, method, is_stale=True, status=409)
    return leave_for(request, "result", public_id=assessment.public_id)


def sent_version(request: HttpRequest) -> int:
    """The version of the answers that the page showed."""
    return hidden_number(request.POST.get("version", ""))


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Record that two answers stay although they pull apart."""
    draft = draft_of(request)
    if draft is None:
        return leave_for(request, "expired")
    answering.keep_contradictions(draft=draft, version=sent_version(request))
    return go_to("check")


def show_check(
    request: HttpRequest,
    draft: Draft,
    method: Methodology,
    *,
    is_stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    missing = wizard.unanswered(draft.answers, method)
    found = []
    if not missing:
        found = contradictions(score(snapshots.answers_of(draft.answers, method), method), method)
    rows = [
        CheckedRow(
            question=asked,
            slug=wizard.slug(asked),
            lines=wizard.shown(asked, answer, draft.amount) if answer else [],
        )
        for asked in method.questionnaire.questions
        for answer in [draft.answer(asked.id)]
    ]
    by_id = {row.question.id: row for row in rows}
    context = {
        "groups": [
            (wizard.CAPTIONS[about], [row for row in rows if row.question.about == about])
            for about in wizard.CAPTIONS
        ],
        "contradictions": [[by_id[asked.id] for asked in pair] for pair in found],
        "draft": draft,
        "missing": [(q, wizard.slug(q)) for q in missing],
        "is_stale": is_stale,
    }
    fragments = {"step": "questionnaire/_check.html"}
    return page_or_fragment(
        request, "questionnaire/check.html", context, fragments=fragments, status=status
    )


@require_http_methods(["GET"])
def expired(request: HttpRequest) -> HttpResponse:
    return answer(
        request,
        404,
        "There are no answers here",
        "This browser has no running questionnaire, or it has expired. You can start again at any time.",
    )
