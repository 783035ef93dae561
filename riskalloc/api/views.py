"""The JSON calculator: stateless, without accounts, throttled per address."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated, Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import ValidationError, ValidationErrorContext
from ninja.openapi.docs import DocsBase
from pydantic import BaseModel, Field

from riskalloc.api.answers import Answer, answer_to
from riskalloc.api.exact_json import ExactParser, read
from riskalloc.api.fields import problem
from riskalloc.api.portfolio_answers import (
    DriftAnswer,
    PlanAnswer,
    SharesAnswer,
    drift_of,
    plan_of,
    shares_of,
)
from riskalloc.api.portfolio_requests import (
    DRIFT_EXAMPLE,
    PLAN_EXAMPLE,
    SHARES_EXAMPLE,
    DriftRequest,
    PlanRequest,
    SharesRequest,
)
from riskalloc.api.requests import (
    ALLOCATE_EXAMPLE,
    ASSESS_EXAMPLE,
    AllocateRequest,
    AssessRequest,
)
from riskalloc.engine import calculation
from riskalloc.engine.amounts import EngineError
from riskalloc.methodology import load
from riskalloc.web.errors import bad_request, too_many
from riskalloc.web.throttle import seconds_to_wait

DESCRIPTION = """
From answers, or from two scores, to an allocation; from values and targets to drift, a plan and whole
shares: the same functions that the pages call. Nothing is stored and no account is needed.

Money, percent and other decimals are text in plain digits, in and out; 60 means 60 %. JSON numbers are
accepted and read exactly. Unknown fields, and fields given twice, are refused. Everything that is wrong
is said at once; an error that belongs to no field has an empty `field`.
"""


class Problem(BaseModel):
    field: Annotated[str, Field(examples=["answers.max_loss"])]
    message: Annotated[str, Field(examples=["This is missing. Add it."])]


class Problems(BaseModel):
    errors: list[Problem]


class Docs(DocsBase):
    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        context = {"title": api.title, "document": self.get_openapi_url(api, kwargs)}
        return render(request, "api/docs.html", context)


class Calculator(NinjaAPI):
    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext]
    ) -> ValidationError:
        """Keeps what was sent beside each error, which the inherited one drops, until it has a sentence."""
        found = (
            context.pydantic_validation_error.errors(include_url=False)
            for context in error_contexts
        )
        return ValidationError([problem(error) for errors in found for error in errors])


api = Calculator(
    title="RiskAlloc calculator",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    parser=ExactParser(),
    docs=Docs(),
    docs_decorator=require_safe,
)

View = Callable[..., HttpResponse]
Asked = TypeVar("Asked", bound=BaseModel)


def throttled(view: View) -> View:
    """Counts every request, the refused ones too, before anything of it is read."""

    @wraps(view)
    def within_the_rate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seconds = seconds_to_wait(request, "api", settings.API_REQUESTS_PER_MINUTE)
        return too_many(request, seconds) if seconds else view(request, *args, **kwargs)

    return within_the_rate


api.add_decorator(throttled, mode="view")


def answers(answer: type[BaseModel]) -> Mapping[Any, Any]:
    return {200: answer, frozenset({413, 422, 429}): Problems}


# -- Answers when something is wrong ----------------------------------------------------------------------


def refused(errors: list[dict[str, str]]) -> HttpResponse:
    return JsonResponse({"errors": errors}, status=422)


@api.exception_handler(ValidationError)
def on_refused_fields(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return refused(error.errors)


@api.exception_handler(EngineError)
def on_refused_values(request: HttpRequest, error: EngineError) -> HttpResponse:
    return refused([{"field": "", "message": str(error)}])


@api.exception_handler(UnreadablePostError)
def on_broken_body(request: HttpRequest, error: UnreadablePostError) -> HttpResponse:
    return bad_request(request, error)


# -- The calculator ---------------------------------------------------------------------------------------


def assessed(asked: AssessRequest) -> Answer:
    method = load(asked.method)
    result = calculation.assess(
        asked.answers.for_engine(),
        asked.amount,
        method,
        needed=asked.needed_within_3_years,
        sleeves=asked.sleeves,
    )
    return answer_to(result, method)


def allocated(asked: AllocateRequest) -> Answer:
    method = load(asked.method)
    result = calculation.allocate_scores(
        asked.rti,
        asked.iss,
        asked.amount,
        method,
        horizon_years=asked.horizon_years,
        sleeves=asked.sleeves,
    )
    return answer_to(result, method)


def with_example(
    model: type[Asked], example: Mapping[str, Any], answered: Callable[[Asked], BaseModel]
) -> dict[str, Any]:
    """Documents an operation by example; the answer is worked out, not written down."""
    asked = model.model_validate(read(json.dumps(example).encode()))
    answer = answered(asked).model_dump()
    return {
        "requestBody": {"content": {"application/json": {"example": dict(example)}}},
        "responses": {200: {"content": {"application/json": {"example": answer}}}},
    }


@api.post(
    "/assess",
    response=answers(Answer),
    tags=["Calculator"],
    operation_id="assess",
    summary="Ten answers to an allocation",
    openapi_extra=with_example(AssessRequest, ASSESS_EXAMPLE, assessed),
)
def assess(request: HttpRequest, asked: AssessRequest) -> Answer:
    return assessed(asked)


@api.post(
    "/allocate",
    response=answers(Answer),
    tags=["Calculator"],
    operation_id="allocate",
    summary="Two scores to an allocation",
    description="Only what follows from the scores applies: of the limits, capacity and horizon.",
    openapi_extra=with_example(AllocateRequest, ALLOCATE_EXAMPLE, allocated),
)
def allocate(request: HttpRequest, asked: AllocateRequest) -> Answer:
    return allocated(asked)


# -- The portfolio ----------------------------------------------------------------------------------------


@api.post(
    "/drift",
    response=answers(DriftAnswer),
    tags=["Portfolio"],
    operation_id="drift",
    summary="Values and targets to drift and triggers",
    description="Weights are of the total with the cash flow, which counts as a row without a target.",
    openapi_extra=with_example(DriftRequest, DRIFT_EXAMPLE, drift_of),
)
def drift(request: HttpRequest, asked: DriftRequest) -> DriftAnswer:
    return drift_of(asked)


@api.post(
    "/plan",
    response=answers(PlanAnswer),
    tags=["Portfolio"],
    operation_id="plan",
    summary="Values and targets to trades",
    description="`full` ends at the target, `cash_flow` makes no opposite trade, `into_band` ends at the "
    "edges of the bands with the smallest sale. Both deposits are counted from what is held, in place of "
    "the cash flow. A plan that cannot be is refused with the reason.",
    openapi_extra=with_example(PlanRequest, PLAN_EXAMPLE, plan_of),
)
def plan(request: HttpRequest, asked: PlanRequest) -> PlanAnswer:
    return plan_of(asked)


@api.post(
    "/shares",
    response=answers(SharesAnswer),
    tags=["Portfolio"],
    operation_id="shares",
    summary="Prices, targets and cash to whole shares",
    openapi_extra=with_example(SharesRequest, SHARES_EXAMPLE, shares_of),
)
def shares(request: HttpRequest, asked: SharesRequest) -> SharesAnswer:
    return shares_of(asked)
