"""Work on many things: what there is, how far it is, stopping it and going on."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from riskalloc.firms.access import signed_in
from riskalloc.firms.audit import by_of
from riskalloc.firms.jobs_display import (
    PER_PAGE,
    items_page,
    kind_to_try,
    progress_of,
    retry_of,
)
from riskalloc.firms.letters import wait_to_write
from riskalloc.firms.models import Job
from riskalloc.firms.services.jobs import cancel_job, resume_job, try_again
from riskalloc.web.errors import too_many
from riskalloc.web.fragments import go_to, page_or_fragment


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """What people started, or what RiskAlloc does by itself."""
    is_automatic = request.GET.get("automatic") == "1"
    jobs = Job.objects.visible_to(request.user).filter(made_by__isnull=is_automatic)
    newest_first = jobs.select_related("made_by", "firm").order_by("-created_at", "pk")
    page = Paginator(newest_first, PER_PAGE).get_page(request.GET.get("page"))
    progress = progress_of(page)
    context = {
        "page": page,
        "rows": [(job, progress[job.pk]) for job in page],
        "is_automatic": is_automatic,
    }
    return render(request, "firms/jobs.html", context)


@require_GET
@signed_in
def show(request: HttpRequest, job_id: UUID) -> HttpResponse:
    job = job_of(request, job_id)
    progress = progress_of([job])[job.pk]
    asked, after = request.GET.get("show", ""), request.GET.get("after", "")
    context = {
        "job": job,
        "progress": progress,
        "asked": asked,
        "listed": items_page(job, progress, asked, after, request.user),
        "retry": retry_of(job, progress, request.user),
        "is_told": request.GET.get("told", str(progress.told)) != str(progress.told),
    }
    fragments = {"job-progress": "firms/_job.html"}
    return page_or_fragment(request, "firms/job.html", context, fragments=fragments)


@require_POST
@signed_in
def cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    cancel_job(job=job_of(request, job_id), by=by_of(request))
    return go_to("job", job_id=job_id)


@require_POST
@signed_in
def resume(request: HttpRequest, job_id: UUID) -> HttpResponse:
    resume_job(job=job_of(request, job_id), by=by_of(request))
    return go_to("job", job_id=job_id)


@require_POST
@signed_in
def again(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """What was not done, tried again by whoever may start such work."""
    job = job_of(request, job_id)
    kind = kind_to_try(job, request.user)
    if kind is None:
        raise Http404
    if kind.writes_letters and (wait := wait_to_write(request)):
        return too_many(request, wait)
    tried = try_again(job=job, by=by_of(request)) or job
    # Where somebody else was faster, it may not be theirs to watch; the page of this one says so.
    is_seen = Job.objects.visible_to(request.user).filter(pk=tried.pk).exists()
    return go_to("job", job_id=tried.pk if is_seen else job_id)


def job_of(request: HttpRequest, job_id: UUID) -> Job:
    jobs = Job.objects.visible_to(request.user).select_related("made_by", "firm")
    return get_object_or_404(jobs, pk=job_id)
