"""What the database itself refuses of a desk's work, models and notes."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from questionnaire.models import ModelDraft, ModelMix, Note, PublishedModels
from riskalloc.engine.rules import RiskLabel
from riskalloc.firms.models import Job, JobItem
from tests.attacks.limits import NOW, Limit, check, of_client, once
from tests.factories import FirmFactory

WHOLE = 10_000
KEY, OTHER_KEY = uuid4(), uuid4()

# -- Work --------------------------------------------------------------------------------------------------


def a_job(**fields: Any) -> Job:
    return Job.objects.create(firm=FirmFactory(), kind="demo", title="Demo", **fields)


def an_item(
    shared: dict[str, Any] | None = None, *, job: str = "one", key: UUID = KEY, **fields: Any
) -> None:
    shared = {} if shared is None else shared
    job_ = shared[job] = shared.get(job) or a_job()
    JobItem.objects.create(firm=job_.firm, job=job_, position=1, key=key, **fields)


def tried_again(shared: dict[str, Any], *, first: str) -> None:
    job = shared[first] = shared.get(first) or a_job()
    Job.objects.create(firm=job.firm, kind="demo", title="Demo", again_of=job)


WORK = {
    "firms_job.again_of_id": once(
        tried_again,
        twice=[{"first": "one"}] * 2,
        apart=[{"first": "one"}, {"first": "two"}],
        columns="again_of_id",
    ),
    "job_cancelled_is_ended": check(
        a_job,
        refused=[{"cancelled_at": NOW}],
        accepted=[{"cancelled_at": NOW, "ended_at": NOW}, {"ended_at": NOW}, {}],
    ),
    "job_item_once": once(
        an_item,
        twice=[{}, {}],
        apart=[{}, {"job": "two"}, {"key": OTHER_KEY}],
        columns="firms_jobitem.job_id, firms_jobitem.key",
    ),
    "job_item_state_known": check(
        an_item,
        refused=[{"state": state, "done_at": NOW} for state in ("", "WAITING", "halfway")],
        accepted=[{"state": "waiting"}, {"state": "failed", "done_at": NOW}],
    ),
    "job_item_done_has_time": check(
        an_item,
        refused=[
            {"state": "waiting", "done_at": NOW},
            {"state": "done"},
            {"state": "failed"},
        ],
        accepted=[
            {"state": "waiting"},
            {"state": "done", "done_at": NOW},
            {"state": "failed", "done_at": NOW - timedelta(days=9)},
        ],
    ),
}

# -- A firm's own models -----------------------------------------------------------------------------------


def a_draft(name: str) -> None:
    ModelDraft.objects.create(firm=FirmFactory(), name=name, mixes={}, changed_by="demo")


def a_version(
    shared: dict[str, Any] | None = None,
    *,
    firm: str = "here",
    number: int = 1,
    name: str = "Demo",
) -> PublishedModels:
    shared = {} if shared is None else shared
    firm_ = shared[firm] = shared.get(firm) or FirmFactory()
    return PublishedModels.objects.create(firm=firm_, number=number, name=name, published_by="demo")


def a_mix(
    shared: dict[str, Any] | None = None,
    *,
    of: str = "one",
    label: str = "moderate",
    **parts: int,
) -> None:
    shared = {} if shared is None else shared
    version = shared[of] = shared.get(of) or a_version()
    parts = parts or {"cash": WHOLE}
    ModelMix.objects.create(firm=version.firm, published=version, label=label, **parts)


MODELS = {
    "model_draft_has_a_name": check(a_draft, refused=[{"name": ""}], accepted=[{"name": "x"}]),
    "models_have_a_name": check(a_version, refused=[{"name": ""}], accepted=[{"name": "x"}]),
    "models_number_once": once(
        a_version,
        twice=[{}, {}],
        apart=[{}, {"number": 2}, {"firm": "elsewhere"}],
        columns="questionnaire_publishedmodels.firm_id, questionnaire_publishedmodels.number",
    ),
    "models_number_from_one": check(
        a_version, refused=[{"number": 0}], accepted=[{"number": 1}, {"number": 2**31 - 1}]
    ),
    "model_mix_once_per_label": once(
        a_mix,
        twice=[{}, {}],
        apart=[{}, {"label": "aggressive"}, {"of": "two"}],
        columns="questionnaire_modelmix.published_id, questionnaire_modelmix.label",
    ),
    "model_mix_label_known": check(
        a_mix,
        refused=[{"label": label} for label in ("", "Moderate", "reckless")],
        accepted=[{"label": label.value} for label in RiskLabel],
    ),
    "model_mix_adds_up": check(
        a_mix,
        refused=[{"cash": WHOLE - 1}, {"cash": WHOLE, "gold": 1}, {"cash": 0}],
        accepted=[{"gold": WHOLE}, {"cash": WHOLE - 1, "tips": 1}],
    ),
}

# -- Notes -------------------------------------------------------------------------------------------------


def a_note(text: str) -> None:
    Note.objects.create(**of_client(text=text, written_by="demo"))


KEPT = {
    "note_says_something": check(a_note, refused=[{"text": ""}], accepted=[{"text": "x"}]),
}

LIMITS: dict[str, Limit] = {**WORK, **MODELS, **KEPT}
