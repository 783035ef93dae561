"""What an advisor writes down about a client: meetings, and notes for the desk."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from questionnaire.forms.reviewing import NoteForm, ReviewForm
from questionnaire.models import ClientProfile, Note
from questionnaire.services.reviewing import NothingToReview, mark_reviewed, write_note
from questionnaire.views.clients import by_for
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import go_to

PER_PAGE = 20


@require_http_methods(["GET", "POST"])
@signed_in
def review(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """That everything was looked at together."""
    managed = ClientProfile.objects.managed_by(request.user).active().select_related("firm")
    client = get_object_or_404(managed, pk=client_id)
    form = ReviewForm(request.POST) if request.method == "POST" else ReviewForm.of_today()
    if request.method == "POST" and form.is_valid():
        try:
            mark_reviewed(
                client=client,
                review_id=form.cleaned_data["id"],
                held_on=form.cleaned_data["held_on"],
                summary=form.cleaned_data["summary"],
                by=by_for(request, client),
            )
            return go_to("client", client_id=client.pk)
        except NothingToReview:
            say = _("Nothing had been calculated by that day. Enter a later one.")
            form.add_error("held_on", say)
    status = 422 if request.method == "POST" else 200
    context = {"client": client, "form": form}
    return render(request, "questionnaire/review.html", context, status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def notes(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """All that the desk has noted, the newest first, and a form for one more."""
    is_post = request.method == "POST"
    found = ClientProfile.objects.at_the_desk_of(request.user)
    if is_post:
        found = ClientProfile.objects.managed_by(request.user).active()
    client = get_object_or_404(found.select_related("firm"), pk=client_id)
    form = NoteForm(request.POST) if is_post else NoteForm()
    if is_post and form.is_valid():
        write_note(
            client=client,
            note_id=form.cleaned_data["id"],
            text=form.cleaned_data["text"],
            by=by_for(request, client),
        )
        return go_to("client_notes", client_id=client.pk)
    written = Note.objects.visible_to(request.user).filter(client=client)
    page = Paginator(written.order_by("-written_at", "pk"), PER_PAGE)
    context = {
        "client": client,
        "form": form,
        "page": page.get_page(request.GET.get("page")),
        "can_write": client.is_managed and not client.is_archived,
    }
    return render(request, "questionnaire/notes.html", context, status=422 if is_post else 200)
